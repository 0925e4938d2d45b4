"""Beside each record's page: its citation as a file for reference managers."""
