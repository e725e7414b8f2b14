"""The records that a page links to, small enough to travel inside it: their fields as people read them, their claims, their sources."""

from __future__ import annotations

from typing import Any

from comity.register.frames import UNSOURCED
from comity.register.snapshot import Record, Snapshot
from comity.register.titles import shown
from comity.vocab.dates import written
from comity.vocab.kinds import Kind, codes
from comity.vocab.text import Lang

HIDDEN = frozenset({"source", "second_source", "locator", "confidence", "entered_at", "marking"})
DAYS = ("start", "signed", "in_force", "date", "fielded_start", "since", "promised", "first_held", "year")


class RecordBook:
    """Records collected while a page is written, each once, and the sets of them that its numbers name."""

    def __init__(self, snapshot: Snapshot, lang: Lang) -> None:
        self.snapshot, self.lang = snapshot, lang
        self._index: dict[str, int] = {}
        self._sets: dict[tuple[int, ...], int] = {}

    def add(self, ref: str) -> int | None:
        """Number of a record in the book; None when the snapshot does not hold it."""
        if ref not in self._index:
            if not self.snapshot.has_record(ref):
                return None
            self._index[ref] = len(self._index)
        return self._index[ref]

    def target(self, refs: tuple[str, ...]) -> str | None:
        """Where a number with these records links to: the record itself, or the list of them."""
        at = tuple(place for ref in refs if (place := self.add(ref)) is not None)
        if not at:
            return None
        if len(at) == 1:
            return f"#r:{refs[0]}"
        return f"#n:{self._sets.setdefault(at, len(self._sets))}"

    def content(self) -> dict[str, Any]:
        """Everything that the page's script reads."""
        listed = [self.snapshot.record(ref) for ref in self._index]
        kinds = {record.kind.name: record.kind for record in listed}
        sources: dict[str, int] = {}
        entries = [self._entry(record, sources) for record in listed]
        return {
            "kinds": {name: self._kind(kind) for name, kind in kinds.items()},
            "confidence": self._labels("confidence"),
            "status": self._labels("claim_status"),
            "records": entries,
            "index": self._index,
            "sets": [list(at) for at in self._sets],
            "sources": [self._source(source) for source in sources],
        }

    def _labels(self, name: str) -> dict[str, str]:
        return {value: code.label.in_(self.lang) for value, code in codes(name).items()}

    def _kind(self, kind: Kind) -> dict[str, Any]:
        return {"label": kind.label.in_(self.lang), "fields": {field.name: field.label.in_(self.lang) for field in kind.fields if field.name not in HIDDEN}}

    def _entry(self, record: Record, sources: dict[str, int]) -> dict[str, Any]:
        cells, lang = record.cells, self.lang
        other = "_en" if lang == "ko" else "_ko"
        own = "_ko" if lang == "ko" else "_en"
        fields = []
        for field in record.kind.fields:
            value = cells[field.name]
            double = field.name.endswith(other) and record.kind.has(field.name.removesuffix(other) + own) and cells[field.name.removesuffix(other) + own]
            if value and field.name not in HIDDEN and not double:
                fields.append((field.name, shown(self.snapshot, field, value, lang)))
        day = next((cells[name] for name in DAYS if cells.get(name)), None)
        entry: dict[str, Any] = {"r": record.ref, "k": record.kind.name, "t": record.title(lang), "f": fields, "c": cells.get("confidence")}
        entry |= {"d": day, "w": written(day, lang)} if day else {}
        for key, name in (("s", "source"), ("x", "second_source")):
            if cells.get(name):
                entry[key] = sources.setdefault(str(cells[name]), len(sources))
        if cells.get("locator"):
            entry["l"] = cells["locator"]
        claims = [self._claim(record, row, sources) for row in self.snapshot.claims_on(record)]
        return entry | ({"q": claims} if claims else {})

    def _claim(self, record: Record, row: dict[str, Any], sources: dict[str, int]) -> dict[str, Any]:
        field = record.kind.field(row["field"]) if record.kind.has(row["field"]) else None
        value = shown(self.snapshot, field, row["value"], self.lang) if field else row["value"]
        reason = (row["reason_ko"] if self.lang == "ko" else row["reason_en"]) or row["reason_en"]
        name = self._field_shown(record, row["field"])
        return {"f": name, "v": value, "s": row["status"], "o": sources.setdefault(row["source"], len(sources)), "w": reason}

    def _field_shown(self, record: Record, name: str) -> str:
        """The field under which a claim is shown: an English text's claims stand under its Korean twin on a Korean page."""
        twin = name.removesuffix("_en") + "_ko"
        return twin if self.lang == "ko" and name.endswith("_en") and record.kind.has(twin) and record.cells.get(twin) else name

    def _source(self, source: str) -> dict[str, str | None]:
        if source == UNSOURCED or not self.snapshot.has_record(f"source:{source}"):
            return {"t": "출처 미확인" if self.lang == "ko" else "no source yet", "u": None}
        cells = self.snapshot.record(f"source:{source}").cells
        return {"t": cells["title"], "u": cells["url"]}
