"""One kind's records as a list needs them: the typed frame with titles in both languages, the day, the year and the actors named.

Made once for a snapshot and handed on through edits. Titles are those of `Record.title`, made for a whole column at once (held by a test).
"""

from __future__ import annotations

import polars as pl

from comity.register.search import date_fields
from comity.register.snapshot import Edited, Snapshot
from comity.register.titles import link_title, meeting_title, shown
from comity.vocab.date_columns import FAR
from comity.vocab.kinds import Field, Kind, kinds
from comity.vocab.text import LANGUAGES, Lang

BETWEEN = ", "


def shelf(snapshot: Snapshot, kind: Kind) -> pl.DataFrame:
    """The typed frame of the kind by id, with `_title_en`, `_title_ko`, `_date` as it is written and its first `_day`, `_year` and `_actors`."""
    return snapshot.derived(("shelf", kind.name), lambda seen: _filled(seen, kind, None), lambda seen, former, edited: _renewed(seen, kind, former, edited))


def _renewed(snapshot: Snapshot, kind: Kind, former: pl.DataFrame, edited: Edited) -> pl.DataFrame:
    if "actor" in edited:
        return _filled(snapshot, kind, None)  # a new name may stand anywhere
    ids = set(edited.get(kind.name, []))
    for field in _title_fields(kind):
        if field.type == "link" and field.target in edited:
            ids.update(former.filter(pl.col(field.name).is_in(edited[field.target]))["id"])
    if not ids:
        return former
    fresh = _filled(snapshot, kind, sorted(ids))
    return pl.concat([former.filter(~pl.col("id").is_in(list(ids))), fresh.select(former.columns)]).sort("id")


def rests_on(kind: Kind) -> frozenset[str]:
    """The kinds of records on which the shelf of a kind rests: its own, actors, and those that its titles name."""
    return frozenset({kind.name, "actor", *(str(field.target) for field in _title_fields(kind) if field.type == "link")})


def _filled(snapshot: Snapshot, kind: Kind, ids: list[str] | None) -> pl.DataFrame:
    frame, table = snapshot.frame(kind.name), snapshot.table(kind.name)
    if ids is not None:
        frame, table = (one.filter(pl.col("id").is_in(ids)) for one in (frame, table))
    titles = table.select("id", *(pl.Series(f"_title_{lang}", titles_of(snapshot, kind, table, lang), dtype=pl.String) for lang in LANGUAGES))
    dates = date_fields(kind)
    day = pl.coalesce([f"{name}_earliest" for name in dates]) if dates else pl.lit(None, dtype=pl.Date)
    written = pl.coalesce(dates) if dates else pl.lit(None, dtype=pl.String)
    return (
        frame.join(titles, on="id", how="left", maintain_order="left")
        .with_columns(_day=pl.when(day != FAR).then(day), _date=written, _actors=_actors(kind))
        .with_columns(_year=pl.col("_day").dt.year())
    )


def _actors(kind: Kind) -> pl.Expr:
    """Every actor that a record names, each once."""
    parts = [pl.concat_list(pl.col(field.name)) for field in kind.of_type("actor")] + [pl.col(field.name) for field in kind.of_type("actors")]
    parts += [pl.col(field.name).list.eval(pl.element().struct.field("actor")) for field in kind.of_type("actor_counts")]
    return pl.concat_list(parts).list.drop_nulls().list.unique(maintain_order=True) if parts else pl.lit([], dtype=pl.List(pl.String))


def _title_fields(kind: Kind) -> list[Field]:
    return [kind.field(name) for name in kind.title if name != "id"]


def titles_of(snapshot: Snapshot, kind: Kind, table: pl.DataFrame, lang: Lang) -> list[str]:
    """The titles of these rows of text, in their order."""
    ids = table["id"].to_list()
    if kind.name == "dialogue":
        names = spoken(snapshot, kind.field("series"), table["series"], lang)
        return [meeting_title(name or "", edition, start, lang) for name, edition, start in zip(names, table["edition"], table["start"], strict=True)]
    first, second = kind.title
    if first == "id":
        return [str(one) for one in ids]
    if kind.field(first).type == kind.field(second).type == "text":
        told = pl.coalesce([second, first] if lang == "ko" else [first, second])
        return table.select(told.fill_null(pl.col("id"))).to_series().to_list()
    parts = [_in_language(snapshot, kind, table, name, lang) for name in kind.title]
    return [BETWEEN.join(part for part in pair if part) or str(one) for one, *pair in zip(ids, *parts, strict=True)]


def _in_language(snapshot: Snapshot, kind: Kind, table: pl.DataFrame, name: str, lang: Lang) -> list[str | None]:
    twin = name.removesuffix("_en") + "_ko"
    column = table[name]
    if lang == "ko" and name.endswith("_en") and kind.has(twin):
        column = table.select(pl.coalesce(twin, name)).to_series()
    return spoken(snapshot, kind.field(name), column, lang)


def spoken(snapshot: Snapshot, field: Field, column: pl.Series, lang: Lang) -> list[str | None]:
    """A column of text as people read it; each value is put into words once."""
    if field.type == "text":
        return column.to_list()
    words = {value: link_words(snapshot, field, value, lang) for value in column.drop_nulls().unique().to_list()}
    return [words[value] if value is not None else None for value in column.to_list()]


def link_words(snapshot: Snapshot, field: Field, value: str, lang: Lang) -> str:
    """One cell in words."""
    return link_title(snapshot, field, value, lang) if field.type == "link" else shown(snapshot, field, value, lang)


def kind_named(plural: str) -> Kind | None:
    """The kind of that plural, if there is one."""
    return next((kind for kind in kinds().values() if kind.plural == plural), None)
