"""The records and their rules. This room knows no other."""

from __future__ import annotations

from negotiations.models.actions import (
    Account,
    Action,
    ActionParty,
    ActionTopic,
    OpenMatter,
    Progress,
)
from negotiations.models.corrections import Correction
from negotiations.models.dates import Precision, VagueDate, VagueDateField
from negotiations.models.drafting import Dismissal, SectionTopic, Workplace
from negotiations.models.following import Follower, Letter, Subscription
from negotiations.models.importing import ImportFile, ImportKey
from negotiations.models.meetings import Delegate, Delegation, Meeting
from negotiations.models.merges import Merge, NotTheSame, merged_into
from negotiations.models.parties import Mark, Party, Process, ProcessParty
from negotiations.models.people import Appointment, Person
from negotiations.models.records import FormerSlug, Record, record_models
from negotiations.models.review import ReviewNote, Withdrawal
from negotiations.models.sources import Capture, Citation, Source
from negotiations.models.statements import Position, Statement, StatementTopic
from negotiations.models.tokens import Scope, SentDraft, Token
from negotiations.models.topics import Question, Topic
from negotiations.models.users import Invitation, User
from negotiations.models.visibility import Status

__all__ = [
    "Account",
    "Action",
    "ActionParty",
    "ActionTopic",
    "Appointment",
    "Capture",
    "Citation",
    "Correction",
    "Delegate",
    "Delegation",
    "Dismissal",
    "Follower",
    "FormerSlug",
    "ImportFile",
    "ImportKey",
    "Invitation",
    "Letter",
    "Mark",
    "Meeting",
    "Merge",
    "NotTheSame",
    "OpenMatter",
    "Party",
    "Person",
    "Position",
    "Precision",
    "Process",
    "ProcessParty",
    "Progress",
    "Question",
    "Record",
    "ReviewNote",
    "Scope",
    "SectionTopic",
    "SentDraft",
    "Source",
    "Statement",
    "StatementTopic",
    "Status",
    "Subscription",
    "Token",
    "Topic",
    "User",
    "VagueDate",
    "VagueDateField",
    "Withdrawal",
    "Workplace",
    "merged_into",
    "record_models",
]
