"""The door that a WSGI server (granian) knocks at."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")

application = get_wsgi_application()
