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
