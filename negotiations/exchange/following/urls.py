"""Addresses of feeds and calendars beside the pages, and of following by e-mail."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.following import calendars, feeds, pages

# Beside each page that can be followed: its feed; beside those that have dates: its calendar
PLURALS = {
    "process": "processes/<slug:slug>",
    "meeting": "meetings/<slug:slug>",
    "person": "people/<slug:slug>",
    "party": "parties/<slug:slug>",
    "topic": "topics/<slug:slug>",
    "question": "questions/<slug:slug>",
    "action": "actions/<int:pk>",
}
urlpatterns = [
    path(f"{here}.atom", feeds.record_feed, {"kind": kind}, name=f"{kind}-atom")
    for kind, here in PLURALS.items()
]
urlpatterns += [
    path(f"{PLURALS[kind]}.ics", calendars.record_calendar, {"kind": kind}, name=f"{kind}-ics")
    for kind in ("process", "meeting", "party", "action")
]
urlpatterns += [path("calendar.ics", calendars.whole_calendar, name="calendar")]

# /follow/
urlpatterns += [
    path("follow/", pages.follow, name="follow"),
    path("follow/asked/", pages.asked, name="follow-asked"),
    path("follow/confirm/<str:token>/", pages.confirm, name="follow-confirm"),
    path("follow/manage/<str:token>/", pages.manage, name="follow-manage"),
    path("follow/stop/<str:token>/", pages.stop, name="follow-stop"),
]
