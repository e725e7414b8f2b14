"""Who holds which office on the day, in which countries attaché posts stand, and what the record leaves empty."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.measures.offices import CERTAINTIES, attache_posts_on, office_holders_on
from comity.report.context import Context
from comity.report.document import Cell, Column, Num, Section, Table
from comity.report.words import actor, actors, code, day, number, titled
from comity.vocab.text import Text, same

POSTS = {"open": Text("open", "운영"), "presumed": Text("presumed open: no end is recorded", "운영 추정(종료 기록 없음)")}


def offices(context: Context) -> list[Section]:
    """The sections on office-holders and attaché posts."""
    holders, posts = office_holders_on(context.snapshot, context.as_of), attache_posts_on(context.snapshot, context.as_of)
    return [
        Section("holders", Text("Who holds which office", "보직자"), (_holders(context, holders), _empty(context, holders))),
        Section("posts", Text("Attaché posts", "무관부"), (_posts(context, posts), _without(context, posts))),
    ]


def _holders(context: Context, holders: pl.DataFrame) -> Table:
    rows = holders.filter(pl.col("ref").is_not_null()).with_columns(_home=pl.col("actor") != context.home).sort("_home", "actor", "office", "start")
    made: tuple[tuple[Cell, ...], ...] = tuple(
        (actor(context.snapshot, row["actor"]), code("office", row["office"]), titled(context.snapshot, row["ref"]), day(row["start"]), _remark(row))
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Of", "소속"), width=2),
        Column(Text("Office", "직위"), width=2),
        Column(Text("Holder", "보직자"), width=3),
        Column(Text("Since", "취임")),
        Column(Text("How sure", "확실성"), width=3),
    )
    return Table("holders-table", Text("In office on the day", "기준일 현재 재임"), columns, made, note=None if made else _NONE, filterable=True)


def _remark(row: dict[str, Any]) -> Text:
    told = [CERTAINTIES[row["certainty"]] if row["sourced"] else Text("no source", "출처 없음")]
    told += [Text("acting", "직무대행")] if row["acting"] else []
    return Text("; ".join(one.en for one in told), ", ".join(one.ko for one in told))


def _empty(context: Context, holders: pl.DataFrame) -> Table:
    rows = holders.filter(pl.col("ref").is_null()).sort("actor", "office")
    made: tuple[tuple[Cell, ...], ...] = tuple(
        (actor(context.snapshot, row["actor"]), code("office", row["office"]), titled(context.snapshot, row["last_ref"]), day(row["empty_since"]))
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Of", "소속"), width=2),
        Column(Text("Office", "직위"), width=2),
        Column(Text("Last holder recorded", "마지막 등록 보직자"), width=3),
        Column(Text("Until", "이임")),
    )
    return Table("offices-empty", Text("Offices for which the record names nobody", "등록된 보직자가 없는 직위"), columns, made, note=_EMPTY if made else _ALL)


def _posts(context: Context, posts: pl.DataFrame) -> Table:
    rows = posts.filter(pl.col("state") != "closed")
    made: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Num(actor(context.snapshot, row["sender"]), (row["ref"],)),
            actor(context.snapshot, row["host"]),
            actors(context.snapshot, row["also_accredited"]) if row["also_accredited"] else None,
            day(row["start"]),
            number(row["staff"], [row["ref"]]),
            POSTS[row["state"]],
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Sent by", "파견국"), width=2),
        Column(Text("In", "주재국"), width=2),
        Column(Text("Also accredited to", "겸임국"), width=2),
        Column(Text("Since", "개설")),
        Column(Text("Officers", "인원"), "right"),
        Column(Text("How sure", "확실성"), width=3),
    )
    return Table("posts-table", Text("Posts on the day", "기준일 현재 무관부"), columns, made, note=None if made else _NONE, filterable=True)


def _without(context: Context, posts: pl.DataFrame) -> Table:
    """Featured partners between which and home the record holds no post."""
    standing = posts.filter(pl.col("state") != "closed")
    ours = {place for row in standing.filter(pl.col("sender") == context.home).iter_rows(named=True) for place in (row["host"], *row["also_accredited"])}
    theirs = set(standing.filter(pl.col("host") == context.home)["sender"])
    featured = [one for one in context.snapshot.settings.get("featured", []) if one in context.snapshot.actor_names]
    made: tuple[tuple[Cell, ...], ...] = tuple(
        (actor(context.snapshot, one), _YES if one in ours else _NOT, _YES if one in theirs else _NOT)
        for one in featured
        if one not in ours or one not in theirs
    )
    columns = (Column(Text("Partner", "상대국"), width=2), Column(Text("Our post there", "우리 무관부")), Column(Text("Their post here", "상대 무관부")))
    return Table("posts-missing", Text("Featured partners without a recorded post", "무관부가 등록되지 않은 주요 상대"), columns, made, note=_EMPTY)


_YES, _NOT = same("✓"), Text("not recorded", "기록 없음")
_NONE = Text("Nothing on the record.", "기록 없음.")
_ALL = Text("Every office that the record knows is held on the day.", "등록된 모든 직위에 보직자가 있다.")
_EMPTY = Text("That nothing is recorded does not say that there is none.", "기록이 없다는 것이 실제로 없다는 뜻은 아니다.")
