"""Which entries turn the register as it stands into these rows? One claim for each cell that differs, judgements for claims that stand otherwise.

Rows come as the library writes them: whole rows of a kind, and rows of claims. A row of claims that names the value which a cell shows, or
showed until now, is a judgement on the claim that is there already; any other is a claim of its own. Folding the ledger with the drafts
appended gives the rows again (held by a test on random edits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from comity.register.package import FILE, LINE
from comity.vocab.kinds import kinds
from comity_desk.audit.chain import canonical
from comity_desk.ledger.append import Draft
from comity_desk.ledger.fold import JUDGED, WHOLE, cells, standing
from comity_desk.ledger.models import CLAIM, JUDGEMENT
from comity_desk.lib import tokens

Row = dict[str, Any]
Cell = tuple[bytes, str]


def differences(entries: pl.DataFrame, keys: Mapping[str, Mapping[str, bytes]], rows: Mapping[str, pl.DataFrame]) -> list[Draft]:
    """Drafts that make `rows` (kind → whole rows) stand; `entries` are all entries of the records touched, `keys` their keys."""
    return list(_Differences(entries, keys).drafts(rows))


class _Differences:
    """What stands, and what is being changed."""

    def __init__(self, entries: pl.DataFrame, keys: Mapping[str, Mapping[str, bytes]]) -> None:
        stands = standing(entries)
        self.keys = {kind: dict(own) for kind, own in keys.items()}
        self.shown: dict[Cell, Row] = {(row["record"], row["field"]): row for row in cells(stands).iter_rows(named=True)}
        self.named: dict[str, Row] = {row["name"]: row for row in stands.filter(pl.col("name").is_not_null()).iter_rows(named=True)}
        self.changed: dict[Cell, tuple[str, str | None, str | None]] = {}
        self.settled: set[bytes] = set()  # claims that a row of claims judges
        self.adopted: set[Cell] = set()  # cells whose new value a row of claims brings

    def drafts(self, rows: Mapping[str, pl.DataFrame]) -> Iterator[Draft]:
        for kind, table in rows.items():
            if kind != "claim":
                self._see(kind, table)
        if "claim" in rows:
            for row in rows["claim"].drop(LINE, FILE, strict=False).iter_rows(named=True):
                yield from self._claim(row)
        for cell, (kind, _, new) in self.changed.items():
            former = self.shown.get(cell)
            if former is not None and former["claim"] not in self.settled:
                yield Draft(JUDGEMENT, former["claim"], cell[0], canonical({"status": "superseded"}))
            if cell not in self.adopted and (new is not None or former is not None):
                yield Draft(CLAIM, tokens.token_bytes(16), cell[0], canonical({"kind": kind, "field": cell[1], "value": new}))

    def _see(self, kind: str, table: pl.DataFrame) -> None:
        """Note which cells of these rows differ from what stands."""
        for row in table.iter_rows(named=True):
            key = self.keys.setdefault(kind, {}).setdefault(row["id"], tokens.token_bytes(16))
            for field in kinds()[kind].columns:
                former = self.shown.get((key, field))
                old = former["value"] if former else None
                if old != row[field] or (former is None and row[field] is not None):
                    self.changed[key, field] = (kind, old, row[field])

    def _claim(self, row: Row) -> Iterator[Draft]:
        key = self.keys[row["record_kind"]][row["record"]]
        cell = (key, row["field"])
        said = {name: row["id"] if name == "name" else row[name] for name in JUDGED}
        known = self.named.get(row["id"])
        if known is not None:
            self._settle(cell, known["claim"], row)
            if any(known[name] != said[name] for name in JUDGED):
                yield Draft(JUDGEMENT, known["claim"], key, canonical(said))
            return
        former = self.shown.get(cell)
        if former is not None and former["name"] is None and former["claim"] not in self.settled and self._is_about(cell, former, row):
            self._settle(cell, former["claim"], row)
            yield Draft(JUDGEMENT, former["claim"], key, canonical(said))
            return
        if row["status"] == "adopted":
            self.adopted.add(cell)
        yield Draft(CLAIM, tokens.token_bytes(16), key, canonical({"kind": row["record_kind"], "field": row["field"], "value": row["value"], **said}))

    def _settle(self, cell: Cell, claim: bytes, row: Row) -> None:
        self.settled.add(claim)
        if row["status"] == "adopted":
            self.adopted.add(cell)

    def _is_about(self, cell: Cell, former: Row, row: Row) -> bool:
        """Whether a new row of claims is about the claim that the cell shows, rather than a claim of its own."""
        if row["field"] == WHOLE or row["value"] != former["value"]:
            return False
        return cell not in self.changed if row["status"] == "adopted" else cell in self.changed


def first_drafts(tables: Mapping[str, pl.DataFrame]) -> tuple[Iterator[Draft], int]:
    """The drafts of a whole register in an empty ledger, and how many they are; made column by column, since they are many."""
    keys = {name: _fresh_keys(table["id"].to_list()) for name, table in tables.items() if name != "claim"}
    claims = tables["claim"]
    adopted = claims.filter(pl.col("status") == "adopted").select(pl.col("record_kind").alias("kind"), pl.col("record").alias("id"), "field", "value")
    longs = [
        (name, _long(name, table).join(adopted, on=["kind", "id", "field", "value"], how="anti", nulls_equal=True))
        for name, table in tables.items()
        if name != "claim" and table.height
    ]
    return _all(keys, claims, longs), claims.height + sum(long.height for _, long in longs)


def _all(keys: dict[str, dict[str, bytes]], claims: pl.DataFrame, longs: list[tuple[str, pl.DataFrame]]) -> Iterator[Draft]:
    for row in claims.drop(LINE, FILE, strict=False).iter_rows(named=True):
        said = {name: row["id"] if name == "name" else row[name] for name in JUDGED}
        content = canonical({"kind": row["record_kind"], "field": row["field"], "value": row["value"], **said})
        yield Draft(CLAIM, tokens.token_bytes(16), keys[row["record_kind"]][row["record"]], content)
    for name, long in longs:
        own = keys[name]
        told = long.select("id", pl.struct("field", "kind", "value").struct.json_encode().alias("content"))
        for record_id, content in told.iter_rows():
            yield Draft(CLAIM, tokens.token_bytes(16), own[record_id], content)


def _long(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """One row a cell that holds something: id, field, value, kind."""
    columns = [pl.col("id").alias("_id"), *(pl.col(column) for column in kinds()[name].columns)]
    long = table.select(columns).unpivot(index="_id", variable_name="field", value_name="value").filter(pl.col("value").is_not_null())
    order = long.with_row_index("_at").join(table.select(pl.col("id").alias("_id")).with_row_index("_row"), on="_id").sort("_row", "_at")
    return order.select(pl.col("_id").alias("id"), "field", "value", pl.lit(name).alias("kind"))


def _fresh_keys(ids: list[str]) -> dict[str, bytes]:
    return {one: tokens.token_bytes(16) for one in ids}
