"""The record to take away, made in the background: a data package, typed Parquet frames, or the CSV of one kind.

What is written is what the owner may see, and nothing else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from comity.register.edition import zip_bytes
from comity.register.exporting import export_package, export_parquet
from comity.register.package import table_text
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.jobs.work import Output, Running, job
from comity_desk.lib import clock
from comity_desk.lib.errors import Refused

EXPORT = Text("Export of the record", "기록 내보내기")
FORMS = {
    "package": Text("Data package (CSV)", "데이터 패키지(CSV)"),
    "parquet": Text("Typed frames (Parquet)", "자료형이 있는 표(Parquet)"),
    "csv": Text("One kind as CSV", "한 종류(CSV)"),
}


def clean_export(given: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """Form, and the kind where one is needed."""
    form, kind = str(given.get("form", "package")), str(given.get("kind", ""))
    if form not in FORMS:
        raise Refused(_NO_FORM.format(form=repr(form), all=", ".join(FORMS)))
    if form != "csv":
        return {"form": form}
    if kind not in kinds():
        raise Refused(_NO_KIND.format(kind=repr(kind)))
    return {"form": form, "kind": kind}


def title_export(parameters: dict[str, Any], snapshot: Snapshot) -> Text:
    """What is exported."""
    if parameters["form"] == "csv":
        return _KIND_TITLE.format(kind=kinds()[parameters["kind"]].label)
    return _TITLE.format(form=FORMS[parameters["form"]])


@job("export", label=EXPORT, permission="export.make", clean=clean_export, title=title_export)
def export(running: Running) -> Output:
    """The record in the form asked for."""
    told, snapshot = running.parameters, running.snapshot
    running.progress(0, 1, Text("Writing the record", "기록 작성 중"))
    name = f"{snapshot.settings.get('name') or 'record'}-{clock.today().isoformat()}"
    with running.interruptible():
        if told["form"] == "csv":
            kind = kinds()[told["kind"]]
            return Output(f"{name}-{kind.file}", "text/csv; charset=utf-8", table_text(snapshot.table(kind.name), kind).encode())
        write = export_package if told["form"] == "package" else export_parquet
        return Output(f"{name}-{told['form']}.zip", "application/zip", zipped(snapshot, write, name))


def zipped(snapshot: Snapshot, write: Callable[[Snapshot, Path], list[Path]], name: str) -> bytes:
    """The files that `write` writes, in one archive that is the same for the same record."""
    with tempfile.TemporaryDirectory() as folder:
        files = {path.name: path.read_bytes() for path in write(snapshot, Path(folder))}
    return zip_bytes(name, files)


_TITLE = Text("Record: {form}", "기록: {form}")
_KIND_TITLE = Text("Record: {kind} as CSV", "기록: {kind}(CSV)")
_NO_FORM = Text("There is no form {form}; there are {all}.", "{form} 형식은 없습니다. 있는 형식: {all}.")
_NO_KIND = Text("There is no kind {kind}.", "{kind} 종류는 없습니다.")
