"""Faults of a package as a table (file, row, field, what, how to mend) or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from comity.vocab.errors import Fault
from comity.vocab.text import Lang, Text

HEADINGS = (Text("", ""), Text("File", "파일"), Text("Row", "행"), Text("Field", "항목"), Text("What is wrong", "문제"), Text("How to mend it", "고치는 법"))
SEVERITY = {"error": Text("error", "오류"), "warning": Text("warning", "주의")}
SUMMARY = Text("{errors} errors, {warnings} warnings.", "오류 {errors}건, 주의 {warnings}건.")


def print_faults(faults: Sequence[Fault], lang: Lang, *, as_json: bool = False) -> None:
    """Print every fault and how many there are."""
    if as_json:
        print(json.dumps({"faults": [fault_row(fault, lang) for fault in faults]}, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 200)
    if faults:
        table = Table(header_style="bold", box=None, pad_edge=False)
        for heading in HEADINGS:
            table.add_column(heading.in_(lang), overflow="fold")
        for fault in faults:
            table.add_row(SEVERITY[fault.severity].in_(lang), fault.file, str(fault.row or ""), fault.field or "", fault.what.in_(lang), fault.mend.in_(lang))
        console.print(table)
    errors = sum(fault.severity == "error" for fault in faults)
    console.print(SUMMARY.format(errors=errors, warnings=len(faults) - errors).in_(lang))


def fault_row(fault: Fault, lang: Lang) -> dict[str, Any]:
    """A fault as plain values."""
    place = {"severity": fault.severity, "file": fault.file, "row": fault.row, "field": fault.field, "record": fault.record, "code": fault.code}
    return place | {"what": fault.what.in_(lang), "mend": fault.mend.in_(lang)}
