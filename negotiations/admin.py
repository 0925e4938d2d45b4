"""Where Django looks for the editors' desk."""

from __future__ import annotations

from negotiations.editing import desk  # noqa: F401
from negotiations.editing.accounts import tools  # noqa: F401
