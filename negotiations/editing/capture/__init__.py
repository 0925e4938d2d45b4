"""How a source's text comes in: pasted, from a file or from the web, read as text and sealed."""
