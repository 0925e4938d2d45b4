"""Where a web server finds the application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from negotiations import outage
from negotiations.operating import tracing
from negotiations.operating.requests import Watched
from negotiations.pages.freshness import BeforeDjango
from negotiations.shedding import Shedding

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")

# Milliseconds that one SQL statement of a public page may take. Commands have no such bound.
LONGEST = 3000
for _database in settings.DATABASES.values():
    _options = _database["OPTIONS"]
    # A pooler refuses such an option; there it is the pooler that sets it (docs/replicas.md).
    if not settings.POOLED:
        _options["options"] = (
            f"{_options.get('options', '')} -c statement_timeout={LONGEST}"
            # What is prepared (`search.trips.prepared`) is planned once, not anew for its values.
            " -c plan_cache_mode=force_generic_plan"
        ).strip()
    # Nor does a page wait long for a database that is down, hangs, or has no connection left.
    _options.setdefault("connect_timeout", outage.CONNECTING)
    if "pool" in _options:
        _options["pool"] |= {
            "timeout": 2,
            "reconnect_timeout": 1,
            "connection_class": outage.BoundedConnection,
            "check": outage.still_open,
        }

application = Watched(BeforeDjango(Shedding(get_wsgi_application())))
tracing.start()
