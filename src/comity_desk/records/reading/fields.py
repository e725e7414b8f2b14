"""The fields of a record as its page shows them: in groups, each with its value, what it rests on, and what else is claimed of it.

A text in two languages is one field: the reader's language first, the other beneath. Fields that hold nothing are named together at the end
of their group, so that what is not known can be told from what was never asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from comity.register.completeness import EITHER
from comity.register.snapshot import Record
from comity.register.titles import shown
from comity.vocab.kinds import Field, Kind
from comity.vocab.text import Text
from comity_desk.records.reading.basis import Claimed, Sources, claims_of
from comity_desk.records.reading.cells import value_html
from comity_desk.records.reading.columns import column_label, twin_of

Cells = Mapping[str, str | None]
KEEPING = ("source", "second_source", "locator", "confidence", "entered_at", "marking", "count_as", "counted_with")
GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (Text("What", "내용"), ("text", "code", "codes", "flag", "url")),
    (Text("When", "시기"), ("date", "day", "duration")),
    (Text("Who", "당사자"), ("actor", "actors", "actor_counts")),
    (Text("How many", "규모"), ("integer", "number")),
    (Text("Tied to", "연결"), ("link", "links")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of the page."""

    name: str
    label: Text
    help: Text
    value: SafeString
    other: str
    other_lang: str
    claims: tuple[Claimed, ...]
    changed: bool
    now: SafeString | None
    long: bool

    @property
    def stands(self) -> Claimed | None:
        """The claim that stands."""
        return self.claims[0] if self.claims else None

    @property
    def beside(self) -> tuple[Claimed, ...]:
        """Every other claim."""
        return self.claims[1:]

    @property
    def disputed(self) -> bool:
        """Whether another claim competes with the one that stands."""
        return any(claim.status == "competing" for claim in self.beside)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, and the labels of those that hold nothing; those that should are marked."""

    label: Text
    fields: tuple[Shown, ...]
    empty: tuple[tuple[Text, bool], ...]


def groups_of(record: Record, sources: Sources, needed: frozenset[str], now: Cells | None) -> list[Group]:
    """The groups of a record's fields; `needed` are fields that should be filled, `now` the cells as known today where the page shows another day."""
    found = []
    for label, types in GROUPS:
        own = [field for field in record.kind.fields if field.type in types and field.name not in KEEPING and not _is_twin(record.kind, field.name)]
        fields = [_shown(record, field, sources, now) for field in own if _speaks(record, field, now)]
        empty = [(column_label(record.kind, field.name), field.name in needed) for field in own if not _speaks(record, field, now)]
        if fields or any(need for _, need in empty):
            found.append(Group(label, tuple(fields), tuple(sorted(empty, key=lambda pair: not pair[1]))))
    return found


def needed_of(fields: list[str]) -> frozenset[str]:
    """Names of the fields that gaps name."""
    return frozenset(name for field in fields for name in field.split(EITHER))


def _is_twin(kind: Kind, name: str) -> bool:
    return name.endswith("_ko") and kind.has(name.removesuffix("_ko") + "_en")


def _names(kind: Kind, field: Field) -> list[str]:
    twin = twin_of(kind, field.name)
    return [field.name, twin] if twin else [field.name]


def _speaks(record: Record, field: Field, now: Cells | None) -> bool:
    """Whether there is anything to show: a value, a claim, or a value of today."""
    claimed = {row["field"] for row in record.snapshot.claims_on(record)}
    return any(record.cells[name] or name in claimed or (now or {}).get(name) for name in _names(record.kind, field))


def _shown(record: Record, field: Field, sources: Sources, now: Cells | None) -> Shown:
    lang, cells = sources.lang, record.cells
    names = _names(record.kind, field)
    first = names[-1] if lang == "ko" and cells[names[-1]] else field.name
    other = next((cells[name] or "" for name in names if name != first), "")
    claims = [claim for name in ([first] + [name for name in names if name != first]) for claim in claims_of(record, name, sources)]
    stands = [claim for claim in claims if claim.status == "adopted"][:1]
    rest = [claim for claim in claims if claim.status != "adopted"]
    changed = now is not None and any(cells[name] != now.get(name) for name in names)
    today = value_html(record.snapshot, field, (now or {}).get(first), lang) if changed else None
    value = value_html(record.snapshot, field, cells[first], lang)
    words = shown(record.snapshot, field, cells[first], lang) if field.type == "text" else ""
    label = column_label(record.kind, field.name)
    return Shown(field.name, label, field.help, value, other, "en" if first != field.name else "ko", tuple(stands + rest), changed, today, len(words) > 200)
