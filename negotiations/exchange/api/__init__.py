"""The API: every public record, list and search as JSON, by the same questions as the pages."""
