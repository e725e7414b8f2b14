"""A small document made by hand that holds one of everything: what every renderer must carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from comity.register.snapshot import Snapshot
from comity.report.charts.common import field, framed
from comity.report.document import Column, Document, Figure, Headline, Num, Paragraph, Section, Spark, Table
from comity.vocab.text import Lang, Text, same

REFS = tuple(f"agreement:a{number}" for number in range(3))
LONG_LATIN = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrente"
LONG_HANGUL = "한미상호방위조약체결기념특별연합합동군사훈련평가위원회(MCM)"


@pytest.fixture(scope="session")
def small(tiny: Callable[..., Snapshot]) -> Snapshot:
    """A register of three agreements."""
    rows = [
        {"id": ref.split(":")[1], "title_en": f"Agreement {ref[-1]}", "title_ko": f"협정 {ref[-1]}", "parties": "KOR;USA", "signed": "2001-02-03"}
        for ref in REFS
    ]
    return tiny({"agreement": rows})


@pytest.fixture(scope="session")
def page(small: Snapshot) -> Document:
    """One of everything, in both languages."""
    opening = Section(
        "matters",
        Text("What matters", "핵심"),
        (
            Headline("tie", (Text("The tie rose by ", "유대가 "), Num(Text("7 points", "7점"), REFS, 7), Text(".", " 높아졌다.")), 7.0),
            Headline("conflict", (Text("Launches resumed.", "발사가 재개되었다."),), 3.0),
        ),
    )
    words = Section(
        "words",
        Text("Words and numbers", "말과 수"),
        (
            Paragraph((Text("Plain words hold ", "평범한 문장에 수 "), Num(same("1,234"), REFS[:2], 1234), Text(" in the middle.", "이(가) 들어 있다."))),
            Paragraph((Text("A small note about #hashes, *stars* and $sums$.", "#표, *별*, $기호$가 든 작은 주석."),), small=True),
            _numbers(),
            Table("none", Text("Nothing yet", "아직 없음"), (Column(Text("Date", "날짜")), Column(Text("What", "내용"), width=4)), ()),
        ),
    )
    long = Section("long", Text("Long table", "긴 표"), (_long(), _wide()), level=3)
    drawn = Section("drawn", Text("Drawn", "그림"), (_figure(),), new_page=True)
    return Document(
        "hand-made",
        Text("A page & its <parts>", "문서와 그 부분"),
        Text("As of today", "오늘 기준"),
        date(2026, 11, 22),
        "KOR",
        small,
        (opening, words, long, drawn),
    )


def _numbers() -> Table:
    columns = (
        Column(Text("Partner", "상대국"), width=2),
        Column(Text("Tie", "강도"), "right"),
        Column(Text("Interval", "구간"), "right"),
        Column(Text("Twenty years", "20년"), "spark", 2),
        Column(Text("Change", "변화"), "right"),
        Column(Text("Share", "비율"), "right"),
    )
    history = Spark((1.0, 4.0, 9.0, 16.0), Text("1 to 16", "1에서 16"))
    rows = (
        (Text("United States", "미국"), Num(same("1,234.5"), REFS, 1234.5), Num(same("60–80"), REFS, [60, 80]), history, Num(same("+3"), REFS[:1], 3), None),
        (Text("Türkiye and Åland", "튀르키예 内"), None, None, history, Num(same("-2"), REFS[1:], -2), Num(Text("45 %", "45 %"), REFS[2:], 45)),
        (same("=SUM(A1)"), Num(same("0.0"), (), 0.0), None, Spark((0.0, 0.0), same("0")), None, Num(same("1989 (1987–1991)"), REFS, 1989)),
    )
    return Table(
        "numbers", Text("Ties: the numbers / all [2026]", "유대: 수치 / 전체 [2026]"), columns, rows, note=Text("Empty is unknown.", "빈칸은 미상이다.")
    )


def _long() -> Table:
    rows = tuple((Text(f"Row number {at}", f"{at}번째 행"), Num(same(str(at)), REFS, at)) for at in range(1, 61))
    return Table("long-table", Text("Sixty rows", "예순 행"), (Column(Text("Row", "행"), width=4), Column(Text("Number", "번호"), "right")), rows)


def _wide() -> Table:
    columns = tuple(Column(Text(f"Column {at}", f"{at}열")) for at in range(10))
    rows = ((*(Text(f"word {at}", f"낱말 {at}") for at in range(8)), same(LONG_LATIN), same(LONG_HANGUL)),)
    return Table("wide", Text("Ten columns", "열 개의 열"), columns, rows)


def _figure() -> Figure:
    def spec(lang: Lang) -> dict[str, Any]:
        values = [{"year": year, "count": year - 2000, "name": "미국" if lang == "ko" else "United States"} for year in range(2001, 2011)]
        encoding = {"x": field("year", "o", "연도" if lang == "ko" else "Year"), "y": field("count", "q", None), "color": field("name", "n", None)}
        return framed({"mark": "bar", "encoding": encoding}, values, height=160)

    under = Table(
        "under",
        Text("Behind it", "그림의 수치"),
        (Column(Text("Year", "연도")), Column(Text("Count", "건수"), "right")),
        ((same("2001"), Num(same("1"), REFS[:1], 1)),),
    )
    return Figure(
        "bars",
        Text("Counts rose every year", "해마다 늘었다"),
        spec,
        Text("Bars from 1 to 10.", "1에서 10까지의 막대."),
        Text("Source: by hand.", "출처: 수기."),
        table=under,
    )
