"""What a reader may ask for."""

from __future__ import annotations

urlpatterns: list = []
