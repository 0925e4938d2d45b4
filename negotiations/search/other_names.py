"""Other names are found like the first one: they came after the index's first SQL."""

from __future__ import annotations

PLACES = (
    (
        "concat_ws(' ', r.name, r.native_name)",
        "concat_ws(' ', r.name, r.native_name, r.other_names)",
    ),
    (
        "readout_plain(concat_ws(' ', r.name, r.short_name, r.native_name))",
        "readout_plain(concat_ws(' ', r.name, r.short_name, r.native_name, r.other_names))",
    ),
    (
        "setweight(to_tsvector('readout_en', readout_plain(r.name)), 'A')\n"
        "    || to_tsvector('readout_en', readout_plain(r.description))\nFROM negotiations_topic r",
        "setweight(to_tsvector('readout_en', readout_plain(concat_ws(' ', r.name, r.other_names))), 'A')\n"
        "    || to_tsvector('readout_en', readout_plain(r.description))\nFROM negotiations_topic r",
    ),
    (
        "native_name AS others\n    FROM negotiations_person",
        "concat_ws(' ', native_name, other_names) AS others\n    FROM negotiations_person",
    ),
    (
        "concat_ws(' ', short_name, native_name)\n    FROM negotiations_party",
        "concat_ws(' ', short_name, native_name, other_names)\n    FROM negotiations_party",
    ),
    (
        "id, name, slug, '', ''\n    FROM negotiations_topic",
        "id, name, slug, '', other_names\n    FROM negotiations_topic",
    ),
)


def with_other_names(views: str) -> str:
    """The SQL of the index's views, other names read with the first.

    Raises:
        LookupError: where the views are no longer written as they were.
    """
    for before, after in PLACES:
        if views.count(before) != 1:
            raise LookupError(f"The search views do not say “{before}” once.")
        views = views.replace(before, after)
    return views
