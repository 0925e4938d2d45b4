"""The sample records: real meetings, as readable data."""
