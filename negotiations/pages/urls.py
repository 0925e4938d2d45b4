"""What a reader may ask for: permanent addresses, readable, holding the whole state of the page."""

from __future__ import annotations

from django.urls import path

from negotiations.addresses import pattern, with_pages
from negotiations.pages import (
    actions,
    changes,
    citing,
    compare,
    home,
    meetings,
    network,
    parties,
    people,
    places,
    report,
    search,
    short,
    sources,
    statements,
    timeline,
    topics,
    tracker,
    versions,
)

# /
urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("data/", home.data, name="data"),
    path("compare/", compare.compare, name="compare"),
    path("changes/", changes.change_list, name="changes"),
    path("favicon.ico", home.favicon, name="favicon"),
    path("robots.txt", home.robots, name="robots"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
]

# /processes/<slug>/ and /meetings/<slug>/
urlpatterns += [
    path("processes/", home.process_list, name="processes"),
    path("processes/<slug:slug>/", home.process_detail, name="process"),
    path("processes/<slug:slug>/timeline/", timeline.process_timeline, name="timeline"),
    path("processes/<slug:slug>/report/", report.report, name="report"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/<slug:slug>/", meetings.meeting_detail, name="meeting"),
]

# /people/<slug>/ and /parties/<slug>/
urlpatterns += [
    path("people/", people.person_list, name="people"),
    path("people/<slug:slug>/", people.person_detail, name="person"),
    path("parties/", parties.party_list, name="parties"),
    path("parties/<slug:slug>/", parties.party_detail, name="party"),
]

# /network/ and /map/
urlpatterns += [
    path("network/", network.who_met_whom, name="network"),
    path("network/<slug:of>/<slug:first>/<slug:second>/", network.shared, name="shared"),
    path("map/", places.meeting_map, name="map"),
]

# /topics/<slug>/ and /questions/<slug>/
urlpatterns += [
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic"),
    path("questions/", topics.question_list, name="questions"),
    path("questions/<slug:slug>/", topics.question_detail, name="question"),
]

# /statements/<id>/, /actions/<id>/ and /sources/<id>/
urlpatterns += [
    path("statements/", search.statement_list, name="statements"),
    path("statements/<int:pk>/", statements.statement_detail, name="statement"),
    path("actions/", search.action_list, name="actions"),
    path("actions/tracker/", tracker.tracker, name="tracker"),
    path("actions/<int:pk>/", actions.action_detail, name="action"),
    path("sources/<int:pk>/", sources.source_detail, name="source"),
]

# /statements/<id>/cite/ and the like: how to cite it
urlpatterns += [
    path(f"{pattern(model)}/cite/", citing.cite, {"kind": kind}, name=f"{kind}-cite")
    for kind, model in with_pages().items()
]

# /statements/<id>/v<number>/ and the like: what is cited stays
urlpatterns += [
    path(
        f"{pattern(model)}/v<int:number>/", versions.version, {"kind": kind}, name=f"{kind}-version"
    )
    for kind, model in with_pages().items()
]

# /<letter>/<id>: the short address to cite
urlpatterns += [path("<slug:letter>/<int:pk>", short.short, name="short")]
