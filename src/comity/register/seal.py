"""The seal of a package: a fingerprint of each row, so that an edit without a reason is seen.

`seal.csv` holds one line a record. When a row no longer matches its fingerprint, `claims.csv` must hold the value that stood before as a
superseded claim with its reason and day: putting those values back must give the sealed row again. `comity edition` seals anew.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from comity.register.package import Package, replace_file
from comity.register.tables import faults_where
from comity.vocab.errors import Fault
from comity.vocab.kinds import kinds
from comity.vocab.text import Text

SEAL_FILE = "seal.csv"
UNSEALED = frozenset({"claim", "source", "finding", "coverage"})
BETWEEN = "\x1f"
STATES = 20_000  # former states of one row that are tried: each of its cells may have changed several times since the seal


def write_seal(package: Package) -> Path:
    """Write the fingerprints of the package's own rows as they stand."""
    target = package.path / SEAL_FILE
    replace_file(target, seal_text(package))
    return target


def seal_text(package: Package) -> str:
    """The fingerprints of the package's own rows as they stand, as CSV."""
    return _sealed(_own(package)).sort("kind", "id").write_csv(line_terminator="\n")


def seal_faults(package: Package) -> list[Fault]:
    """Rows changed or removed since the seal whose former values are not kept as superseded claims."""
    path = package.path / SEAL_FILE
    if not path.is_file():
        return []
    try:
        sealed = pl.read_csv(path, infer_schema=False)
        sealed = sealed.select("kind", "id", pl.col("fingerprint").alias("_was"))
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return [Fault(SEAL_FILE, None, None, "broken-seal", _BROKEN, _RESEAL)]
    own = _own(package)
    now = _sealed(own)
    gone = sealed.join(now, on=["kind", "id"], how="anti")
    faults = [
        Fault(kinds()[kind].file if kind in kinds() else SEAL_FILE, None, "id", "row-removed", _REMOVED.format(id=record), _KEEP, record=record)
        for kind, record, _ in gone.iter_rows()
    ]
    changed = now.join(sealed, on=["kind", "id"]).filter(pl.col("fingerprint") != pl.col("_was"))
    if changed.is_empty():
        return faults
    unexplained = changed.filter(
        ~pl.Series(
            [_explained(own[kind], kind, record, was, package.tables["claim"]) for kind, record, was in changed.select("kind", "id", "_was").iter_rows()],
            dtype=pl.Boolean,
        )
    )
    for name in unexplained["kind"].unique().sort():
        rows = own[name].filter(pl.col("id").is_in(unexplained.filter(pl.col("kind") == name)["id"].implode()))
        faults += faults_where(rows, None, "edit-without-reason", _EDITED, _EXPLAIN)
    return faults


def _own(package: Package) -> dict[str, pl.DataFrame]:
    """Rows of the package itself, not of those that it extends."""
    own: dict[str, pl.DataFrame] = {}
    for name, table in package.tables.items():
        if name in UNSEALED or not (package.path / kinds()[name].file).is_file():
            continue
        own[name] = table
    return own


def _sealed(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    rows: list[tuple[str, str, str]] = []
    for name, table in tables.items():
        for cells in table.select(kinds()[name].columns).iter_rows():
            rows.append((name, str(cells[0]), _fingerprint(cells)))
    return pl.DataFrame(rows, schema={"kind": pl.String, "id": pl.String, "fingerprint": pl.String}, orient="row").unique(
        ["kind", "id"], keep="first", maintain_order=True
    )


def _explained(table: pl.DataFrame, kind: str, record: str, was: str, claims: pl.DataFrame) -> bool:
    """Whether putting values that stood before (superseded claims) back into the row gives the sealed row again."""
    on_row = claims.filter((pl.col("record_kind") == kind) & (pl.col("record") == record) & (pl.col("status") == "superseded"))
    cells = table.filter(pl.col("id") == record).select(kinds()[kind].columns).row(0, named=True)
    former: dict[str, list[str | None]] = {}
    for field, value in on_row.sort("superseded_at", "id", descending=True, nulls_last=True).select("field", "value").iter_rows():
        if field in cells:
            former.setdefault(field, []).append(value)
    each = [[cells[field], *values] for field, values in former.items()]
    states = (cells | dict(zip(former, values, strict=True)) for values in itertools.islice(itertools.product(*each), STATES))
    return any(_fingerprint(list(state.values())) == was for state in states)


def _fingerprint(cells: Sequence[str | None]) -> str:
    text = BETWEEN.join("" if cell is None else cell for cell in cells)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_BROKEN = Text("The seal cannot be read.", "봉인 파일을 읽을 수 없습니다.")
_RESEAL = Text("Take it from the last edition again.", "마지막 판에서 다시 가져오십시오.")
_REMOVED = Text("The sealed record {id} was removed.", "봉인된 기록 {id}이(가) 사라졌습니다.")
_KEEP = Text(
    "Put the row back and add a withdrawn claim on '*' with the reason to claims.csv.", "행을 되살리고 claims.csv에 '*' 철회 주장과 이유를 적으십시오."
)
_EDITED = Text("The row was changed since the last edition and claims.csv does not say why.", "마지막 판 이후 행이 바뀌었으나 claims.csv에 이유가 없습니다.")
_EXPLAIN = Text(
    "Add each former value to claims.csv as superseded, with its day and reason.", "이전 값을 대체됨으로 claims.csv에 날짜와 이유와 함께 적으십시오."
)
