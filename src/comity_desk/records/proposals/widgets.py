"""How is one cell typed in? One way for each type of field, with label, help, bounds and lists from the vocabulary.

Texts travel as `c-<field>` (several inputs of one name for lists, a second name for the numbers of actor counts). What was typed is shown
again as it was typed; beside it stands how it is read: a date in words, the name of an actor, the title of a record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.datastructures import MultiValueDict

from comity.register.snapshot import Snapshot
from comity.register.titles import shown
from comity.vocab.dates import PATTERN, written
from comity.vocab.errors import Fault
from comity.vocab.kinds import Field, codes
from comity.vocab.text import Text
from comity_desk.lib.language import lang, words
from comity_desk.records.proposals.cells import plain, read_cell

Typed = MultiValueDict[str, str]
CELL, NUMBER = "c-", "-n"
SPARE = 1  # empty inputs after those that are filled
LONG = ("summary", "statement", "note", "outcome", "basis", "how", "what", "wording", "text", "reason", "gaps", "strategic")
TEMPLATES = {
    "text": "text",
    "code": "code",
    "codes": "codes",
    "actor": "picked",
    "actors": "several",
    "date": "date",
    "day": "day",
    "integer": "number",
    "number": "number",
    "flag": "flag",
    "link": "picked",
    "links": "several",
    "url": "url",
    "duration": "duration",
    "actor_counts": "counts",
}
FLAGS = (("true", Text("Yes", "예")), ("false", Text("No", "아니요")), ("", Text("Unknown", "모름")))
PERIODS = {"Y": Text("{n} years", "{n}년"), "M": Text("{n} months", "{n}개월"), "W": Text("{n} weeks", "{n}주"), "D": Text("{n} days", "{n}일")}
ONE = {"Y": Text("1 year", "1년"), "M": Text("1 month", "1개월"), "W": Text("1 week", "1주"), "D": Text("1 day", "1일")}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Widget:
    """One cell as a form shows it."""

    field: Field
    name: str
    values: tuple[str, ...]
    reads: tuple[str, ...]
    faults: tuple[Fault, ...]
    choices: tuple[Choice, ...] = ()
    numbers: tuple[str, ...] = ()
    required: bool = False

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"id-{self.name}"

    @property
    def anchor(self) -> str:
        """Where a link to it leads."""
        return f"{self.id}-group" if self.is_group else self.id

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"records/widgets/{TEMPLATES[self.field.type]}.html"

    @property
    def value(self) -> str:
        """The one text of a field that holds one."""
        return self.values[0] if self.values else ""

    @property
    def read(self) -> str:
        """How the one text is read."""
        return self.reads[0] if self.reads else ""

    @property
    def inputs(self) -> list[tuple[str, str, str]]:
        """Text, its reading and its number for each input of a list."""
        numbers = (*self.numbers, *[""] * len(self.values))
        return [(value, read, number) for value, read, number in zip(self.values, self.reads, numbers, strict=False)]

    @property
    def filled(self) -> bool:
        """Whether something stands in it."""
        return any(self.values)

    @property
    def is_group(self) -> bool:
        """Whether it is drawn as several inputs under one legend."""
        return self.template.endswith(("codes.html", "several.html", "counts.html", "flag.html"))

    @property
    def is_long(self) -> bool:
        """Whether its text runs over several lines."""
        return self.field.type == "text" and self.field.name.startswith(LONG)

    @property
    def target(self) -> str:
        """The kind among whose records one is picked."""
        return "actor" if self.field.type.startswith("actor") else str(self.field.target)

    @property
    def bounds(self) -> Text | None:
        """Between which numbers it must lie."""
        low, high = self.field.min, self.field.max
        if low is None and high is None:
            return None
        if low is None or high is None:
            return _FROM.format(low=f"{low:,.0f}") if low is not None else _UP_TO.format(high=f"{high:,.0f}")
        return _BETWEEN.format(low=f"{low:,.0f}", high=f"{high:,.0f}")

    @property
    def may_be_open(self) -> bool:
        """Whether a date may say that it still holds; told by the field's help."""
        return ".." in self.field.help.en


def widget(field: Field, typed: Typed, seen: Snapshot, faults: Sequence[Fault] = (), *, required: bool | None = None, prefix: str = CELL) -> Widget:
    """The widget of a field with what was typed into it."""
    name = f"{prefix}{field.name}"
    values = list(map(plain, typed.getlist(name)))
    if field.is_list or field.type == "actor_counts":
        spare = max(SPARE, sum(not text for text in values))
        values = [*[text for text in values if text], *[""] * spare] if field.type != "codes" else values
    return Widget(
        field,
        name,
        tuple(values),
        tuple(reading(field, text, seen) for text in values),
        tuple(fault for fault in faults if fault.field == field.name),
        _choices(field, values, seen),
        tuple(map(plain, typed.getlist(name + NUMBER))),
        field.required if required is None else required,
    )


def typed_cells(fields: Sequence[Field], cells: Mapping[str, str | None], prefix: str = CELL) -> Typed:
    """Cells as if they had been typed."""
    typed: Typed = MultiValueDict()
    for field in fields:
        cell, name = cells.get(field.name), f"{prefix}{field.name}"
        parts = cell.split(";") if cell and (field.is_list or field.type == "actor_counts") else [cell] if cell else []
        if field.type == "actor_counts":
            typed.setlist(name + NUMBER, [part.rpartition(":")[2] for part in parts])
            parts = [part.rpartition(":")[0] for part in parts]
        typed.setlist(name, parts)
    return typed


def cell_of(field: Field, typed: Typed, seen: Snapshot, prefix: str = CELL) -> str | None:
    """The cell that was typed, in the record's spelling."""
    name = f"{prefix}{field.name}"
    texts = typed.getlist(name)
    if field.type == "actor_counts":
        numbers = typed.getlist(name + NUMBER)
        texts = [f"{who}:{number}" for who, number in zip(texts, [*numbers, *[""] * len(texts)], strict=False) if plain(who) or plain(number)]
    return read_cell(field, texts, seen)


def reading(field: Field, text: str, seen: Snapshot) -> str:
    """How one typed text is read, in words; empty where it says nothing more than the text, or cannot be read."""
    if not text:
        return ""
    cell = read_cell(field, [text], seen) if field.type != "actor_counts" else text
    if cell is None:
        return ""
    match field.type:
        case "date" | "day":
            return written(cell, lang()) if cell == ".." or (PATTERN.fullmatch(cell) and _is_day(cell)) else ""
        case "duration":
            return period(cell)
        case "actor" | "actors" | "actor_counts":
            names = seen.actor_names.get(read_cell(_ACTOR, [text], seen) or "")
            return "" if names is None else names[1] if lang() == "ko" else names[0]
        case "link" | "links":
            told = shown(seen, field, cell, lang())
            return told if told != cell else ""
        case _:
            return ""


def period(text: str) -> str:
    """An ISO 8601 duration in words; empty for what is none.

    >>> period("P1Y6M"), period("P90D"), period("soon")
    ('1 year 6 months', '90 days', '')
    """
    import re

    parts = re.findall(r"(\d{1,4})([YMWD])", text)
    if not parts or "P" + "".join(number + unit for number, unit in parts) != text:
        return ""
    return " ".join(words(ONE[unit] if int(number) == 1 else PERIODS[unit].format(n=int(number))) for number, unit in parts)


def _choices(field: Field, values: Sequence[str], seen: Snapshot) -> tuple[Choice, ...]:
    if field.type == "flag":
        return tuple(Choice(value, words(label), value == (values[0] if values else "")) for value, label in FLAGS)
    if field.type not in ("code", "codes"):
        return ()
    known = codes(str(field.codes))
    chosen = {one for text in values for one in (read_cell(field, [text], seen) or "").split(";")}
    strange = [Choice(one, one, True) for one in chosen if one and one not in known]
    return (*(Choice(value, words(code.label), value in chosen) for value, code in known.items()), *strange)


def _is_day(text: str) -> bool:
    from comity.vocab.dates import PartialDate
    from comity.vocab.errors import NotADate

    try:
        PartialDate.parse(text)
    except NotADate:
        return False
    return True


_ACTOR = Field("actor", "actor", Text("Actor", "행위자"), Text("", ""))
_BETWEEN = Text("Between {low} and {high}.", "{low}에서 {high} 사이.")
_FROM = Text("From {low} on.", "{low} 이상.")
_UP_TO = Text("Up to {high}.", "{high} 이하.")
