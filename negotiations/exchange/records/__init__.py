"""Each public kind of record, described once: API, data beside pages, downloads and schemas read it here."""
