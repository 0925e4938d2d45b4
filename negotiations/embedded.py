"""The PostgreSQL that comes along when no DATABASE_URL is set."""

from __future__ import annotations
