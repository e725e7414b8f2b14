"""How does a change that a program sends become a proposal? The same content as a form gives, from JSON values, with nothing guessed.

A change names the state of the record from which it was made: by the record's ETag (If-Match), or by the cells as they were read (`before`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from comity.register.adding import cell_text
from comity.register.editing_sources import SOURCE_CELLS
from comity.register.snapshot import Record, Snapshot
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.api.errors import HasChanged, Malformed, SayWhichOne, fault
from comity_desk.api.records import found_record, record_tag
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.content import Content, cells_at
from comity_desk.records.proposals.levels import row_marking, usual_marking
from comity_desk.records.proposals.models import ADD, CLAIM, JUDGE

BASIS = ("source", "locator", "confidence")
LONG = 20_000


class ActorCount(Schema):
    """An actor and a number."""

    model_config = ConfigDict(extra="forbid")

    actor: Annotated[str, Field(max_length=40)]
    number: Annotated[int, Field(ge=0, le=10**12)]


Word = Annotated[StrictStr, Field(max_length=LONG)]
Value = Word | StrictBool | StrictInt | StrictFloat | list[Word] | list[ActorCount] | None
Cells = Annotated[dict[Annotated[str, Field(max_length=60)], Value], Field(max_length=100)]


class Reason(Schema):
    """Why, in one language or both."""

    model_config = ConfigDict(extra="forbid")

    en: Word = ""
    ko: Word = ""


class Change(Schema):
    """One change of one record, as a program proposes it."""

    model_config = ConfigDict(extra="forbid")

    change: Literal["add", "change", "claim", "judge", "withdraw"]
    kind: Annotated[str | None, Field(max_length=40)] = None
    record: Annotated[str | None, Field(max_length=300)] = None
    cells: Cells = Field(default_factory=dict)
    basis: dict[str, Word] = Field(default_factory=dict)
    field: Annotated[str | None, Field(max_length=60)] = None
    claim: Annotated[str | None, Field(max_length=300)] = None
    marking: Annotated[str | None, Field(max_length=60)] = None
    reason: Word | Reason | None = None
    another_thing: Word = ""
    beneath: StrictBool = False
    looked_at: StrictBool = False
    before: Cells | None = None
    former: Annotated[str, Field(max_length=16)] = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that is ready to be handed in: what it says, and the cells as they were read."""

    content: Content
    before: dict[str, str | None] | None


def wanted(request: HttpRequest, asked: Change, seen: Snapshot) -> Wanted:
    """The proposal in a request, for a reader who sees this much."""
    if asked.change == ADD:
        return Wanted(_content(asked, _kind(asked), "", seen), None)
    found = _record(asked, seen)
    cells = _texts(found.kind, asked.cells)
    state_named(request, asked, found)
    before = _texts(found.kind, asked.before) if asked.before is not None else cells_at(seen, found.ref, list(cells))
    return Wanted(_content(asked, found.kind, found.id, seen), before)


def state_named(request: HttpRequest, asked: Change, found: Record) -> None:
    """Refuse a change made from another state of the record than the one that stands."""
    named = request.headers.get("If-Match")
    if named is None and asked.before is None:
        raise SayWhichOne(_SAY_WHICH)
    if named is None or named.strip() == "*" or f'"{record_tag(found)}"' in [one.strip() for one in named.split(",")]:
        return
    read = _texts(found.kind, asked.before or {})
    names = list(read) or [name for name in asked.cells if found.kind.has(name)]
    raise HasChanged(
        _CHANGED, {name: {"before": read.get(name), "now": found.cells.get(name)} for name in names if name not in read or read[name] != found.cells.get(name)}
    )


def _content(asked: Change, kind: Kind, record: str, seen: Snapshot) -> Content:
    cells, basis = _parted(asked, kind)
    ref = f"{kind.name}:{record}"
    if asked.change == JUDGE:
        cells = _judged(asked, kind, seen)
    elif asked.change == CLAIM and len(cells) != 1:
        raise Malformed([fault("cells", "one-cell", _ONE_CELL, _NAME_ONE)])
    own = row_marking(seen, ref) if record else None
    claimed = f"claim:{asked.claim}" if asked.change == JUDGE else ""
    told = seen.record(claimed)["marking"] if claimed and seen.has_record(claimed) else None
    reason = asked.reason if isinstance(asked.reason, Reason) else Reason(en=asked.reason or "")
    return Content(
        change=asked.change,
        kind=kind.name,
        marking=asked.marking or told or own or usual_marking(seen) or "",
        record=record,
        cells=cells,
        basis={name: value for name, value in basis.items() if value},
        claim=plain(asked.claim or "") if asked.change == JUDGE else "",
        reason_en=plain(reason.en),
        reason_ko=plain(reason.ko),
        another_thing=plain(asked.another_thing),
        beneath=asked.beneath,
    )


def _parted(asked: Change, kind: Kind) -> tuple[dict[str, str | None], dict[str, str]]:
    """Cells of the record, and on what they rest; a new record's own source is what it rests on."""
    away = {*SOURCE_CELLS, *(BASIS if asked.change == ADD and kind.has("source") else ())}
    cells = _texts(kind, {name: value for name, value in asked.cells.items() if name not in away})
    basis = {name: plain(value) for name, value in asked.basis.items()}
    basis |= {name: plain(cell_text(value) or "") for name, value in asked.cells.items() if name in away}
    strange = [name for name in basis if name not in (*BASIS, *SOURCE_CELLS)]
    if strange:
        raise Malformed([fault(f"basis.{name[:60]}", "unknown-column", _NO_BASIS, _SEE) for name in strange])
    return ({name: value for name, value in cells.items() if value is not None} if asked.change == ADD else cells), basis


def _texts(kind: Kind, cells: Mapping[str, Any]) -> dict[str, str | None]:
    """Cells in the record's spelling."""
    known = {field.name for field in kind.fields} | ({"id"} if kind.id_style == "actor" else set()) | set(SOURCE_CELLS)
    strange = [name for name in cells if name not in known]
    if strange:
        raise Malformed(
            [fault(f"cells.{name[:60]}", "unknown-column", _NO_FIELD.format(kind=kind.label), _SEE_KIND.format(kind=kind.name)) for name in strange]
        )
    return {name: _text(value) for name, value in cells.items()}


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = [f"{one.actor}:{one.number}" if isinstance(one, ActorCount) else plain(one) for one in value]
    return cell_text(plain(value) if isinstance(value, str) else value)


def _judged(asked: Change, kind: Kind, seen: Snapshot) -> dict[str, str | None]:
    if not asked.field or not kind.has(asked.field) or not asked.claim:
        raise Malformed([fault("field" if asked.claim else "claim", "missing", _NAME_CLAIM, _SEE)])
    claim = f"claim:{asked.claim}"
    return {asked.field: seen.record(claim)["value"] if seen.has_record(claim) else None}


def _kind(asked: Change) -> Kind:
    kind = kinds().get(asked.kind or "")
    if kind is None or kind.name == "claim":
        raise Malformed([fault("kind", "wrong-value", _NO_KIND, _SEE_KINDS)])
    return kind


def _record(asked: Change, seen: Snapshot) -> Record:
    name, _, record = (asked.record or "").partition(":")
    kind = kinds().get(name)
    if not record:
        raise Malformed([fault("record", "missing", _NO_RECORD, _NAME_RECORD)])
    if kind is None or kind.name == "claim":
        raise NotFound(NOTHING_HERE)
    return found_record(seen, kind, record)


_SAY_WHICH = Text(
    "Say from which state of the record the change was made: its ETag as If-Match, or the cells as they were read (`before`).",
    "어느 상태의 기록을 고치는지 밝히십시오. 기록의 ETag를 If-Match로 보내거나, 읽은 값을 `before`에 적습니다.",
)
_CHANGED = Text("The record has changed since you read it.", "읽은 뒤 기록이 바뀌었습니다.")
_ONE_CELL = Text("A claim is made on one cell.", "주장은 칸 하나에 대해 합니다.")
_NAME_ONE = Text("Name one field with the value claimed.", "항목 하나와 주장하는 값을 적으십시오.")
_NO_BASIS = Text("Values do not rest on this.", "근거로 쓸 수 없는 항목입니다.")
_NO_FIELD = Text("{kind} has no such field.", "{kind}에 없는 항목입니다.")
_SEE_KIND = Text("See /kinds/{kind}.", "/kinds/{kind}를 보십시오.")
_SEE = Text("See the description of the API.", "API 설명을 보십시오.")
_NAME_CLAIM = Text("A judgement names a field and the claim that is to stand.", "판단에는 항목과 채택할 주장을 적습니다.")
_NO_KIND = Text("There is no such kind of records.", "그런 기록 종류가 없습니다.")
_SEE_KINDS = Text("See /kinds.", "/kinds를 보십시오.")
_NO_RECORD = Text("No record is named.", "기록을 지정하지 않았습니다.")
_NAME_RECORD = Text("Name it as kind:id.", "종류:식별자로 적으십시오.")
