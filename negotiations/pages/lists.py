"""What lists share."""

from __future__ import annotations

PER_PAGE = 30
