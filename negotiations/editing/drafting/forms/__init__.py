"""The forms of the desk page: one for each kind of draft, opened with what the passage tells."""

from __future__ import annotations

from negotiations.editing.drafting.forms.actions import ActionForm, FollowUpForm, OpenMatterForm
from negotiations.editing.drafting.forms.base import DraftForm
from negotiations.editing.drafting.forms.meetings import MeetingForm, TopicsForm
from negotiations.editing.drafting.forms.people import PersonForm
from negotiations.editing.drafting.forms.statements import PositionForm, StatementForm

__all__ = ["FORMS", "DraftForm"]

FORMS: dict[str, type[DraftForm]] = {
    form.kind: form
    for form in (
        StatementForm,
        ActionForm,
        OpenMatterForm,
        PositionForm,
        FollowUpForm,
        PersonForm,
        MeetingForm,
        TopicsForm,
    )
}
