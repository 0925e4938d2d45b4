"""Where a web server finds the application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from negotiations.pages.freshness import BeforeDjango

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")

# Milliseconds that one SQL statement of a public page may take. Commands have no such bound.
LONGEST = 3000
for _database in settings.DATABASES.values():
    _options = _database["OPTIONS"]
    # A pooler refuses such an option; there it is the pooler that sets it (docs/replicas.md).
    if not settings.POOLED:
        _options["options"] = (
            f"{_options.get('options', '')} -c statement_timeout={LONGEST}".strip()
        )

application = BeforeDjango(get_wsgi_application())
