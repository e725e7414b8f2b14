"""Who reads: the class of readers decides which markings are visible, before anything is resolved or computed.

`public` sees public markings only; an actor's code (`JPN`) sees what is public, what it owns and what is releasable to it by name;
`everything` is for auditors and for the record's own keepers. A clearance narrows what a name opens and opens nothing by itself. A marking
that the package does not declare is visible to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.vocab.errors import UnknownReader
from comity.vocab.kinds import code_of, codes
from comity.vocab.text import Text

PUBLIC = "public"
EVERYTHING = "everything"
LEVELS = "security_level"  # the list of levels, in ascending order
UNLEVELLED = "top_secret"  # a marking that names no level is treated as the highest


@dataclass(frozen=True, slots=True)
class Reader:
    """A class of readers, named `public`, `everything` or by an actor's code, and the level up to which it is cleared (None: no limit by level).

    >>> Reader("JPN", "sekret")
    Traceback (most recent call last):
    ...
    comity.vocab.errors.UnknownCode: 'sekret' is not in the list security_level: unclassified, restricted, confidential, secret, top_secret.
    """

    name: str = PUBLIC
    clearance: str | None = None

    def __post_init__(self) -> None:
        if self.clearance is not None:
            code_of(LEVELS, self.clearance)

    @classmethod
    def named(cls, name: str | Reader, actors: pl.DataFrame) -> Reader:
        """The reader of that name, or `UnknownReader` when no actor carries it."""
        if isinstance(name, Reader):
            return name
        if name in (PUBLIC, EVERYTHING) or (actors["id"] == name).any():
            return cls(name)
        raise UnknownReader(
            Text(
                "No class of readers is called {name}: say public, everything or an actor's code.",
                "{name}이라는 열람자는 없습니다. public, everything 또는 행위자 부호를 쓰십시오.",
            ).format(name=repr(name))
        )

    def visible(self, markings: pl.DataFrame) -> list[str]:
        """Ids of the markings that this reader may see, from the package's table of markings."""
        if self.name == EVERYTHING:
            return markings["id"].to_list()
        named = pl.lit(False)
        if self.name != PUBLIC:
            named = (pl.col("owner") == self.name) | pl.col("releasable_to").str.split(";").list.contains(self.name)
        opened = named.fill_null(False) & self._cleared(markings)
        return markings.filter((pl.col("public") == "true").fill_null(False) | opened)["id"].to_list()

    def _cleared(self, markings: pl.DataFrame) -> pl.Expr:
        """Whether the clearance reaches a marking's level; a level outside the list is beyond every clearance."""
        if self.clearance is None:
            return pl.lit(True)
        levels = list(codes(LEVELS))
        level = pl.col("level") if "level" in markings.columns else pl.lit(None, dtype=pl.String)
        return level.fill_null(UNLEVELLED).is_in(levels[: levels.index(self.clearance) + 1])


def narrowness(markings: pl.DataFrame) -> dict[str, int]:
    """How narrow each marking is: 0 where it is public, then by level and by how few are named; where all readers of one see the other, it is narrower."""
    levels = list(codes(LEVELS))
    keys = {row["id"]: _narrow_key(row, levels) for row in markings.iter_rows(named=True)}
    order = sorted({(0, 0, 0), *keys.values()})
    return {marking: order.index(key) for marking, key in keys.items()}


def covers(markings: pl.DataFrame, wide: str | None, narrow: str | None) -> bool:
    """Whether every reader who may see what carries `narrow` may see what carries `wide`; no marking at all is open to everybody."""
    if wide is None or wide == narrow:
        return True
    rows = {row["id"]: row for row in markings.iter_rows(named=True) if row["id"] in (wide, narrow)}
    if wide not in rows or rows[wide]["public"] == "true":
        return wide in rows
    if narrow not in rows or rows[narrow]["public"] == "true":
        return False
    levels = list(codes(LEVELS))
    return _named(rows[narrow]) <= _named(rows[wide]) and _level(rows[wide], levels) <= _level(rows[narrow], levels)


def _named(row: dict[str, str | None]) -> set[str]:
    return {one for one in (row["owner"], *(row["releasable_to"] or "").split(";")) if one}


def _level(row: dict[str, str | None], levels: list[str]) -> int:
    level = row.get("level") or UNLEVELLED
    return levels.index(level) if level in levels else len(levels)


def _narrow_key(row: dict[str, str | None], levels: list[str]) -> tuple[int, int, int]:
    return (0, 0, 0) if row["public"] == "true" else (1, _level(row, levels), -len(_named(row)))
