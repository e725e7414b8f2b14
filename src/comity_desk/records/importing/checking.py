"""What is wrong with the rows of a table that somebody brings, and which records may they repeat?

Faults are found at once. Likely duplicates take longer, for names are compared one by one: few rows are compared while the page waits, many in
the background. What was found is kept with the table, for the mapping and basis that it was found for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from comity.register.readers import Reader
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.ledger.register import current
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.background import Progress, Running, want, work
from comity_desk.records.importing.bulk import Bulk, added, duplicates
from comity_desk.records.importing.mapping import contents, targets
from comity_desk.records.importing.models import Import
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.edits import unseen
from comity_desk.records.proposals.levels import snapshot_at

AT_ONCE = 1_000  # so many rows are compared while the page waits
TOLD = 500  # so many likely duplicates are kept
WORK = "import_duplicates"


@dataclass(frozen=True)
class Checked:
    """A table as proposals, what is wrong with them, and what they may repeat as far as it was looked for."""

    contents: list[Content]
    numbers: list[int]
    bulk: Bulk
    faults: list[Fault]
    duplicates: list[dict[str, Any]] | None  # none: not looked for yet
    progress: Progress | None = None

    @property
    def errors(self) -> list[Fault]:
        """What keeps the table from being proposed."""
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def faulty_rows(self) -> int:
        """How many rows have an error."""
        return len({fault.row for fault in self.errors})


def checked(brought: Import, reader: Reader, *, look: bool = True) -> Checked:
    """Check a table for the class of its owner; `look` also looks for duplicates, or sees to it that they are looked for."""
    own = snapshot_for(reader)
    kind, level = kinds()[brought.kind], snapshot_at(reader, (brought.marking,))
    rows = [(int(number), cells) for number, *cells in brought.rows]
    made = contents(kind, rows, brought.mapping, brought.basis, brought.marking, own)
    numbers = [number for number, _ in rows]
    bulk = added(made, numbers, level, current().register, today=clock.today())
    hidden = [_in_row(fault, number) for content, number in zip(made, numbers, strict=True) for fault in unseen(content, own, level)]
    told = {(fault.row, fault.field) for fault in hidden}
    missing = _unmapped(brought, kind)
    absent = {fault.field for fault in missing}
    rest = [one for one in bulk.faults if (one.row, one.field) not in told and not (one.code == "required" and one.field in absent)]
    faults = [*missing, *hidden, *rest]
    if not look or any(fault.severity == "error" for fault in faults):
        return Checked(made, numbers, bulk, faults, None)
    found, progress = _looked(brought, bulk, kind, level, reader)
    return Checked(made, numbers, bulk, faults, found, progress)


def stamp(brought: Import) -> str:
    """What tells whether duplicates were looked for with this mapping and basis."""
    return hashlib.sha256(json.dumps([brought.mapping, brought.basis, brought.marking], sort_keys=True).encode()).hexdigest()[:32]


def _looked(brought: Import, bulk: Bulk, kind: Kind, level: Snapshot, reader: Reader) -> tuple[list[dict[str, Any]] | None, Progress | None]:
    if brought.looked.get("for") == stamp(brought):
        return list(brought.looked["found"]), None
    if len(bulk.ids) > AT_ONCE:
        return None, want(WORK, reader, {"import": brought.key})
    return _keep(brought, _found(bulk, kind, level)), None


@work(WORK, label=Text("Likely duplicates of a table", "가져온 표의 중복 확인"), permission="record.import")
def look_for_duplicates(running: Running) -> None:
    """Look for what the rows of a table may repeat, and keep it with the table."""
    brought = Import.objects.filter(pk=running.parameters["import"]).first()
    if brought is None or brought.looked.get("for") == stamp(brought):
        return
    kind = kinds()[brought.kind]
    bulk = checked(brought, running.reader, look=False).bulk
    found = []
    for number, one in duplicates(
        bulk, kind, snapshot_at(running.reader, (brought.marking,)), lambda done, total: running.progress(done, total, _COMPARING.format(n=done, all=total))
    ):
        found.append({"row": number, "ref": one.existing, "score": round(one.score), "days": one.days})
    _keep(brought, _with_rows(found, bulk, kind))


def _found(bulk: Bulk, kind: Kind, level: Snapshot) -> list[dict[str, Any]]:
    found = [{"row": number, "ref": one.existing, "score": round(one.score), "days": one.days} for number, one in duplicates(bulk, kind, level)]
    return _with_rows(found, bulk, kind)


def _with_rows(found: list[dict[str, Any]], bulk: Bulk, kind: Kind) -> list[dict[str, Any]]:
    """Duplicates among the rows themselves named by their rows: their ids are drawn anew each time."""
    number_of = {f"{kind.name}:{one}": number for one, number in zip(bulk.ids, bulk.numbers, strict=True)}
    told = [{**one, "ref": "", "other": number_of[one["ref"]]} if one["ref"] in number_of else one for one in found]
    return sorted(told, key=lambda one: (one["row"], -one["score"]))


def _keep(brought: Import, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    brought.looked = {"for": stamp(brought), "found": found[:TOLD]}
    Import.objects.filter(pk=brought.pk).update(looked=brought.looked)
    return found[:TOLD]


def _in_row(fault: Fault, number: int) -> Fault:
    return replace(fault, row=number)


def _unmapped(brought: Import, kind: Kind) -> list[Fault]:
    """Required fields that neither a column nor the basis gives: said once, not of each row."""
    given = {*brought.mapping.values(), *brought.basis}
    source = {"source_title", "source_url"} & given
    missing = [
        one
        for one in targets(kind).values()
        if one.field.required and one.name not in given and not (one.name == "source" and source) and not one.name.startswith("source_")
    ]
    return [Fault(kind.file, None, one.name, "no-column", _NO_COLUMN.format(field=one.field.label), _MAP) for one in missing]


_COMPARING = Text("{n} of {all} rows compared", "{all}행 중 {n}행 비교")
_NO_COLUMN = Text("No column gives {field}, which is required.", "필수 항목 {field}에 해당하는 열이 없습니다.")
_MAP = Text("Choose its column below, or give it for all rows.", "아래에서 열을 고르거나 모든 행에 적용할 값을 적으십시오.")
