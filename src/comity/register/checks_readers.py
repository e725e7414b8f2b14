"""Is a fault between records one that an editor could have been told of?

Who enters a record may not see another with which it does not go together: one happening entered twice, two states at one time, a span that
leaves an unseen record outside. The edit could not be refused without telling of what is hidden, and so a register may come to hold both.
Such a fault is no error that keeps the register from loading, but a warning to those who see both; within one marking it is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from comity.register.checks_logic import logic_faults
from comity.register.tables import CheckedTables
from comity.vocab.errors import Fault

Told = tuple[str, str | None, str | None]


def between_readers(faults: list[Fault], tables: Mapping[str, pl.DataFrame], settings: dict[str, Any]) -> list[Fault]:
    """Faults between records, as warnings where they arise only between records under different markings."""
    used = sorted({one for table in tables.values() if "marking" in table.columns for one in table["marking"].drop_nulls().unique()})
    if len(used) < 2 or not any(fault.severity == "error" for fault in faults):
        return faults
    within = {_told(fault) for marking in used for fault in logic_faults(CheckedTables(_under(tables, marking)), settings)}
    return [fault if _told(fault) in within or fault.record is None else replace(fault, severity="warning") for fault in faults]


def _under(tables: Mapping[str, pl.DataFrame], marking: str) -> dict[str, pl.DataFrame]:
    """What carries the marking, and what carries none."""
    return {name: table.filter(pl.col("marking") == marking) if "marking" in table.columns else table for name, table in tables.items()}


def _told(fault: Fault) -> Told:
    return fault.code, fault.field, fault.record
