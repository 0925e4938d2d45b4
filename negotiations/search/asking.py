"""What a reader asks for: query, filters, order and place, as one object made from an address.

Pages, feeds and downloads take the very same object, so none of them forgets a filter.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from negotiations.languages import gettext, gettext_noop, grouped, pgettext
from negotiations.models import VagueDate
from negotiations.models.visibility import DEMONSTRATION, asks_for_demonstration
from negotiations.search import demonstration, language
from negotiations.search.entries import FIXED, Dimension, Kind, fixed_value, lexeme
from negotiations.search.trips import array, prepared

if TYPE_CHECKING:
    from django.http import QueryDict

# The dimensions that a filter of the address names, by its parameter; several values each.
FILTERS = {
    "party": Dimension.PARTY,
    "person": Dimension.PERSON,
    "topic": Dimension.TOPIC,
    "year": Dimension.YEAR,
    "form": Dimension.FORM,
    "process": Dimension.PROCESS,
    "publisher": Dimension.PUBLISHER,
    "meeting": Dimension.MEETING,
    "status": Dimension.STATUS,
    "account": Dimension.ACCOUNT,
    "kind": Dimension.ACTION_KIND,
}
NAMED = {
    Dimension.PARTY: Kind.PARTY,
    Dimension.PERSON: Kind.PERSON,
    Dimension.TOPIC: Kind.TOPIC,
    Dimension.PROCESS: Kind.PROCESS,
    Dimension.MEETING: Kind.MEETING,
}
KINDS = {
    "statements": Kind.STATEMENT,
    "actions": Kind.ACTION,
    "meetings": Kind.MEETING,
    "people": Kind.PERSON,
    "parties": Kind.PARTY,
    "topics": Kind.TOPIC,
    "questions": Kind.QUESTION,
    "open-matters": Kind.OPEN_MATTER,
    "processes": Kind.PROCESS,
}
SORTS = ("relevance", "newest", "oldest")
DUE = (gettext_noop("dated"), gettext_noop("overdue"), gettext_noop("none"))
MOST_VALUES = 50
MOST_NAMES = 20  # a word that more names hold does not stand for them
Condition = tuple[str, list[Any]]  # SQL of the index's rows, and its values
MATCHES = "vector @@ %s::tsquery"
CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{1,18})")


class Refused(ValueError):
    """The address can't be answered; the message says what to change."""


class NotThere(Refused):
    """A filter names what is not there."""


class AtOdds(Refused):
    """Two parameters, each of which could be answered, contradict each other."""


@dataclass
class Ask:
    """A search, read from an address; `tsquery` and the rest are filled by `resolve()`."""

    text: str = ""
    kind: Kind | None = None
    chosen: dict[str, list[str]] = field(default_factory=dict)
    since: VagueDate | None = None
    until: VagueDate | None = None
    due: str = ""
    demonstration: bool = False  # demonstration data only; else real records only
    sort: str = "relevance"
    page: int = 1
    size: int = 0  # records on a page; 0: as many as our pages show
    after: tuple[dt.date, int] | None = None
    fixed_kind: bool = False
    problems: list[str] = field(default_factory=list)

    # Filled by resolve().
    codes: dict[str, list[int]] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    words: str = ""  # the tsquery of the text alone; what the order goes by
    marks: str = ""  # the words to be marked in snippets
    any_words: str = ""  # the text with "or" between its parts
    parts: int = 0
    speakers: str = ""  # the codes of the people whom the words name
    has_phrase: bool = False
    kept_apart: str = ""  # the tsquery's part that sees to that
    conditions: list[Condition] = field(default_factory=list)

    @classmethod
    def from_address(cls, query: QueryDict, kind: Kind | None = None) -> Ask:
        """Read an address; `kind` for a page that holds one kind only.

        Raises:
            Refused: with a sentence.
        """
        ask = cls(kind=kind, fixed_kind=kind is not None)
        ask.text = " ".join(query.get("q", "").split())
        if len(ask.text) > language.LONGEST:
            raise Refused(
                gettext(
                    "That is too long to search for. Use {language} characters or fewer."
                ).format(language=grouped(language.LONGEST))
            )
        if kind is None and (asked := query.get("in")):
            if asked not in KINDS:
                raise Refused(gettext("“in” is one of {value}.").format(value=", ".join(KINDS)))
            ask.kind = KINDS[asked]
        for name in FILTERS:
            values = list(dict.fromkeys(v for v in query.getlist(name) if v))
            if len(values) > MOST_VALUES:
                raise Refused(
                    gettext("Choose at most {value} values of “{name}”.").format(
                        value=MOST_VALUES, name=name
                    )
                )
            if values:
                ask.chosen[name] = values
        ask.since, ask.until = _date(query, "from"), _date(query, "to")
        ask.due = query.get("due", "")
        if ask.due and (ask.due not in DUE or kind != Kind.ACTION):
            raise Refused(gettext("“due” is one of dated, overdue, none, and is for actions."))
        try:
            ask.demonstration = asks_for_demonstration(query.get("data", ""))
        except ValueError as error:
            raise Refused(str(error)) from error
        ask.demonstration |= any(
            demonstration.is_demonstration(value)
            for name, values in ask.chosen.items()
            if FILTERS[name] in NAMED
            for value in values
        )
        ask._read_order(query)
        ask.resolve()
        return ask

    def _read_order(self, query: QueryDict) -> None:
        default = "relevance" if self.text else "newest"
        self.sort = query.get("sort") or default
        if self.sort not in SORTS:
            raise Refused(gettext("“sort” is one of {value}.").format(value=", ".join(SORTS)))
        if not self.text and self.sort == "relevance":
            self.sort = "newest"
        page = query.get("page") or "1"
        if not (page.isascii() and page.isdigit() and 1 <= int(page[:9]) <= 1000 and len(page) < 9):
            raise Refused(
                gettext("“page” is a number from 1 to 1000. Take it out to begin at the first.")
            )
        self.page = int(page)
        if after := query.get("after"):
            match = CURSOR.fullmatch(after)
            try:
                self.after = (dt.date.fromisoformat(match[1]), int(match[2])) if match else None
            except ValueError:
                self.after = None
            if not self.after:
                raise Refused(gettext("“after” can't be read. Take it out to begin at the first."))
            if self.sort == "relevance":
                raise AtOdds(gettext("“after” goes with sort=newest or sort=oldest."))

    # --- Resolving names and words, in one way to the database ---

    def resolve(self) -> None:
        """Look up names, and have the database read the words.

        Raises:
            Refused: for a filter that names nobody.
        """
        asked = language.read(self.text)
        self.problems += asked.problems
        terms = self._read_names_and_terms(asked)
        groups: list[list[str]] = []
        marks: list[str] = []
        for group in asked.groups:
            if len(group) > 1:
                for atom in group:
                    terms[atom]["filler"] = False
            if parts := [part for atom in group if (part := self._part(atom, terms, marks))]:
                groups.append(parts)
        together = [parts[0] if len(parts) == 1 else f"({' | '.join(parts)})" for parts in groups]
        self.words = " & ".join(together)
        positive = [part for part in together if not part.startswith("!")]
        self.any_words = f"({' | '.join(positive)})" if len(positive) > 1 else ""
        self.parts = len(positive)
        self.marks = " | ".join(marks)
        if self.until:
            self.conditions.append(("date_from <= %s", [self.until.last]))
        if self.since:
            self.conditions.append(("date_until >= %s", [self.since.first]))
        if self.due:
            self.conditions.append(_due(self.due))

    def _read_names_and_terms(self, asked: language.Asked) -> dict[language.Atom, dict[str, Any]]:
        wanted = [
            (NAMED[FILTERS[name]], slug)
            for name, slugs in self.chosen.items()
            if FILTERS[name] in NAMED
            for slug in slugs
        ]
        publishers = self.chosen.get("publisher", [])
        atoms = list(dict.fromkeys(asked.atoms()))
        kinds, slugs = [kind for kind, _ in wanted], [slug for _, slug in wanted]
        values = [kinds, slugs, publishers, *_atoms_as_values(atoms)]
        rows = prepared(ASKED, values).fetchall()
        records = [row[:4] for row in rows if row[0] is not None]
        named = {(kind, slug): (pk, name) for kind, slug, pk, name in records}
        roots = [(-kind, pk) for kind, _, pk, _ in records if kind < 0]
        terms = _terms(atoms, [row[1:] for row in rows if row[0] is None])
        self.kept_apart = demonstration.part(roots, wanted=self.demonstration)
        for name, values in self.chosen.items():
            self.codes[name] = [self._value(name, value, named) for value in values]
        return terms

    def _value(self, name: str, value: str, found: dict[tuple[int, str], tuple[int, str]]) -> int:
        dimension = FILTERS[name]
        if dimension in NAMED or dimension == Dimension.PUBLISHER:
            hit = found.get((NAMED.get(dimension, 0), value))
            if not hit:
                raise NotThere(
                    gettext("No {name} has the address “{value}”. Choose one of the list.").format(
                        name=pgettext("kind of record", name), value=value[:100]
                    )
                )
            number, self.names[name, value] = hit
        elif dimension == Dimension.YEAR:
            if not re.fullmatch(r"[12][0-9]{3}", value):
                raise Refused(gettext("“year” is a year of four digits, such as 2025."))
            number, self.names[name, value] = int(value), value
        else:
            place = fixed_value(dimension, value)
            if place is None:
                raise Refused(
                    gettext("“{name}” is one of {dimension}.").format(
                        name=name, dimension=", ".join(FIXED[dimension])
                    )
                )
            number, self.names[name, value] = place, value.replace("_", " ")
        return number

    def _part(
        self, atom: language.Atom, terms: dict[language.Atom, dict[str, Any]], marks: list[str]
    ) -> str:
        term = terms[atom]
        if atom.kind == "field":
            part = self._field(atom, term["names"])
        else:
            if term["filler"] or not term["query"]:
                return ""
            self.has_phrase |= "<" in term["query"]
            options = [term["query"]]
            if atom.kind == "prefix":
                options += _stems(atom.text)
            if not atom.negated:
                marks.extend(f"({option})" for option in options)
                if atom.kind == "word" and len(term["names"]) <= MOST_NAMES:
                    options += [_lexeme_of(entry) for entry in term["names"]]
                    people = [_lexeme_of(e) for e in term["names"] if e % 16 == Kind.PERSON]
                    self.speakers = " | ".join([*filter(None, [self.speakers]), *people])
            part = f"({' | '.join(options)})"
        return f"!{part}" if part and atom.negated else part

    def _field(self, atom: language.Atom, names: list[int]) -> str:
        name, value = atom.field, atom.text
        if name in ("before", "after"):
            return self._date_field(atom)
        if name == "publisher":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id FROM negotiations_searchpublisher WHERE lower(name) = lower(%s)",
                    [value],
                )
                options = [lexeme(Dimension.PUBLISHER, pk) for (pk,) in cursor.fetchall()]
        elif (dimension := {**FILTERS, "has": Dimension.HAS}.get(name)) in FIXED:
            place = fixed_value(dimension, value.lower().replace(" ", "_"))
            if place is None:
                words = ", ".join(FIXED[dimension])
                self.problems.append(
                    gettext("“{name}:{value}” is not known. “{name}:” is one of {words}.").format(
                        name=name, value=value, words=words
                    )
                )
                return ""
            options = [lexeme(dimension, place)]
        else:
            options = [_lexeme_of(entry) for entry in names]
        if not options:
            what = {"speaker": "person"}.get(name, name)
            what = pgettext("kind of record", what)
            self.problems.append(
                gettext("No {what} is called “{value}”, so “{name}:” was left out.").format(
                    what=what, value=value, name=name
                )
            )
            return ""
        return f"({' | '.join(options)})"

    def _date_field(self, atom: language.Atom) -> str:
        try:
            date = VagueDate.parse(atom.text)
        except ValueError:
            self.problems.append(
                gettext(
                    "“{field}:{text}” is not a date. Write a year, month or day: {field}:2025, "
                    "{field}:2025-03, {field}:2025-03-18."
                ).format(field=atom.field, text=atom.text)
            )
            return ""
        # A vague date is kept where it may lie before (after): "2025" may be before March 2025.
        sql, day = {
            ("before", False): ("date_from < %s", date.first),
            ("before", True): ("date_until >= %s", date.first),
            ("after", False): ("date_until > %s", date.last),
            ("after", True): ("date_from <= %s", date.last),
        }[atom.field, atom.negated]
        self.conditions.append((sql, [day]))
        return ""

    @property
    def per_page(self) -> int:
        return self.size or (10 if self.text else 20)

    # --- For the query ---

    def filters(self, without: str = "") -> list[str]:
        """The tsquery's parts for the filters, but one."""
        return [
            f"({' | '.join(lexeme(FILTERS[name], n) for n in numbers)})"
            for name, numbers in self.codes.items()
            if name != without
        ]

    def matching(self, without: str = "", words: str | None = None) -> Condition:
        """SQL for the words and filters, but one, and its values; dates are `conditions` apart.

        That a record is a statement is no part of the tsquery where anything else is: most are, and
        to go through all of them in the index takes longer than to look at the matches.
        """
        words = self.words if words is None else words
        filters = self.filters(without)
        parts = [part for part in (words, *filters, self.kept_apart) if part]
        # By more than what it is not.
        narrowed = bool(filters or (words and self.parts) or self.demonstration)
        kind, conditions = None if without == "in" else self.kind, []
        if kind == Kind.STATEMENT and (narrowed or not parts):
            conditions.append(f"kind = {kind}")
        elif kind:
            parts.append(lexeme(Dimension.KIND, kind))
        elif parts and not narrowed:
            parts.append(f"({' | '.join(lexeme(Dimension.KIND, each) for each in Kind)})")
        if parts:
            conditions.insert(0, MATCHES)
        return " AND ".join(conditions) or "true", [" & ".join(parts)] if parts else []

    # --- For the page ---

    @property
    def kind_asked(self) -> str:
        """The kind of record that is asked for, as addresses name it."""
        return next((name for name, kind in KINDS.items() if kind == self.kind), "")

    def address(self, **changes: Any) -> str:
        """The query string of this search with some parameters changed (None takes one out).

        Without `page` or `after` among the changes it leads to the first page.
        """
        state: dict[str, Any] = {"q": self.text or None}
        if not self.fixed_kind and self.kind:
            state["in"] = self.kind_asked
        state |= self.chosen
        state |= {"from": self.since and self.since.iso, "to": self.until and self.until.iso}
        state["due"] = self.due or None
        state["data"] = DEMONSTRATION if self.demonstration else None
        if self.sort != ("relevance" if self.text else "newest"):
            state["sort"] = self.sort
        state |= changes
        pairs = [(name, value) for name, value in state.items() if value]
        return urlencode(pairs, doseq=True)

    def chips(self) -> list[tuple[str, str]]:
        """Each chosen filter in words, with the query string that takes it away."""
        made = []
        for name, values in self.chosen.items():
            for value in values:
                rest = [other for other in values if other != value]
                label = f"{FILTERS[name].label}: {self.names[name, value]}"
                made.append((label, self.address(**{name: rest})))
        for name, date in (("from", self.since), ("to", self.until)):
            if date:
                label = gettext("From {date}") if name == "from" else gettext("To {date}")
                made.append((label.format(date=date), self.address(**{name: None})))
        if self.due:
            made.append(
                (gettext("Due: {due}").format(due=gettext(self.due)), self.address(due=None))
            )
        if self.demonstration:
            real = {
                name: [v for v in values if not demonstration.is_demonstration(v)]
                for name, values in self.chosen.items()
            }
            made.append((gettext("Demonstration data only"), self.address(data=None, **real)))
        return made


DIMENSION_OF: dict[int, Dimension] = {kind: dimension for dimension, kind in NAMED.items()}

# Whom the filters name; told apart by a negative kind, the roots of demonstration data; and without a
# kind what each word is: its tsquery, place, whether it says nothing, and the names it stands for.
ASKED = f"""
SELECT n.kind::integer, n.slug, n.record_id, n.name, NULL::bigint[] FROM negotiations_searchname n
  JOIN unnest(%s::smallint[], %s::text[]) w(kind, slug) USING (kind, slug)
UNION ALL SELECT 0, name, id, name, NULL FROM negotiations_searchpublisher WHERE name = ANY (%s)
UNION ALL SELECT -dimension, '', id, '', NULL FROM ({demonstration.ROOTS}) root(dimension, id)
UNION ALL SELECT NULL, CASE t.way
    WHEN 'prefix' THEN (to_tsquery('readout_en', q.quoted) || to_tsquery('readout_any', q.quoted))::text
    WHEN 'field' THEN '' ELSE readout_term(t.w)::text END,
  t.i, CASE WHEN t.way = 'word' AND readout_is_filler(t.w) THEN 'filler' END,
  CASE WHEN t.way IN ('word', 'field') THEN ARRAY(
    SELECT n.id FROM negotiations_searchname n
      WHERE n.kind = ANY (t.kinds::smallint[])
        AND (n.vector @@ readout_term(t.w) OR (t.way = 'field' AND n.slug = lower(t.w)))
      LIMIT 51) END
FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY t(w, way, kinds, i),
LATERAL (SELECT '''' || translate(readout_plain(t.w), '''\\', '  ') || ''':*' AS quoted) q
"""


def _atoms_as_values(atoms: list[language.Atom]) -> list[Any]:
    kinds, texts, ways = [], [], []
    for atom in atoms:
        kind = {"speaker": Kind.PERSON}.get(atom.field) or (
            NAMED.get(FILTERS[atom.field]) if atom.field in FILTERS else None
        )
        kinds.append(array([kind] if kind else [3, 4, 5, 6]))
        texts.append(atom.text.rstrip("*") or atom.text)
        ways.append(atom.kind)
    return [texts, ways, kinds]


def _terms(
    atoms: list[language.Atom], rows: list[tuple[Any, ...]]
) -> dict[language.Atom, dict[str, Any]]:
    """What the database makes of each atom: its tsquery, and the names that it stands for."""
    terms = {
        atoms[place - 1]: {"query": query, "filler": bool(filler), "names": names or []}
        for query, place, filler, names in rows
    }
    plain = [a for a in atoms if a.kind != "field" and not a.negated]
    if plain and all(terms[a]["filler"] for a in plain):
        for atom in plain:
            terms[atom]["filler"] = False
    return terms


def _lexeme_of(entry: int) -> str:
    """The lexeme for the record of this entry among those that others carry."""
    return lexeme(DIMENSION_OF[entry % 16], entry // 16)


def _stems(prefix: str) -> list[str]:
    """The stems that a word beginning so may have been cut to: "negotiatio*" is indexed as negoti."""
    text = re.sub(r"[^\w]", "", prefix).lower()
    return [f"'{text[:n]}'" for n in range(max(5, len(text) - 5), len(text))]


def _date(query: QueryDict, name: str) -> VagueDate | None:
    text = query.get(name, "").strip()
    try:
        return VagueDate.parse(text) if text else None
    except ValueError as error:
        raise Refused(str(error)) from error


def _due(due: str) -> Condition:
    actions = "record_id IN (SELECT id FROM negotiations_action WHERE {})"
    if due == "none":
        return actions.format("due_from IS NULL"), []
    if due == "dated":
        return actions.format("due_from IS NOT NULL"), []
    ended = " | ".join(
        lexeme(Dimension.STATUS, fixed_value(Dimension.STATUS, state) or 0)
        for state in ("done", "broken_off")
    )
    # The rule is that of insight's outcomes, which installs the function.
    overdue = actions.format("readout_at_latest(due_until, due_precision, due_about) < %s")
    return f"{overdue} AND NOT vector @@ %s::tsquery", [timezone.localdate(), ended]
