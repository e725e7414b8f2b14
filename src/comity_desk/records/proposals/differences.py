"""What would a proposal change, field by field, in words? Everything is told from the snapshot of whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.register.editing_record import parts_of, refs_of
from comity.register.register import Register
from comity.register.resolve import LINKING, rows_resolved
from comity.register.snapshot import Snapshot
from comity.register.titles import link_title, shown
from comity.vocab.kinds import Field, kinds
from comity.vocab.text import Text
from comity_desk.lib.language import lang
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.edits import Worked
from comity_desk.records.proposals.models import CHANGE


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, before and after."""

    field: Field
    before: str
    after: str
    now: str | None = None  # as it stands meanwhile, where that is neither

    @property
    def label(self) -> Text:
        """The field's label."""
        return self.field.label


def differences(content: Content, seen: Snapshot, moved: Mapping[str, str | None] | None = None) -> list[Difference]:
    """The cells of a proposal: as they stood, as they would be, and as they stand where somebody changed them meanwhile."""
    found = []
    for told in content.declared.fields:
        if told.name in content.cells:
            now = said(told, moved[told.name], seen) if moved and told.name in moved else None
            found.append(Difference(told, said(told, content.base.get(told.name), seen), said(told, content.cells[told.name], seen), now))
    return found


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
    if content.change == CHANGE and not any(name.startswith("source") for name in content.basis):
        rows += _own_source(content, seen)
    for name, target in (("source_title", "title"), ("source_publisher", "publisher"), ("source_url", "url"), ("source_published", "published")):
        if content.basis.get(name):
            told = kinds()["source"].field(target)
            rows.append((_NEW_SOURCE.format(field=told.label), said(told, content.basis[name], seen), ""))
    for name in ("locator", "confidence"):
        if content.basis.get(name):
            told = kinds()["claim"].field(name)
            rows.append((told.label, said(told, content.basis[name], seen), ""))
    return rows


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
