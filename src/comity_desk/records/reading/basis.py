"""On what does a value rest: its source by number, its confidence, who may see it, and what else is claimed?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from comity.register.frames import UNSOURCED
from comity.register.snapshot import Claim, Record, Snapshot
from comity.vocab.kinds import Field, code_label
from comity.vocab.text import Lang, Text
from comity_desk.lib.addresses import record_address
from comity_desk.records.reading.cells import value_html

_NO_SOURCE = Text("no source yet", "출처 없음")


@dataclass(frozen=True, slots=True)
class Cited:
    """One source of a record, as its page lists it."""

    number: int
    title: str
    address: str | None
    url: str | None
    date: str | None


@dataclass
class Sources:
    """The sources of a page, numbered in the order in which they are first needed."""

    snapshot: Snapshot
    lang: Lang
    listed: dict[str, Cited] = field(default_factory=dict)

    def cite(self, source: str | None) -> Cited | None:
        """The source with its number; none where there is none."""
        if source is None or source == UNSOURCED:
            return None
        if source not in self.listed:
            self.listed[source] = self._described(source)
        return self.listed[source]

    def _described(self, source: str) -> Cited:
        number = len(self.listed) + 1
        if not self.snapshot.has_record(f"source:{source}"):
            return Cited(number, source, None, None, None)
        cells = self.snapshot.record(f"source:{source}").cells
        url = cells["url"] if (cells["url"] or "").startswith(("https://", "http://")) else None
        return Cited(number, cells["title"] or source, record_address(f"source:{source}"), url, cells["published"])


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a value rests; without a source it rests on somebody's word."""

    source: Cited | None
    unsourced: bool
    locator: str | None
    confidence: str
    low: bool
    marking: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim beside others: the value, how it stands, on what it rests, when it was entered and why it stands so."""

    value: SafeString
    status: str
    status_label: str
    basis: Basis
    entered: str | None
    ceased: str | None
    by: str | None
    reason: str


def marking_title(snapshot: Snapshot, marking: str | None, lang: Lang) -> str | None:
    """The name of a marking that is not public; none for what everybody may see."""
    if marking is None or not snapshot.has_record(f"marking:{marking}"):
        return marking
    record = snapshot.record(f"marking:{marking}")
    return None if record["public"] == "true" else record.title(lang)


def claims_of(record: Record, name: str, sources: Sources) -> list[Claimed]:
    """The claims on a field, the adopted one first."""
    rows = {row["id"]: row for row in record.snapshot.claims_on(record)}
    own = record.kind.field(name)
    return [_claimed(record, own, claim, rows.get(claim.id), sources) for claim in record.why(name)]


def _claimed(record: Record, own: Field, claim: Claim, row: dict[str, Any] | None, sources: Sources) -> Claimed:
    snapshot, lang = record.snapshot, sources.lang
    told = row or {}
    cited = sources.cite(claim.source)
    row_marking = record.cells.get("marking")
    marking = marking_title(snapshot, told["marking"], lang) if told and told["marking"] != row_marking else None
    confidence = code_label("confidence", claim.confidence, lang)
    basis = Basis(cited, claim.source == UNSOURCED, claim.locator, confidence, claim.confidence == "low", marking)
    return Claimed(
        value_html(snapshot, own, claim.value, lang),
        claim.status,
        code_label("claim_status", claim.status, lang),
        basis,
        claim.entered_at,
        told.get("superseded_at"),
        told.get("entered_by"),
        claim.reason.in_(lang) if claim.reason else "",
    )
