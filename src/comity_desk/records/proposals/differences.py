"""What would a proposal change, field by field, in words? Everything is told from the snapshot of whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.register.editing_record import parts_of, refs_of
from comity.register.editing_sources import SOURCE_CELLS
from comity.register.register import Register
from comity.register.resolve import LINKING, rows_resolved
from comity.register.snapshot import Snapshot
from comity.register.titles import link_title, shown
from comity.vocab.kinds import Field, kinds
from comity.vocab.text import Text
from comity_desk.lib.language import lang
from comity_desk.records.proposals.content import Content, cells_at
from comity_desk.records.proposals.edits import Worked
from comity_desk.records.proposals.models import CHANGE, JUDGE


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, before and after."""

    field: Field
    before: str
    after: str
    now: str | None = None  # as it stands meanwhile, where that is neither
    above: str | None = None  # what this reader reads above it, under a narrower marking

    @property
    def label(self) -> Text:
        """The field's label."""
        return self.field.label


def differences(content: Content, seen: Snapshot, worked: Worked | None = None) -> list[Difference]:
    """The cells of a proposal: as they stood, as they would be, and, once worked out, as they stand meanwhile and as this reader reads them above."""
    found = []
    for told in content.declared.fields:
        if told.name in content.cells:
            before, after = said(told, content.base.get(told.name), seen), said(told, content.cells[told.name], seen)
            found.append(Difference(told, before, after, *(_since(told, content, seen, worked) if worked is not None else ())))
    return found


def _since(told: Field, content: Content, seen: Snapshot, worked: Worked) -> tuple[str | None, str | None]:
    """The cell as it stands meanwhile where it moved, and as this reader reads it where that is something else."""
    if content.is_new or not seen.has_record(content.ref):
        return None, None
    beneath, above = (cells_at(one, content.ref, [told.name])[told.name] for one in (worked.level, seen))
    now = said(told, beneath, seen) if told.name in worked.moved and content.change in (CHANGE, JUDGE) else None
    return now, said(told, above, seen) if above != beneath and told.type not in LINKING else None


def said(told: Field, value: str | None, seen: Snapshot) -> str:
    """A cell in words; what cannot be read as its type stays as it is."""
    try:
        return shown(seen, told, value, lang())
    except (ValueError, IndexError):
        return value or ""


def basis_said(content: Content, seen: Snapshot) -> list[tuple[Text, str, str]]:
    """On what it rests: label, words, and the record behind them."""
    rows: list[tuple[Text, str, str]] = []
    source = content.basis.get("source")
    if source and seen.has_record(f"source:{source}"):
        rows.append((kinds()["claim"].field("source").label, link_title(seen, kinds()["claim"].field("source"), source, lang()), f"source:{source}"))
    if content.claim and seen.has_record(f"claim:{content.claim}"):
        rows += _of_claim(content, seen)
    if content.change == CHANGE and not any(name.startswith("source") for name in content.basis):
        rows += _own_source(content, seen)
    for name in ("source_title", "source_type", "source_publisher", "source_url", "source_published"):
        if content.basis.get(name):
            told = kinds()["source"].field(SOURCE_CELLS[name])
            rows.append((_NEW_SOURCE.format(field=told.label), said(told, content.basis[name], seen), ""))
    for name in ("locator", "confidence"):
        if content.basis.get(name):
            told = kinds()["claim"].field(name)
            rows.append((told.label, said(told, content.basis[name], seen), ""))
    return rows


def _of_claim(content: Content, seen: Snapshot) -> list[tuple[Text, str, str]]:
    """On what the claim rests that is to stand."""
    claim, told = seen.record(f"claim:{content.claim}"), kinds()["claim"]
    refs = {"source": f"source:{claim['source']}" if claim["source"] and seen.has_record(f"source:{claim['source']}") else ""}
    named = [(name, said(told.field(name), claim[name], seen)) for name in ("source", "locator", "confidence", "entered_by")]
    return [(told.field(name).label, words, refs.get(name, "")) for name, words in named if words]


def _own_source(content: Content, seen: Snapshot) -> list[tuple[Text, str, str]]:
    """The source of the record, on which new values rest where no other is named."""
    source = seen.record(content.ref).cells.get("source") if seen.has_record(content.ref) else None
    if not source or not seen.has_record(f"source:{source}"):
        return []
    return [(_RECORD_SOURCE, seen.record(f"source:{source}").title(lang()), f"source:{source}")]


def as_read_by(worked: Worked, register: Register, seen: Snapshot) -> list[Difference]:
    """The record as readers of that snapshot read it now, and as they would once the proposal is accepted: the cells that differ for them."""
    kind, record = worked.content.declared, worked.edit.ref.partition(":")[2]
    after = register.with_rows(worked.edit.rows)
    visible = seen.reader.visible(after.tables["marking"])
    rows = rows_resolved(after.tables, kind, [record], visible, None).rows(named=True)
    new = dict(rows[0]) if rows else {}
    old: Mapping[str, str | None] = seen.record(worked.edit.ref).cells if seen.has_record(worked.edit.ref) else {}
    own = {worked.edit.ref, *(f"source:{one}" for one in (worked.edit.rows["source"]["id"] if "source" in worked.edit.rows else ()))}
    cells = {told.name: (old.get(told.name), _pruned(told, new.get(told.name), seen, own)) for told in kind.fields}
    return [
        Difference(kind.field(name), said(kind.field(name), was, seen), said(kind.field(name), will, seen))
        for name, (was, will) in cells.items()
        if was != will
    ]


def _pruned(told: Field, value: str | None, seen: Snapshot, own: set[str]) -> str | None:
    """A cell without what names records that this reader does not see."""
    if value is None or told.type not in LINKING:
        return value
    there = {part for part, (kind, one) in refs_of(told, value) if seen.has_record(f"{kind}:{one}") or f"{kind}:{one}" in own}
    return ";".join(part for part in parts_of(told, value) if part in there) or None


_RECORD_SOURCE = Text("Source, as of the record", "출처(기록과 같음)")
_NEW_SOURCE = Text("New source: {field}", "새 출처 {field}")
