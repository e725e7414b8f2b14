"""Forms drawn from the vocabulary: which fields in which groups, on what they rest, and what was typed into them.

A form holds no rules of its own: what may stand in a cell is said by the library's checks, whose faults are shown beside the fields. English
and Korean of one thing stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comity.register.editing_sources import SOURCE_CELLS
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault
from comity.vocab.kinds import Field, Kind, kinds
from comity.vocab.text import Text
from comity_desk.lib.language import lang
from comity_desk.records.proposals.levels import usual_marking
from comity_desk.records.proposals.widgets import Choice, Typed, Widget, cell_of, typed_cells, widget

BASIS = "b-"
OWN_BASIS = ("source", "locator", "confidence")  # of the row itself
LEFT_OUT = ("entered_at", "marking")  # the day is the register's; the marking has a form of its own
HELP = {
    "source": Text("Type words of its title or publisher and pick it.", "제목이나 발행처의 낱말을 입력해 고르십시오."),
    "confidence": Text(
        "High: an opened source states it. Medium: it states most of it. Low: own knowledge, or inferred.",
        "높음: 확인한 출처가 명시함. 중간: 대부분 명시함. 낮음: 편집자 지식이거나 추정.",
    ),
}
ROW_HELP = {"source": Text("The source of every value of the record for which no other is named.", "따로 출처를 밝히지 않은 모든 값의 출처.")}
KEEPING = ("count_as", "counted_with", "second_source", "note_en", "note_ko")
REASON = (
    Field("reason_en", "text", Text("Reason", "이유(영문)"), Text("One sentence.", "한 문장.")),
    Field(
        "reason_ko",
        "text",
        Text("Reason (Korean)", "이유(국문)"),
        Text("The same in Korean; one of the two is enough.", "같은 내용의 한국어. 둘 중 하나만 있어도 됩니다."),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One field, or the two languages of one thing."""

    widgets: tuple[Widget, ...]

    @property
    def twin(self) -> bool:
        """Whether it is one thing in two languages."""
        return len(self.widgets) == 2


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    name: str
    label: Text
    rows: tuple[Row, ...]

    @property
    def widgets(self) -> list[Widget]:
        """Every widget of the group."""
        return [one for row in self.rows for one in row.widgets]

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: what is needed, what is filled, what has a fault."""
        return self.name == "main" or any((one.filled and self.name != "row") or one.faults for one in self.widgets)


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form as a page shows it."""

    kind: Kind
    groups: tuple[Group, ...]
    basis: Mapping[str, Widget]
    described: tuple[Widget, ...]
    markings: tuple[Choice, ...]
    reasons: tuple[Widget, ...]
    faults: tuple[Fault, ...] = field(default=())  # of no field that is shown

    @property
    def wrong(self) -> list[Widget]:
        """The widgets that have a fault, in the order of the page."""
        every = [*(one for group in self.groups for one in group.widgets), *self.basis.values(), *self.described, *self.reasons]
        return [one for one in every if one.faults]

    @property
    def rests_on_source(self) -> bool:
        """Whether its values rest on a source."""
        return "source" in self.basis

    @property
    def source_described(self) -> bool:
        """Whether a new source is being described."""
        return any(one.filled or one.faults for one in self.described)


def record_form(
    kind: Kind, typed: Typed, seen: Snapshot, faults: Sequence[Fault] = (), *, fields: Sequence[str] | None = None, adding: bool = False, reasoned: bool = True
) -> RecordForm:
    """The form for records of a kind; `fields` names those that are asked for, else all."""
    listed = [one for one in _fields(kind, adding) if fields is None or one.name in fields]
    made = [group for group in _grouped(kind, listed, typed, seen, faults) if group.rows]
    groups = tuple(sorted(made, key=lambda group: ORDER.index(group.name)))
    basis = {one.name: widget(one, typed, seen, faults, required=adding and one.required, prefix=BASIS) for one in basis_fields(kind)}
    described = tuple(widget(one, typed, seen, faults, required=False, prefix=BASIS) for one in source_fields(kind))
    reasons = tuple(widget(one, typed, seen, faults, required=reasoned and one is REASON[0], prefix=BASIS) for one in REASON)
    shown = {one.field.name for group in groups for one in group.widgets} | set(basis) | {one.field.name for one in (*described, *reasons)} | {"marking"}
    rest = tuple(fault for fault in faults if fault.field not in shown and fault.code != "possible-duplicate")
    return RecordForm(kind, groups, basis, described, marking_choices(seen, typed), reasons, rest)


def basis_fields(kind: Kind) -> list[Field]:
    """The fields that say on what values rest."""
    return [replace(kind.field(name), help=HELP.get(name, kind.field(name).help)) for name in OWN_BASIS if kind.has(name)]


def source_fields(kind: Kind) -> list[Field]:
    """The fields that describe a source which the register does not have."""
    if not kind.has("source"):
        return []
    source = kinds()["source"]
    return [_renamed(source.field(target), name) for name, target in SOURCE_CELLS.items()]


def marking_choices(seen: Snapshot, typed: Typed) -> tuple[Choice, ...]:
    """The markings that this person may see; the one said, else the usual one, is chosen."""
    chosen = typed.get(f"{BASIS}marking") or usual_marking(seen)
    rows = seen.table("marking").select("id", "name_en", "name_ko").rows()
    return tuple(Choice(one, (ko if lang() == "ko" else en) or en, one == chosen) for one, en, ko in rows)


def typed_basis(kind: Kind, typed: Typed, seen: Snapshot) -> dict[str, str]:
    """On what values rest, as it was typed; without what is empty."""
    read = {one.name: cell_of(one, typed, seen, BASIS) for one in (*basis_fields(kind), *source_fields(kind))}
    return {name: value for name, value in read.items() if value}


def typed_record(kind: Kind, typed: Typed, seen: Snapshot, *, adding: bool, fields: Iterable[str] | None = None) -> dict[str, str | None]:
    """The cells as they were typed; of a new record only those that are filled."""
    wanted = [one for one in _fields(kind, adding) if fields is None or one.name in fields]
    cells = {one.name: cell_of(one, typed, seen) for one in wanted}
    return {name: value for name, value in cells.items() if value is not None} if adding else cells


def typed_from(kind: Kind, cells: Mapping[str, str | None]) -> Typed:
    """A record's cells as if they had been typed."""
    return typed_cells(_fields(kind, adding=False), cells)


def _fields(kind: Kind, adding: bool) -> list[Field]:
    left_out = {*LEFT_OUT, *(OWN_BASIS if adding else ())} if kind.has("entered_at") else {"marking"}
    own = [replace(one, help=ROW_HELP.get(one.name, one.help)) for one in kind.fields if one.name not in left_out]
    return [CODE, *own] if adding and kind.id_style == "actor" else own


def _renamed(told: Field, name: str) -> Field:
    return Field(name, told.type, told.label, told.help, required=told.name in ("title",), codes=told.codes, min=told.min, max=told.max)


def _grouped(kind: Kind, listed: list[Field], typed: Typed, seen: Snapshot, faults: Sequence[Fault]) -> list[Group]:
    left = list(listed)
    groups = []
    for name, label, belongs in GROUPS:
        mine = [one for one in left if belongs(kind, one)]
        mine += [one for one in left if one not in mine and any(_twin_of(kind, own) == one.name for own in mine)]
        left = [one for one in left if one not in mine]
        groups.append(Group(name, label, tuple(_rows(kind, mine, typed, seen, faults))))
    return groups


def _rows(kind: Kind, mine: list[Field], typed: Typed, seen: Snapshot, faults: Sequence[Fault]) -> list[Row]:
    by_name = {one.name: one for one in mine}
    rows = []
    for one in mine:
        twin = by_name.get(_twin_of(kind, one) or "")
        if one.name.endswith("_ko") and one.name.removesuffix("_ko") + "_en" in by_name:
            continue
        rows.append(Row(tuple(widget(each, typed, seen, faults) for each in (one, *([twin] if twin else [])))))
    return rows


def _twin_of(kind: Kind, one: Field) -> str | None:
    """The Korean field of an English one."""
    other = one.name.removesuffix("_en") + "_ko"
    return other if one.name.endswith("_en") and kind.has(other) else None


def _is_main(kind: Kind, one: Field) -> bool:
    return one is CODE or (one.name not in OWN_BASIS and one.name not in KEEPING and (one.required or one.name in kind.title))


Belongs = Callable[[Kind, Field], bool]
CODE = Field(
    "id",
    "text",
    Text("Code", "부호"),
    Text("Capitals and digits, such as JPN; letters drawn by lot are put behind it.", "영문 대문자와 숫자(예: JPN). 뒤에 임의의 글자가 붙습니다."),
    required=True,
)
GROUPS: tuple[tuple[str, Text, Belongs], ...] = (
    ("main", Text("What it is", "기본 사항"), _is_main),
    ("keeping", Text("How it is counted", "집계와 비고"), lambda _, one: one.name in KEEPING),
    ("row", Text("The row's own source", "행의 출처"), lambda _, one: one.name in OWN_BASIS),
    ("days", Text("Dates and periods", "날짜와 기간"), lambda _, one: one.type in ("date", "day", "duration")),
    ("who", Text("Who", "당사자"), lambda _, one: one.type in ("actor", "actors", "actor_counts")),
    ("links", Text("Links to other records", "다른 기록과의 연결"), lambda _, one: one.type in ("link", "links")),
    ("words", Text("In words", "설명"), lambda kind, one: _twin_of(kind, one) is not None),
    ("rest", Text("Particulars", "세부 사항"), lambda _, __: True),
)
ORDER = ("main", "days", "who", "rest", "words", "links", "keeping", "row")
