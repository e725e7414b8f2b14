"""Rows of each form, made by hand, and a writer of files: plain, zipped, broken."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polars as pl
import pytest

from comity.sources.reading import EVENT_SCHEMA, QUARANTINE_SCHEMA, Batch
from comity.sources.reasons import REASONS, REPAIRS

collect_ignore_glob = ["fuzz/*"]  # run by hand, with atheris
TAIL_61 = {"place": 51, "lat": 56, "lon": 57, "added": 59}
TAIL_58 = {"place": 49, "lat": 53, "lon": 54, "added": 56}


def gdelt_row(columns: int = 61, **cells: str) -> str:
    """A GDELT line: the Republic of Korea's government consults Japan by telephone on 21 January 2019; cells by name."""
    places = TAIL_61 if columns == 61 else TAIL_58
    day = cells.get("day", "20190121")
    code = cells.get("code", "041")
    row = [""] * columns
    head = ["817930293", day, day[:6], day[:4], "2019.0575", "KORGOV", "SOUTH KOREA", "KOR", "", "", "", "", "GOV", "", "", "JPN", "JAPAN", "JPN"]
    row[: len(head)] = head
    row[25:35] = ["1", code, code[:3], code[:2], "1", "1.0", "10", "2", "8", "-0.5"]
    row[places["place"]], row[places["place"] + 1], row[places["place"] + 2] = "1", "South Korea", "KS"
    row[places["lat"]], row[places["lon"]] = "37", "127.5"
    row[places["added"]] = "20190121220000" if columns == 61 else "20190122"
    if columns > 57:
        row[-1] = "https://example.org/a"
    at = {"id": 0, "month": 2, "actor1_code": 5, "actor1": 7, "role1": 12, "actor2_code": 15, "actor2": 17, "base": 27, "root": 28, "quad": 29}
    at |= {"goldstein": 30, "mentions": 31, "outlets": 32, "articles": 33, "tone": 34, "added": places["added"], "fips": places["place"] + 2}
    at |= {"lat": places["lat"], "lon": places["lon"], "name": places["place"] + 1}
    for name, value in cells.items():
        if name in at:
            row[at[name]] = value
    return "\t".join(row)


@pytest.fixture(scope="session")
def row() -> Callable[..., str]:
    """Make one GDELT line."""
    return gdelt_row


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write lines or bytes to a file, zipped where its name ends so, and give its path."""

    def write(content: Iterable[str] | bytes, name: str = "20190121220000.export.CSV") -> Path:
        data = content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode()
        path = tmp_path / name
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name.removesuffix(".zip"), data)
        else:
            path.write_bytes(data)
        return path

    return write


class Read:
    """All batches of a file at once, with the account that every reader must keep."""

    def __init__(self, batches: Iterator[Batch], schema: dict[str, pl.DataType] | None = None) -> None:
        found = list(batches)
        self.batches = len(found)
        self.events = pl.concat([batch.events for batch in found]) if found else pl.DataFrame(schema=schema or EVENT_SCHEMA)
        self.quarantine = pl.concat([batch.quarantine for batch in found]) if found else pl.DataFrame(schema=QUARANTINE_SCHEMA)
        self.lines = sum(batch.lines for batch in found)
        self.repaired: dict[str, int] = {}
        for batch in found:
            for name, count in batch.repaired.items():
                self.repaired[name] = self.repaired.get(name, 0) + count
        assert dict(self.events.schema) == (schema or EVENT_SCHEMA)
        assert dict(self.quarantine.schema) == QUARANTINE_SCHEMA
        kept_out = self.quarantine.filter(pl.col("line").is_not_null())
        assert self.events.height + kept_out.height == self.lines, "a line was lost or told twice"
        numbers = [*self.events["line"], *kept_out["line"]]
        assert len(set(numbers)) == len(numbers)
        assert set(self.quarantine["reason"]) <= set(REASONS)
        assert set(self.repaired) <= set(REPAIRS)

    @property
    def reasons(self) -> dict[str, int]:
        """How often each reason."""
        return dict(self.quarantine.group_by("reason").len().iter_rows())

    def only_reason(self) -> tuple[str | None, str]:
        """Field and reason of the one row in quarantine."""
        assert self.quarantine.height == 1
        field, reason = self.quarantine.select("field", "reason").row(0)
        return field, reason


@pytest.fixture(scope="session")
def reading() -> type[Read]:
    """Read a file to its end and check the account of its lines."""
    return Read
