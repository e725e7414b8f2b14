"""The network: partners around the home country by region and closeness, ties among them where shared records show them, and roles."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.network import concentric
from comity.report.context import Context
from comity.report.document import Column, Figure, Paragraph, Section, Table
from comity.report.words import actor, number, source_line
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text, same

DRAWN, LABELLED, EDGES, ROLES = 45, 28, 40, 12


def network(context: Context) -> Section:
    """The section on the network."""
    notes = context.network.notes
    told = Paragraph((Text(" ".join(note.en for note in notes), " ".join(note.ko for note in notes)),), small=True)
    return Section("network", Text("The network", "관계망"), (_figure(context), _roles(context), told), new_page=True)


def _figure(context: Context) -> Figure:
    region = dict(context.snapshot.actors.select("id", "region").iter_rows())
    top = context.ranked.head(DRAWN)
    inside = set(top["partner"])
    edges = (
        context.network.tables["edges"].filter(pl.col("a").is_in(list(inside)) & pl.col("b").is_in(list(inside))).sort("weight", descending=True).head(EDGES)
    )
    apart = edges.filter(pl.col("with_home") < pl.col("records").list.len())

    def spec(lang: Lang) -> dict[str, Any]:
        name = {one: actor(context.snapshot, one).in_(lang) for one in inside}
        nodes = [
            {
                "name": name[row["partner"]],
                "region": code_label("region", region.get(row["partner"]) or "global", lang),
                "score": round(row["score"], 1),
                "shown": f"{row['score']:.0f} ({row['low']:.0f}–{row['high']:.0f})",
                "label": name[row["partner"]] if at < LABELLED else "",
            }
            for at, row in enumerate(top.iter_rows(named=True))
        ]
        lines = [{"a": name[a], "b": name[b], "shown": f"{name[a]} – {name[b]}: {len(refs)}"} for a, b, refs in edges.select("a", "b", "records").iter_rows()]
        regions = sorted({str(node["region"]) for node in nodes})
        return concentric(nodes, lines, regions, actor(context.snapshot, context.home).in_(lang), lang)

    near = top.filter(pl.col("score") >= 50).height
    title = Text(f"{near} of {top.height} partners stand within the half-way circle", f"표시한 상대국 {top.height}곳 가운데 {near}곳이 절반 원 안에 있다")
    alt = Text(
        f"Partners on circles around the home country; {edges.height} lines join partners that share records, {apart.height} of them beyond those with the home country.",
        f"자국을 중심으로 한 동심원. 기록을 공유하는 상대국 사이 선 {edges.height}개, 이 가운데 자국이 빠진 기록이 있는 선 {apart.height}개.",
    )
    basis = Text(
        "Distance from the middle: 100 less the tie. Lines among partners only where this register holds shared records: a missing line is unknown, not absent.",
        "중심과의 거리는 100에서 유대 강도를 뺀 값. 상대국 사이의 선은 이 등록부에 공유 기록이 있을 때만 그린다. 선이 없다는 것은 미상이며 관계가 없다는 뜻이 아니다.",
    )
    return Figure(
        "network-figure", title, spec, alt, source_line(context.snapshot, basis), height=600, records=tuple(ref for refs in edges["records"] for ref in refs)
    )


def _roles(context: Context) -> Table:
    rows = context.network.rows.sort("degree", descending=True).head(ROLES)
    made = tuple(
        (
            actor(context.snapshot, row["partner"]),
            number(row["degree"], row["records"]),
            number(row["neighbours"]),
            number(row["betweenness"], digits=2),
            number(row["eigenvector"], digits=2),
            number(row["constraint"], digits=2),
            number(row["core"]),
            same(str(row["community"])) if row["community"] is not None else None,
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Actor", "행위자"), width=2),
        *(
            Column(text, "right")
            for text in (
                Text("Weighted degree", "가중 연결"),
                Text("Neighbours", "이웃"),
                Text("Betweenness", "매개"),
                Text("Eigenvector", "고유벡터"),
                Text("Constraint", "제약(Burt)"),
                Text("Core", "k-코어"),
                Text("Community", "군집"),
            )
        ),
    )
    return Table("roles", Text("Roles in the network of this register", "이 등록부 관계망의 역할"), columns, made, note=_ROLES_NOTE)


_ROLES_NOTE = Text(
    "One country's register sees others mostly where the home country takes part: roles of others are lower bounds.",
    "한 나라의 등록부는 주로 자국이 참여한 관계를 담으므로 다른 나라의 역할은 하한값이다.",
)
