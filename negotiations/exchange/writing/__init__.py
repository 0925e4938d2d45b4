"""Drafts from editors' tools: by token, once for each key, never published."""
