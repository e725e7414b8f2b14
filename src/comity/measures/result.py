"""What a measure answers: a table of rows, with the day, the snapshot and the settings that it was computed from.

Every row that carries a number also carries `records`: the `kind:id` of what is behind it. Missing values are null, never 0.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.register.snapshot import Snapshot


@dataclass(frozen=True)
class Result:
    """Rows of a measure and what they were computed from."""

    measure: str
    as_of: date
    home: str
    snapshot: str
    settings: dict[str, Any]
    rows: pl.DataFrame
    notes: tuple[Text, ...] = ()
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    def answer(self, lang: Lang = "en") -> dict[str, Any]:
        """The JSON object that commands and files give: `as_of`, `home`, `snapshot`, `settings`, `rows`, and further tables."""
        head = {"measure": self.measure, "as_of": self.as_of.isoformat(), "home": self.home, "snapshot": self.snapshot, "settings": self.settings}
        notes = {"notes": [note.in_(lang) for note in self.notes]} if self.notes else {}
        return head | notes | {"rows": self.rows.to_dicts()} | {name: table.to_dicts() for name, table in self.tables.items()}


def result(
    measure: str,
    snapshot: Snapshot,
    rows: pl.DataFrame,
    *,
    as_of: date,
    home: str | None = None,
    settings: Any = None,
    notes: tuple[Text, ...] = (),
    tables: dict[str, pl.DataFrame] | None = None,
) -> Result:
    """A `Result` on this snapshot; `settings` may be a dataclass or a mapping."""
    plain = dataclasses.asdict(settings) if dataclasses.is_dataclass(settings) and not isinstance(settings, type) else dict(settings or {})
    plain["include_unsourced"] = snapshot.include_unsourced
    return Result(measure, as_of, home or snapshot.home, snapshot.hash, plain, rows, notes, tables or {})
