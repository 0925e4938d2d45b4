"""The desk page: drafts made passage by passage, beside the captured text."""
