"""How much of the register is filled in: which share of the cells of each field of each kind holds a value?

It reads every visible record of every kind, also those that counts leave out: whether a cell is filled does not depend on what the record counts as.
Measures ask `filled` before they answer: under `ENOUGH` they say 'not enough data' instead of a number. A full field is not a right
field, and an empty cell does not always want filling: an agreement without a fixed last day has no `expires`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text

ENOUGH = 0.30  # below this, what is known speaks more of who happened to be looked up than of the whole
SCHEMA = {"kind": pl.String, "field": pl.String, "filled": pl.Float64, "records": pl.Int64, "required": pl.Boolean}


def fill(snapshot: Snapshot) -> Result:
    """Share of filled cells of every field of every kind that has records, in the order of the vocabulary.

    Rows: `kind`, `field`, `filled` (0-1), `records` (number of records of the kind), `required`. Kinds without records are named in a note.
    """
    rows = [row for kind in kinds().values() for row in _fields(snapshot.frame(kind.name), kind)]
    empty = [kind.plural_label for kind in kinds().values() if snapshot.frame(kind.name).is_empty()]
    notes = (_NO_RECORDS.format(kinds=_joined(empty)),) if empty else ()
    return result("fill", snapshot, pl.DataFrame(rows, schema=SCHEMA, orient="row"), as_of=_looked_after(snapshot), notes=notes)


def filled(frame: pl.DataFrame, fields: Iterable[str]) -> float:
    """Share (0-1) of the cells of these columns that hold a value: neither null nor an empty list. 0 where there are no cells.

    >>> filled(pl.DataFrame({"n": [1000, None], "domains": [["land"], []]}), ["n", "domains"])
    0.5
    """
    names = list(fields)
    if frame.is_empty() or not names:
        return 0.0
    shares = frame.select(_holds(frame, name).mean().alias(name) for name in names).row(0)
    return float(sum(shares)) / len(names)


def not_enough(what: Text, share: float) -> Text:
    """The sentence that stands in the place of a number whose inputs are filled under `ENOUGH`."""
    return _NOT_ENOUGH.format(what=what, share=f"{100 * share:.0f}", enough=f"{100 * ENOUGH:.0f}")


def _fields(frame: pl.DataFrame, kind: Kind) -> list[tuple[str, str, float, int, bool]]:
    if frame.is_empty():
        return []
    return [(kind.name, field.name, filled(frame, [field.name]), frame.height, field.required) for field in kind.fields]


def _holds(frame: pl.DataFrame, name: str) -> pl.Expr:
    if isinstance(frame.schema[name], pl.List):
        return (pl.col(name).list.len() > 0).fill_null(False)
    return pl.col(name).is_not_null()


def _looked_after(snapshot: Snapshot) -> date:
    """The last day on which the record was looked after: as the package says, else the latest day of entry, so that no clock is read."""
    until = snapshot.settings.get("until")
    if isinstance(until, date):
        return until
    frames = [snapshot.frame(name) for name, kind in kinds().items() if kind.has("entered_at")]
    entered = [day for frame in frames if isinstance(day := frame["entered_at"].max(), date)]
    return max(entered, default=date.min)


def _joined(labels: list[Text]) -> Text:
    return Text(", ".join(label.en for label in labels), ", ".join(label.ko for label in labels))


_NO_RECORDS = Text("No records yet: {kinds}.", "아직 기록이 없는 종류: {kinds}.")
_NOT_ENOUGH = Text(
    "Not enough data for {what}: {share} % of the fields that it needs are filled, {enough} % are wanted.",
    "자료 부족({what}): 필요한 항목의 {share}%만 입력되어 있어 기준 {enough}%에 못 미칩니다.",
)
