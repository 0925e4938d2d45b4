"""Whole lists to keep, and the data beside each page."""
