"""A site on several machines, played on one: its parts are killed in turn while it is read and written."""
