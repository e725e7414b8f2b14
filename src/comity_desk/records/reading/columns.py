"""Which columns does a list of a kind have, what are they called, and which are shown unless others are chosen?

A text that stands in two languages is one column; it shows the reader's language, and the other where that one is empty.
"""

from __future__ import annotations

from functools import cache

from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text

TITLE, DAY = "title", "_day"
NUMBERS = ("integer", "number")
LATE = ("confidence", "source")
_TITLE, _ID, _DAY = Text("Title", "제목"), Text("Id", "식별자"), Text("Date", "날짜")


def possible_columns(kind: Kind) -> dict[str, Text]:
    """Every column by name, with its label: title, id, then the fields in the vocabulary's order."""
    return _possible(kind.name)


@cache
def _possible(name: str) -> dict[str, Text]:
    kind = kinds()[name]
    found = {TITLE: _TITLE, "id": _ID}
    if kind.of_type("date"):
        found[DAY] = _DAY
    for field in kind.fields:
        twin = field.name.removesuffix("_ko") + "_en"
        if not (field.name.endswith("_ko") and kind.has(twin)):
            found[field.name] = column_label(kind, field.name)
    return found


def default_columns(kind: Kind) -> tuple[str, ...]:
    """Title, the day, the parties and the controlled values that every record must have, then confidence and source."""
    return _default(kind.name)


@cache
def _default(name: str) -> tuple[str, ...]:
    kind = kinds()[name]
    dates = [name for name in (kind.act, kind.span[0] if kind.span else None) if name is not None and kind.field(name).type == "date"]
    first = dates[:1] or [field.name for field in kind.of_type("date")][:1]
    needed = [field for field in kind.fields if field.required and not field.common and field.name not in kind.title]
    parties = [field.name for field in needed if field.type in ("actor", "actors")][:2]
    values = [field.name for field in needed if field.type in ("code", "codes")][:2]
    numbers = [field.name for field in needed if field.type in NUMBERS][:1]
    rest = [field.name for field in needed if field.type in ("text", "link")][:2] if not (parties or values or numbers) else []
    return (TITLE, *first, *parties, *values, *numbers, *rest, *(name for name in LATE if kind.has(name)))


def column_label(kind: Kind, name: str) -> Text:
    """The label of a field as a column's head; of a text in two languages, without the word that says which."""
    field = kind.field(name)
    twin = name.removesuffix("_en") + "_ko"
    if not (name.endswith("_en") and kind.has(twin)):
        return field.label
    ko = kind.field(twin).label.ko.replace("(국문)", "").removeprefix("국문 ").strip()
    return Text(field.label.en, ko or field.label.ko)


def twin_of(kind: Kind, name: str) -> str | None:
    """The Korean field of a text in two languages."""
    twin = name.removesuffix("_en") + "_ko"
    return twin if name.endswith("_en") and kind.has(twin) else None
