"""On which source does a new value rest?

A source is named by its id, or described by its address and title; one that the register has under that address is taken instead of a new
one. Only sources handed in are looked at, so that a match tells nothing of any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from comity.register.duplicates import address
from comity.register.editing_claims import Row
from comity.vocab.errors import Fault
from comity.vocab.kinds import Kind
from comity.vocab.text import Text

SOURCE_CELLS = {  # cells beside those of the kind → fields of the source that they describe
    "source_url": "url",
    "source_title": "title",
    "source_publisher": "publisher",
    "source_published": "published",
    "source_type": "source_type",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """On what new values rest: the id of a source or the description of one, the place in it, how sure it is, who may see it, who enters it.

    What is not given is that of the row; the marking is that of the value that stands for the editor.
    """

    source: str | None = None
    locator: str | None = None
    confidence: str | None = None
    marking: str | None = None
    entered_by: str | None = None
    source_url: str | None = None
    source_title: str | None = None
    source_publisher: str | None = None
    source_published: str | None = None
    source_type: str | None = None

    def described_by(self, cells: Mapping[str, str | None]) -> Basis:
        """This basis with the source that cells beside those of the kind describe."""
        return replace(self, **{name: cells[name] or getattr(self, name) for name in SOURCE_CELLS if name in cells})

    @property
    def source_cells(self) -> dict[str, str | None]:
        """The source as cells name or describe it."""
        return {name: getattr(self, name) for name in ("source", *SOURCE_CELLS)}


def source_cells(kind: Kind) -> dict[str, str]:
    """The cells that may describe a new source beside those of a kind; none where the kind rests on no source or has a field of that name."""
    return {name: target for name, target in SOURCE_CELLS.items() if not kind.has(name)} if kind.has("source") else {}


def addresses(sources: pl.DataFrame, cells: Mapping[str, str | None]) -> dict[str, str | None]:
    """Ids and addresses of the sources that these cells may mean: the one of that id, and those of that address."""
    url = address(cells.get("source_url"))
    same = pl.col("url").str.to_lowercase().str.contains(url.lower(), literal=True).fill_null(False) if url else pl.lit(False)
    meant = sources.filter(same | pl.col("id").is_in([cells.get("source")]))
    return {one: address(found) for one, found in meant.select("id", "url").iter_rows()}


def source_named(
    cells: Mapping[str, str | None], known: Mapping[str, str | None], made: dict[str, Row], today: date, name: Callable[[Row], str]
) -> tuple[str | None, list[str]]:
    """The source that cells name: its id, or that of the one with that address among `known` and `made`, or of one made now (put into `made`).

    `name` gives the id of a new one from its cells, among them the id that was asked for. The second value is the address that the source of that id has instead of the one given, where it differs.
    """
    given, url = cells.get("source"), address(cells.get("source_url"))
    if not any(cells.get(one) for one in SOURCE_CELLS):
        return given, []
    every = {**known, **{one: address(row["url"]) for one, row in made.items()}}
    if given in every:
        return given, [] if url in (None, every[given]) else [str(every[given])]
    same = next((one for one, found in every.items() if found and found == url), None)
    if same and not given:
        return same, []
    described = {target: cells.get(cell) for cell, target in SOURCE_CELLS.items()}
    described |= {"source_type": described["source_type"] or "other", "retrieved": today.isoformat(), "marking": cells.get("marking")}
    made_id = name(described | {"id": given})
    made[made_id] = described | {"id": made_id}
    return made_id, []


def other_address(file: str, line: int | None, urls: Iterable[str]) -> list[Fault]:
    """The faults of an address that is not that of the source named."""
    return [Fault(file, line, "source_url", "other-address", _OTHER_ADDRESS.format(url=url), _SAY_ONE) for url in urls]


_OTHER_ADDRESS = Text("The source of that id has the address {url}.", "그 식별자의 출처는 주소가 {url}입니다.")
_SAY_ONE = Text("Give the id or the address, not both.", "식별자와 주소 가운데 하나만 적으십시오.")
