"""What was asked of a list: words, facets, order, columns and page, read from an address and written back to one.

Whatever an address says that means nothing (a column that is not there, a page that is no number) is left out. Values are not checked against
the record: one that a reader may not see and one that never was find the same, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict

from comity.vocab.kinds import Field, Kind
from comity_desk.records.reading.columns import default_columns, possible_columns

WORDS_LIMIT, PAGE_SIZE, YEARS = 200, 50, range(1, 10000)
OWN = ("actor", "sourced", "complete")  # facets that are no field's
FILTERABLE = ("code", "codes", "actor", "actors", "link", "links", "flag")
PLAIN = ("q", "year_from", "year_to", "sort", "columns", "page", "known_at")
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a list; equal questions have equal answers."""

    words: str = ""
    chosen: Chosen = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: str = ""
    columns: tuple[str, ...] = ()
    page: int = 1
    known_at: str = ""

    @property
    def descending(self) -> bool:
        """Whether the order is from last to first."""
        return self.sort.startswith("-")

    @property
    def sorted_by(self) -> str:
        """The column of the order."""
        return self.sort.removeprefix("-")

    def values(self, facet: str) -> tuple[str, ...]:
        """What was chosen of a facet."""
        return dict(self.chosen).get(facet, ())

    def narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.words or self.chosen or self.year_from or self.year_to)

    def toggled(self, facet: str, value: str) -> Asked:
        """The same question with one value of a facet added or, if it was there, taken away; from the first page."""
        now = self.values(facet)
        then = tuple(one for one in now if one != value) if value in now else (*now, value)
        rest = {name: values for name, values in self.chosen if name != facet}
        return replace(self, chosen=_ordered(rest | ({facet: then} if then else {})), page=1)

    def choosing(self, kind: Kind, facet: str) -> Callable[[str], str]:
        """Gives, for one value after another of a facet, the question with it the other way, as the part of an address after `?`."""
        now = self.values(facet)
        rest = replace(self, chosen=tuple(part for part in self.chosen if part[0] != facet), page=1).query(kind)

        def query(value: str) -> str:
            then = [one for one in now if one != value] if value in now else [*now, value]
            return "&".join([*([rest] if rest else []), *(f"{facet}={quote_plus(one)}" for one in then)])

        return query

    def ordered_by(self, column: str) -> Asked:
        """The same in the order of a column; in the other direction where it was in that order already."""
        return replace(self, sort=f"-{column}" if self.sort == column else column, page=1)

    def at(self, page: int) -> Asked:
        """Another page of the same."""
        return replace(self, page=page)

    def query(self, kind: Kind) -> str:
        """The question as the part of an address after `?`; what is as usual is left out."""
        usual = Asked(sort=default_sort(kind), columns=default_columns(kind))
        said: list[tuple[str, str]] = [("q", self.words)] if self.words else []
        said += [(name, value) for name, values in self.chosen for value in values]
        said += [(name, str(year)) for name, year in (("year_from", self.year_from), ("year_to", self.year_to)) if year]
        said += [("sort", self.sort)] if self.sort != usual.sort else []
        said += [("columns", ",".join(self.columns))] if self.columns != usual.columns else []
        said += [("known_at", self.known_at)] if self.known_at else []
        said += [("page", str(self.page))] if self.page != 1 else []
        return urlencode(said)


def asked_of(kind: Kind, parameters: QueryDict) -> Asked:
    """The question in an address."""
    fields = {name: values for name in filters_of(kind) if (values := tuple(dict.fromkeys(one for one in parameters.getlist(name) if one)))}
    columns = tuple(name for name in _listed(parameters) if name in possible_columns(kind))
    sort = parameters.get("sort", "")
    return Asked(
        words=" ".join(parameters.get("q", "").replace("\x00", "").split())[:WORDS_LIMIT],
        chosen=_ordered(fields),
        year_from=_number(parameters.get("year_from"), YEARS),
        year_to=_number(parameters.get("year_to"), YEARS),
        sort=sort if sort.removeprefix("-") in possible_columns(kind) else default_sort(kind),
        columns=tuple(dict.fromkeys(columns)) or default_columns(kind),
        page=_number(parameters.get("page"), range(1, 10_000_000)) or 1,
        known_at=parameters.get("known_at", ""),
    )


def default_sort(kind: Kind) -> str:
    """Newest first where records have a day, else by title."""
    return "-_day" if kind.of_type("date") else "title"


def filters_of(kind: Kind) -> dict[str, Field | None]:
    """What a list of this kind can be narrowed by: every field of controlled values, actors or links, and what holds of all kinds."""
    found: dict[str, Field | None] = {field.name: field for field in kind.fields if field.type in FILTERABLE and field.name not in OWN}
    return found | dict.fromkeys(OWN)


def _ordered(chosen: Mapping[str, tuple[str, ...]]) -> Chosen:
    return tuple(sorted((name, tuple(sorted(values))) for name, values in chosen.items()))


def _listed(parameters: QueryDict) -> list[str]:
    return [name for part in parameters.getlist("columns") for name in part.split(",")]


def _number(text: str | None, within: range) -> int | None:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
    return number if number is not None and number in within else None
