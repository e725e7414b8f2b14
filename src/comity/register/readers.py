"""Who reads: the class of readers decides which markings are visible, before anything is resolved or computed.

`public` sees public markings only; an actor's code (`JPN`) sees what is public, what it owns and what is releasable to it by name;
`everything` is for auditors and for the record's own keepers. A marking that the package does not declare is visible to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.vocab.errors import UnknownReader
from comity.vocab.text import Text

PUBLIC = "public"
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Reader:
    """A class of readers, named `public`, `everything` or by an actor's code."""

    name: str = PUBLIC

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
        return markings.filter((pl.col("public") == "true") | named.fill_null(False))["id"].to_list()
