"""Who is in the demonstration: parties, their bodies and people, with names that nobody bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

# Slug, name, short name, kind, mark, and the language that its people speak if not English.
PARTIES = (
    ("vantorra", "Republic of Vantorra", "Vantorra", "state", "circle", ""),
    ("bresk", "Breskian Federation", "Bresk", "state", "square", "ru"),
    ("upper-zanthe", "Upper Zanthe", "", "state", "triangle", ""),
    ("lower-zanthe", "Lower Zanthe", "", "state", "diamond", ""),
    ("osmeria", "Kingdom of Osmeria", "Osmeria", "state", "hexagon", "ar"),
    ("quillmark", "Quillmark", "", "state", "cross", ""),
    ("tarnovy", "Tarnovy Isles", "", "state", "star", "ru"),
    ("galdria", "Galdria", "", "state", "half", ""),
    ("pellucian-union", "Pellucian Union", "PU", "alliance", "circle", ""),
    ("marsh-front", "Free Front of the Marsh", "Marsh Front", "armed_group", "square", ""),
    ("reed-guard", "Reed Guard of Oon", "Reed Guard", "armed_group", "triangle", ""),
    ("straits-council", "Council of the Nine Straits", "Straits Council", "organisation", "diamond", ""),
)  # fmt: skip
BODIES = (
    ("vantorra-foreign-office", "Vantorran Foreign Office", "vantorra"),
    ("bresk-harbour-board", "Breskian Harbour Board", "bresk"),
    ("osmeria-royal-chancery", "Royal Chancery of Osmeria", "osmeria"),
    ("galdria-salt-board", "Galdrian Salt Board", "galdria"),
)
OFFICES = (
    "Foreign Minister", "Chief negotiator", "Special envoy", "Deputy Minister of Waters", "Ambassador at large",
    "Head of the legal department", "Spokesperson", "Adviser to the delegation",
)  # fmt: skip
PLACES = (
    "Halcyra, Quillmark", "Port Emmerel, Tarnovy Isles", "Vossendeep, Galdria", "Mirrow Bridge, Upper Zanthe",
    "Saint Oblique, Quillmark", "Lissenmouth, Lower Zanthe",
)  # fmt: skip
FIRST = ("Il", "Thes", "Kae", "Brin", "Yva", "Odri", "Maru", "Zel", "Tov", "Issa", "Perri", "Ulm", "Quo", "Vexa", "Drei", "Oma")  # fmt: skip
FIRST_END = ("vo", "sa", "lun", "ne", "rik", "mee", "dor", "tya")
LAST = ("Quarn", "Vossel", "Umbri", "Threnn", "Zhakk", "Ollow", "Pyrre", "Drusk", "Ixen", "Wraith", "Fennu", "Gorsa")  # fmt: skip
LAST_END = ("esh", "mark", "dane", "ovic", "aly", "wyn", "osk", "ith")


def people(rng: random.Random, number: int) -> list[str]:
    """So many different names."""
    names: dict[str, None] = {}
    while len(names) < number:
        first = rng.choice(FIRST) + rng.choice(FIRST_END)
        names[f"{first} {rng.choice(LAST)}{rng.choice(LAST_END)}"] = None
    return list(names)
