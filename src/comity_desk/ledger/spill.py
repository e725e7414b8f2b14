"""What if something stands in the record that must not be there? Two officers destroy it; a stub stays, and the chain holds.

One officer names what is to be destroyed (cells of a record, a record as a whole, or every entry that holds certain words) and says why; a
second, who is another person, confirms. Then content and salt of those entries are emptied, and a destruction entry is written for each, so
that the ledger itself tells that something was there. Judgements whose words go are written anew without words, so that what they decided
stays decided. What was made from the record (kept results, indexes, drafts, files) is destroyed by the parts that hold it, which register
with `also_destroys`. What left the desk (downloads, backups, other processes' memory dumps) is beyond it: see the drill in the how-to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from comity.register import cache
from comity.vocab.text import Text
from comity_desk.audit.actions import Action, after_commit
from comity_desk.audit.chain import canonical
from comity_desk.audit.models import Event
from comity_desk.ledger import register, snapshots
from comity_desk.ledger.append import Draft, append
from comity_desk.ledger.fold import JUDGED, standing
from comity_desk.ledger.models import CLAIM, DESTRUCTION, JUDGEMENT, SpillOrder
from comity_desk.ledger.register import current, entries_of
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import background, clock, tokens
from comity_desk.lib.errors import NOTHING_HERE, NotFound, NotPermitted, Refused


@dataclass(frozen=True, slots=True)
class Scope:
    """What a spill is about: records (their refs) and words, for those who hold copies."""

    refs: tuple[str, ...]
    words: str


_ALSO: list[Callable[[Scope], int]] = []


def also_destroys(hook: Callable[[Scope], int]) -> Callable[[Scope], int]:
    """Register what destroys copies held elsewhere at the desk; it runs inside the same transaction and gives how many it destroyed."""
    if hook not in _ALSO:
        _ALSO.append(hook)
    return hook


def entries_about(ref: str, field: str | None) -> list[int]:
    """Numbers of the entries that say something of a record, or of one field of it: its claims and the judgements on them."""
    kind, _, record_id = ref.partition(":")
    key = current().keys.get(kind, {}).get(record_id)
    if key is None:
        return []
    entries = entries_of([key])
    claims = standing(entries)
    wanted = claims if field is None else claims.filter(claims["field"] == field)
    about = entries.filter(entries["claim"].is_in(wanted["claim"].implode()) & entries["content"].is_not_null() & (entries["type"] != DESTRUCTION))
    return about["number"].to_list()


def entries_holding(words: str) -> list[int]:
    """Numbers of the entries whose content holds these words as they are written."""
    inside = canonical({"": words})[5:-2]  # as JSON spells them
    with connection.cursor() as cursor:
        place = "instr(content, %s)" if connection.vendor == "sqlite" else "strpos(content, %s)"
        cursor.execute(f"SELECT number FROM ledger_entry WHERE content IS NOT NULL AND type <> %s AND {place} > 0 ORDER BY number", [DESTRUCTION, inside])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def events_holding(words: str) -> list[int]:
    """Numbers of the audit events whose words hold these."""
    inside = canonical({"": words})[5:-2]
    with connection.cursor() as cursor:
        place = "instr(content, %s)" if connection.vendor == "sqlite" else "strpos(content, %s)"
        cursor.execute(f"SELECT number FROM audit_event WHERE content IS NOT NULL AND {place} > 0 ORDER BY number", [inside])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


@dataclass(kw_only=True)
class OrderDestruction(Action[SpillOrder]):
    """The first officer names what is to be destroyed. Nothing is destroyed yet.

    The officer must be able to see the record named; words are looked for in the whole ledger, and only how many entries hold them is told.
    The event names the order and not what it is about: its words would be a copy.
    """

    permission: ClassVar[str] = "spill.order"
    audit_event: ClassVar[str] = "spill-ordered"
    reason_needed: ClassVar[bool] = True

    ref: str = ""
    field: str | None = None
    words: str = ""
    order: str = ""

    @property
    def target(self) -> str:
        """The order's key."""
        self.order = self.order or tokens.token(10)
        return f"spill:{self.order}"

    def check(self) -> None:
        """Refuse what names nothing."""
        if self.ref and (self.actor is None or not snapshot_for(self.actor.reader).has_record(self.ref)):
            raise NotFound(NOTHING_HERE)
        if len(self.words.strip()) < 4 and not self.ref:
            raise Refused(_NAME_IT)
        if self.words.strip() and self.words.strip() in self.reason:
            raise Refused(_REPEATED)

    def perform(self, event: Event) -> SpillOrder:
        """Note the order and the entries that it is about."""
        numbers = sorted({*(entries_about(self.ref, self.field) if self.ref else []), *(entries_holding(self.words) if self.words.strip() else [])})
        events = events_holding(self.words) if self.words.strip() else []
        if not numbers and not events:
            raise Refused(_NOTHING)
        made = {"ref": self.ref, "field": self.field, "words": self.words, "reason": self.reason, "entries": numbers, "events": events}
        return SpillOrder.objects.create(key=self.order, ordered_by=self.actor, ordered_at=clock.now(), content=made)


@dataclass(kw_only=True)
class ConfirmDestruction(Action[int]):
    """The second officer confirms: the content is destroyed; gives the number of entries that became stubs."""

    permission: ClassVar[str] = "spill.order"
    audit_event: ClassVar[str] = "spill-confirmed"
    reason_needed: ClassVar[bool] = True

    order: SpillOrder

    @property
    def target(self) -> str:
        """The order's key."""
        return f"spill:{self.order.key}"

    def check(self) -> None:
        """Two persons, one order that is open."""
        self.order = SpillOrder.objects.select_for_update().get(pk=self.order.pk)
        if self.order.state != SpillOrder.ORDERED:
            raise Refused(_SETTLED)
        if self.actor is not None and self.order.ordered_by_id == self.actor.pk:
            raise NotPermitted(_SECOND)

    def perform(self, event: Event) -> int:
        """Write what must stay, destroy the rest, and drop what processes hold."""
        told: dict[str, Any] = dict(self.order.content or {})
        numbers, refs = _still_there(told)
        append(event, [*_judgements_without_words(numbers, told["words"].strip()), *_destructions(numbers, self.order.key)])
        _empty("ledger_entry", numbers)
        _empty("audit_event", told["events"])
        scope = Scope(tuple(refs), told["words"])
        for hook in _ALSO:
            hook(scope)
        background.forget_all()
        self.order.settle(SpillOrder.CONFIRMED, self.actor, clock.now(), len(numbers))
        after_commit(_forget)
        return len(numbers)


@dataclass(kw_only=True)
class CancelDestruction(Action[None]):
    """An officer withdraws an order; nothing is destroyed but the order's own words."""

    permission: ClassVar[str] = "spill.order"
    audit_event: ClassVar[str] = "spill-cancelled"
    reason_needed: ClassVar[bool] = True

    order: SpillOrder

    @property
    def target(self) -> str:
        """The order's key."""
        return f"spill:{self.order.key}"

    def perform(self, event: Event) -> None:
        """Settle it."""
        if self.order.state != SpillOrder.ORDERED:
            raise Refused(_SETTLED)
        self.order.settle(SpillOrder.CANCELLED, self.actor, clock.now(), 0)


def _still_there(told: dict[str, Any]) -> tuple[list[int], list[str]]:
    """The entries as they stand now (more may hold the words since), and the records that they are of."""
    numbers = {
        *told["entries"],
        *(entries_about(told["ref"], told["field"]) if told["ref"] else []),
        *(entries_holding(told["words"]) if told["words"].strip() else []),
    }
    state, rows = current(), _rows(sorted(numbers))
    records = {row[3] for row in rows}
    refs = [f"{kind}:{one}" for kind, own in state.keys.items() for one, key in own.items() if key in records]
    return [row[0] for row in rows if row[4] is not None], refs


def _rows(numbers: list[int]) -> list[tuple[int, str, bytes, bytes, str | None]]:
    found: list[tuple[int, str, bytes, bytes, str | None]] = []
    for at in range(0, len(numbers), 500):
        part = numbers[at : at + 500]
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(part))
            cursor.execute(f"SELECT number, type, claim, record, content FROM ledger_entry WHERE number IN ({places}) ORDER BY number", part)  # noqa: S608
            found += [(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4]) for row in cursor.fetchall()]
    return found


def _judgements_without_words(numbers: list[int], words: str) -> list[Draft]:
    """Judgements that go while their claim stays, written anew without the reasons: what they decided holds."""
    rows = _rows(numbers)
    gone = {row[2] for row in rows if row[1] == CLAIM}
    kept = [row for row in rows if row[1] == JUDGEMENT and row[2] not in gone]
    if not kept:
        return []
    stands = {row["claim"]: row for row in standing(entries_of(sorted({row[3] for row in kept}))).iter_rows(named=True)}
    drafts = []
    for claim, record in dict.fromkeys((row[2], row[3]) for row in kept):
        if claim in stands:
            said = {name: stands[claim][name] for name in JUDGED if name not in ("reason_en", "reason_ko")}
            said = {name: None if words and words in str(value) else value for name, value in said.items()}
            drafts.append(Draft(JUDGEMENT, claim, record, canonical(said)))
    return drafts


def _destructions(numbers: list[int], order: str) -> list[Draft]:
    return [Draft(DESTRUCTION, row[2], row[3], canonical({"destroyed": row[0], "order": order})) for row in _rows(numbers)]


def _empty(table: str, numbers: list[int]) -> None:
    for at in range(0, len(numbers), 500):
        part = numbers[at : at + 500]
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET content = NULL, salt = NULL WHERE number IN ({', '.join(['%s'] * len(part))})", part)  # noqa: S608 - names of ours


def _forget() -> None:
    """Drop what this process and its cache folder hold; other processes follow when they see the head move."""
    register.forget()
    snapshots.forget()
    cache.forget_results()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_NAME_IT = Text("Name a record, or at least four letters of the words.", "기록을 지정하거나 네 글자 이상의 문구를 적으십시오.")
_NOTHING = Text("Nothing in the ledger holds that.", "원장에 해당 내용이 없습니다.")
_REPEATED = Text("The reason repeats the words that are to be destroyed; say it without them.", "이유에 파기할 문구가 들어 있습니다. 그 문구 없이 적으십시오.")
_SETTLED = Text("The order was settled already.", "이미 처리된 지시입니다.")
_SECOND = Text("A second officer must confirm; you gave the order.", "지시한 사람은 승인할 수 없습니다. 다른 담당관이 승인해야 합니다.")
