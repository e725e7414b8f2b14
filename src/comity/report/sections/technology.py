"""Technology partnerships and information sharing: who supplies, who buys, how concentrated it is, and who may share secrets with whom."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.agreements import flows
from comity.report.context import Context
from comity.report.document import Column, Figure, Num, Paragraph, Section, Table
from comity.report.words import actor, count, day, number, source_line
from comity.vocab.text import Lang, Text, same

TOP = 12
DIRECTIONS = {"export": Text("out", "수출"), "import": Text("in", "도입"), "joint": Text("joint development", "공동개발")}


def technology(context: Context) -> Section:
    """The section on technology."""
    if context.technology.rows.is_empty():
        return Section("technology", Text("Technology partnerships", "방산·기술 협력"), (Paragraph((_NOTHING,)),))
    return Section(
        "technology", Text("Technology partnerships", "방산·기술 협력"), (_flows(context), _partners(context), _concentration(context)), new_page=True
    )


def _flows(context: Context) -> Figure:
    rows = context.technology.rows.filter(pl.col("from_year").is_not_null() & pl.col("direction").is_in(["import", "export"]))
    out = rows.filter(pl.col("direction") == "export")["contracts"].sum()
    into = rows.filter(pl.col("direction") == "import")["contracts"].sum()

    def spec(lang: Lang) -> dict[str, Any]:
        made = [
            {
                "decade": f"{row['from_year']}–{row['to_year']}",
                "direction": DIRECTIONS[row["direction"]].in_(lang),
                "partner": actor(context.snapshot, row["partner"]).in_(lang),
                "count": row["contracts"],
                "signed": row["contracts"] * (1 if row["direction"] == "export" else -1),
            }
            for row in rows.sort("from_year").iter_rows(named=True)
        ]
        return flows(made, lang)

    last = rows.filter(pl.col("from_year") == rows["from_year"].max())
    ahead = last.filter(pl.col("direction") == "export")["contracts"].sum() > last.filter(pl.col("direction") == "import")["contracts"].sum()
    since = int(str(rows["from_year"].max()))
    turned = (
        Text(f"Since {since} the record holds more contracts out than in", f"{since}년 이후에는 수출 계약이 도입 계약보다 많다")
        if ahead
        else Text(f"Since {since} the record holds no more contracts out than in", f"{since}년 이후에도 수출 계약이 도입 계약보다 많지 않다")
    )
    basis = Text(
        f"{out} contracts out, {into} in; frameworks with executive contracts count once. Selective: large contracts that sources report.",
        f"수출 {out}건, 도입 {into}건. 이행계약이 있는 기본계약은 한 번만 집계. 보도된 주요 계약만 수록.",
    )
    refs = tuple(ref for refs in rows["records"] for ref in refs)
    return Figure(
        "technology-flows",
        turned,
        spec,
        Text(f"Bars of contracts by decade: {out} out, {into} in.", f"연대별 계약 막대: 수출 {out}건, 도입 {into}건."),
        source_line(context.snapshot, basis),
        height=200,
        records=refs,
    )


def _partners(context: Context) -> Table:
    rows = context.technology.rows
    whole = rows.group_by("direction", "partner").agg(
        pl.col("contracts").filter(pl.col("from_year").is_not_null()).sum(),
        pl.col("value_usd_m").filter(pl.col("from_year").is_not_null()).sum(),
        pl.col("valued").filter(pl.col("from_year").is_not_null()).sum(),
        pl.col("records").explode().unique().sort(),
    )
    listed = whole.sort(["contracts", "value_usd_m", "partner"], descending=[True, True, False]).head(TOP)
    made = tuple(
        (
            actor(context.snapshot, row["partner"]),
            DIRECTIONS[row["direction"]],
            number(row["contracts"], row["records"]),
            number(row["value_usd_m"], row["records"]) if row["valued"] else None,
            number(row["valued"]),
        )
        for row in listed.iter_rows(named=True)
    )
    columns = (
        Column(Text("Partner", "상대국"), width=2),
        Column(Text("Direction", "방향")),
        Column(Text("Contracts", "계약"), "right"),
        Column(Text("USD million, stated", "밝혀진 금액(백만 달러)"), "right"),
        Column(Text("With a value", "금액 확인"), "right"),
    )
    return Table("technology-partners", Text("Largest technology partners by contracts", "계약 건수순 상대국"), columns, made)


def _concentration(context: Context) -> Table:
    rows = context.technology.tables["concentration"].filter(pl.col("from_year").is_not_null())
    made = tuple(
        (
            same(f"{row['from_year']}–{row['to_year']}"),
            DIRECTIONS.get(row["direction"], same(row["direction"])),
            number(row["hhi"], row["records"], digits=2),
            Num(same(f"{row['hhi_low']:.2f}–{row['hhi_high']:.2f}"), tuple(row["records"])) if row["hhi_low"] is not None else None,
            number(row["effective_partners"], row["records"], digits=1),
            actor(context.snapshot, row["top_partner"]) if row["top_partner"] else None,
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Years", "기간")),
        Column(Text("Direction", "방향")),
        Column(Text("Concentration (HHI)", "집중도(HHI)"), "right"),
        Column(Text("Interval", "구간"), "right"),
        Column(Text("Effective partners", "유효 상대국 수"), "right"),
        Column(Text("Largest", "최대 상대국"), width=2),
    )
    return Table("technology-concentration", Text("Dependence and diversification", "의존과 다변화"), columns, made, note=_HHI)


def information(context: Context) -> Section:
    """The section on information sharing: agreements that let secrets pass."""
    rows = context.agreements.rows.filter(pl.col("agreement_type").is_in(["information_security", "information_arrangement"]))
    partners = rows.explode("partners")["partners"].drop_nulls().unique().sort()
    refs = [f"agreement:{one}" for one in rows["id"]]
    lead = Paragraph(
        (
            Text("Military secrets may pass under ", "군사비밀은 "),
            count(refs),
            Text(
                f" agreements and arrangements with {partners.len()} partners. A signing day is on the record for ",
                f"건의 협정·약정에 따라 {partners.len()}곳과 교환할 수 있다. 서명일이 확인된 것은 ",
            ),
            count([f"agreement:{one}" for one in rows.filter(pl.col("signed").is_not_null())["id"]]),
            Text(" of them.", "건이다."),
        )
    )
    dated = rows.filter(pl.col("signed").is_not_null()).sort("signed", descending=True).head(TOP)
    made = tuple(
        (day(row["signed"]), _titled(context, row["id"]), Text(row["state_en"], row["state_ko"]), day(row["notice_day"])) for row in dated.iter_rows(named=True)
    )
    columns = (
        Column(Text("Signed", "서명")),
        Column(Text("Agreement", "협정"), width=5),
        Column(Text("State", "상태"), width=2),
        Column(Text("Notice by", "통보 기한")),
    )
    return Section(
        "information", Text("Information sharing", "정보 공유"), (lead, Table("information-table", Text("Latest signed", "최근 서명"), columns, made))
    )


def _titled(context: Context, one: str) -> Num:
    record = context.snapshot.record(f"agreement:{one}")
    return Num(Text(record.title("en"), record.title("ko")), (record.ref,), record.ref)


_NOTHING = Text("No transfer is on the record.", "등록된 이전 기록이 없다.")
_HHI = Text(
    "HHI is 1 with a single partner and 1/n with n equal ones; the interval tells how much hangs on single contracts.",
    "HHI는 상대국이 하나면 1, n곳이 같으면 1/n이다. 구간은 개별 계약에 얼마나 좌우되는지를 보여 준다.",
)
