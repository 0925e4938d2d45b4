"""Following what Readout knows: feeds, calendars, and digests by e-mail."""
