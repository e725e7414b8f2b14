"""Changes of the record: actions that write claims and judgements beside their audit event.

Whoever changes the record does it from a register that is caught up while the chain is locked, so that what was decided on is what stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import polars as pl

from comity.register.snapshot import Snapshot
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.append import append
from comity_desk.ledger.difference import differences
from comity_desk.ledger.register import State, current, entries_of
from comity_desk.ledger.snapshots import snapshot_for

T = TypeVar("T")


class RecordAction(Action[T]):
    """A change of the record. In `check` and `perform`, `self.state` is the truth and `self.seen` what the actor may see."""

    state: State
    seen: Snapshot

    def check(self) -> None:
        """Look at the register as it stands now; call it first when overriding."""
        self.state = current()
        self.seen = snapshot_for(self.actor.reader) if self.actor is not None else self.state.register.snapshot("everything")

    def write(self, event: Event, rows: Mapping[str, pl.DataFrame]) -> int:
        """Make these rows stand; how many entries that took."""
        return write(event, rows, self.state)


def write(event: Event, rows: Mapping[str, pl.DataFrame], state: State) -> int:
    """Append what turns the register at `state` into one with these rows (kind → whole rows)."""
    if any(kind != "claim" and table["id"].is_duplicated().any() for kind, table in rows.items()):
        raise ValueError("a record stands twice among the rows")
    touched = _touched(rows, state.keys)
    entries = entries_of([key for own in touched.values() for key in own.values()])
    return append(event, differences(entries, touched, rows))


def _touched(rows: Mapping[str, pl.DataFrame], keys: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, bytes]]:
    """The keys of known records that these rows touch."""
    refs: list[tuple[str, Any]] = [(kind, one) for kind, table in rows.items() if kind != "claim" for one in table["id"]]
    refs += list(rows["claim"].select("record_kind", "record").iter_rows()) if "claim" in rows else []
    touched: dict[str, dict[str, bytes]] = {}
    for kind, one in refs:
        if one in keys.get(kind, {}):
            touched.setdefault(kind, {})[one] = keys[kind][one]
    return touched
