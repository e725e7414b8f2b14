"""Peacekeeping and other forces abroad: how many, where, on what mandate; and where in the world the partners are."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.pressure import strength_areas
from comity.report.charts.world import points, tie_map
from comity.report.context import Context
from comity.report.document import Column, Figure, Paragraph, Section, Table
from comity.report.words import actor, actors, code, count, day, number, source_line, titled
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text

MISSIONS_SHOWN = 7
SMALL = frozenset({"SGP", "BHR", "MLT", "BRN", "QAT", "MDV", "LUX", "KWT", "LBN", "CYP", "MUS", "TLS", "FJI", "ISR"})


def abroad(context: Context) -> Section:
    """The section on forces abroad."""
    return Section(
        "abroad", Text("Peacekeeping and forces abroad", "평화유지와 해외 파병"), (_lead(context), _strengths(context), _missions(context)), new_page=True
    )


def _lead(context: Context) -> Paragraph:
    rows = context.deployments.rows.filter(pl.col("state") == "abroad")
    sure = rows.filter(pl.col("certainty") != "possibly")
    counted = sure.filter(pl.col("personnel").is_not_null())
    refs = [f"deployment:{one}" for one in sure["id"]]
    return Paragraph((
        count(refs), Text(" deployments stand abroad by what the record holds; the last counts of ", "건의 파병이 진행 중이며, 최근 인원이 알려진 "), count([f"deployment:{one}" for one in counted["id"]]), Text(" of them add up to ", "건의 합계는 "),
        number(int(counted["personnel"].sum()), [ref for refs_ in counted["records"] for ref in refs_]) or Text("–", "–"), Text(" persons, counted on different days.", "명이다(집계일은 서로 다름)."),
    ))  # fmt: skip


def _strengths(context: Context) -> Figure:
    years = context.deployments.tables["by_year"]
    each = (
        years.select(pl.col("day").dt.year().alias("year"), "by_deployment")
        .explode("by_deployment")
        .unnest("by_deployment")
        .filter(pl.col("deployment").is_not_null())
    )
    recent = each.filter(pl.col("year") >= 1991)
    largest = (
        recent.group_by("deployment")
        .agg(pl.col("personnel").sum())
        .sort(["personnel", "deployment"], descending=[True, False])
        .head(MISSIONS_SHOWN)["deployment"]
        .to_list()
    )
    peak = years.filter(pl.col("personnel").is_not_null() & (pl.col("day").dt.year() >= 1991)).sort("personnel", descending=True).head(1)

    def spec(lang: Lang) -> dict[str, Any]:
        other = "그 밖" if lang == "ko" else "others"
        rows = (
            recent.with_columns(mission=pl.when(pl.col("deployment").is_in(largest)).then(pl.col("deployment")).otherwise(pl.lit("")))
            .group_by("year", "mission")
            .agg(pl.col("personnel").sum())
            .sort("year", "mission")
        )
        names = {one: context.snapshot.record(f"deployment:{one}").title(lang) for one in largest}
        values = [{"year": year, "mission": names.get(mission, other), "persons": persons} for year, mission, persons in rows.iter_rows()]
        return strength_areas(values, [*names.values(), other], lang)

    year, persons = (peak["day"][0].year, peak["personnel"][0]) if peak.height else ("–", 0)
    title = Text(
        f"Forces abroad were largest since 1991 at the end of {year}: {persons:,} persons counted",
        f"1991년 이후 해외 파병은 {year}년 말에 가장 많았다: 집계 인원 {persons:,}명",
    )
    basis = Text(
        "Last count of each mission by the end of each year; missions without a count are left out. Vietnam (to 1973) is not drawn.",
        "각 임무의 연말 기준 최근 인원. 인원이 알려지지 않은 임무는 제외. 베트남 파병(1973년까지)은 그리지 않음.",
    )
    alt = Text(
        f"Stacked bars of persons abroad by mission, 1991 on; peak {persons:,} in {year}.",
        f"1991년 이후 임무별 해외 파병 인원 누적 막대. 최대 {year}년 {persons:,}명.",
    )
    return Figure("strengths", title, spec, alt, source_line(context.snapshot, basis), height=260, records=tuple(f"deployment:{one}" for one in largest))


def _missions(context: Context) -> Table:
    rows = context.deployments.rows.filter((pl.col("state") == "abroad") & (pl.col("certainty") != "possibly")).sort(
        ["personnel", "id"], descending=[True, False], nulls_last=True
    )
    made = tuple(
        (
            titled(context.snapshot, f"deployment:{row['id']}"),
            code("framework", row["framework"]),
            actors(context.snapshot, row["countries"]),
            day(row["start"]),
            number(row["personnel"], row["records"]),
            day(row["counted_on"]),
            number(row["ceiling"], row["records"]),
            day(row["mandate_until"]),
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Unit", "부대"), width=3),
        Column(Text("Framework", "틀")),
        Column(Text("Where", "지역"), width=2),
        Column(Text("Since", "시작")),
        Column(Text("Persons", "인원"), "right"),
        Column(Text("Counted on", "집계일")),
        Column(Text("Ceiling", "상한"), "right"),
        Column(Text("Mandate until", "파병 기한")),
    )
    return Table("missions", Text("Abroad on the day", "현재 파병"), columns, made)


def where(context: Context) -> Section:
    """The map of ties and deployments."""
    return Section("map", Text("Where", "지역"), (_map(context),), new_page=True)


def _map(context: Context) -> Figure:
    place = points()
    ties = context.ties.rows.filter(pl.col("partner").is_in(list(place)))
    forces = context.deployments.rows.filter((pl.col("state") == "abroad") & (pl.col("certainty") != "possibly"))

    def spec(lang: Lang) -> dict[str, Any]:
        rows = [
            {
                "iso3": row["partner"],
                "name": actor(context.snapshot, row["partner"]).in_(lang),
                "score": round(row["score"], 1),
                "shown": f"{row['score']:.0f} ({row['low']:.0f}–{row['high']:.0f})",
                "lon": place[row["partner"]][0],
                "lat": place[row["partner"]][1],
                "small": row["partner"] in SMALL,
            }
            for row in ties.iter_rows(named=True)
        ]
        sites = [
            {
                "lon": place[c][0],
                "lat": place[c][1],
                "name": context.snapshot.record(f"deployment:{i}").title(lang),
                "kind": code_label("deployment_type", t, lang),
                "ref": f"deployment:{i}",
            }
            for i, t, cs in forces.select("id", "deployment_type", "countries").iter_rows()
            for c in cs
            if c in place
        ]
        return tie_map(rows, sites, place[context.home], lang)

    regions: dict[str, list[str]] = {}
    known = dict(context.snapshot.actors.select("id", "region").iter_rows())
    for partner in context.ranked.head(20)["partner"]:
        regions.setdefault(str(known.get(partner) or "global"), []).append(partner)
    region, inside = max(regions.items(), key=lambda pair: len(pair[1]))
    label = code("region", region) or Text(region, region)
    title = Text(f"Of the twenty strongest ties, {len(inside)} lie in {label.en}", f"가장 강한 유대 20개 가운데 {len(inside)}개가 {label.ko}에 있다")
    alt = Text(
        f"Map centred on the home country: {ties.height} states shaded by tie, triangles where forces serve.",
        f"자국 중심 지도: {ties.height}개국을 유대 강도로 칠하고 파병지는 삼각형으로 표시.",
    )
    basis = Text(
        "Borders: Natural Earth 1:50 m, shown as they are drawn there and no statement on claims. Grey: nothing on the record, not a tie of zero.",
        "국경: Natural Earth 1:5000만. 영유권에 대한 입장이 아님. 회색: 기록 없음(유대 0이 아님).",
    )
    return Figure(
        "map-ties", title, spec, alt, source_line(context.snapshot, basis), height=540, records=tuple(ref for refs in ties["records"] for ref in refs)
    )
