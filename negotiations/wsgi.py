"""Where a web server finds the application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from negotiations.operating import tracing
from negotiations.operating.requests import Watched
from negotiations.pages.freshness import BeforeDjango

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")

# Milliseconds that one SQL statement of a public page may take. Commands have no such bound.
LONGEST = 3000
_options = settings.DATABASES["default"]["OPTIONS"]
_options["options"] = f"{_options.get('options', '')} -c statement_timeout={LONGEST}".strip()

application = Watched(BeforeDjango(get_wsgi_application()))
tracing.start()
