"""The PA-X peace agreements, as a foreign workbook comes: all rows accounted for, twice the same."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from negotiations.editing.importing.findings import Became, Findings
from negotiations.editing.importing.mapping import Mapping
from negotiations.editing.importing.running import run
from negotiations.models import (
    Action,
    Delegation,
    ImportKey,
    Meeting,
    Party,
    Process,
    Record,
    Source,
    Topic,
    record_models,
)

WORKBOOK = Path(__file__).parents[4] / "shared/data/pax/pax_all_agreements_data.xlsx"
