"""For assistants: a read-only Model Context Protocol endpoint, so that they quote with sources."""
