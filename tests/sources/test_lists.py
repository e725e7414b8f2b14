"""Curated lists, mentions, the publisher's file lists and totals: dates, ranges, salvos, and what is kept out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.sources import gdelt_extracts, gdelt_lists, gdelt_mentions, gdelt_totals, missiles_cns, nk_russia_timeline, provocations_csis, provocations_kor
from comity.sources.gdelt_mentions import MENTION_SCHEMA
from comity.sources.listing import Wrong, number, partial_day, place, span
from comity.vocab.errors import DamagedFile

Write = Callable[..., Path]
MISSILES = "bin_year,date,time,series,missile,facility,landing,apogee,distance,bearing,outcome,description,glide"
MENTION = "613300832 20170101070000 20170101073000 1 example.org http://example.org/a 7 10 20 30 1 100 1655 -4.9  "


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2017-09-03", "2017-09-03", None),
        ("2017-03-13   -   2017-4-30", "2017-03-13", "2017-04-30"),
        ("2016-03-7    -    2016-04-30", "2016-03-07", "2016-04-30"),
        ("2008/3/2 - 3/7", "2008-03-02", "2008-03-07"),
        ("2017\u201103\u201113 \u2013 2017\u20114\u201130", "2017-03-13", "2017-04-30"),
        ("1984-09", "1984-09", None),
        ("1958", "1958", None),
    ],
)
def test_days_and_ranges(said: str, first: str, last: str | None) -> None:
    assert span(said) == (first, last)


@pytest.mark.parametrize("said", ["2017-13-01", "2017-02-30", "13.1.2017", "2017-04-30 - 2017-03-13", "2017-03-13 - soon", "", "20170313", "x"])
def test_what_is_no_day_is_none(said: str) -> None:
    with pytest.raises(Wrong):
        span(said)


def test_a_blank_day_has_its_own_reason() -> None:
    with pytest.raises(Wrong) as caught:
        partial_day(None)
    assert caught.value.reason == "no-date"


def test_numbers_and_places() -> None:
    assert number("unknown", "x") is None
    assert place({"lat": "0", "lon": "0"}, "lat", "lon") == (None, None)
    assert place({"lat": "37", "lon": None}, "lat", "lon") == (None, None)
    for cells in ({"lat": "127.1", "lon": "37.5"}, {"lat": "37", "lon": "181"}):
        with pytest.raises(Wrong) as caught:
            place(cells, "lat", "lon")
        assert caught.value.reason == "range"
    for said in ("nan", "inf", "12a", "1,000"):
        with pytest.raises(Wrong):
            number(said, "x")


def test_a_salvo_is_several_missiles(written: Write) -> None:
    row = "2022,2022-11-02,22:57 (UTC),{n},scud-b,sonchon,yellow-sea,unknown,na,260,success,,"
    found = missiles_cns.read(written([MISSILES, *(row.format(n=n) for n in ("", "", "1.0", "2.0"))], "m.csv"))
    assert found.rows.height == 4
    assert found.rows["series"].to_list() == [None, None, 1, 2]
    assert found.rows.select("day", "time", "apogee_km", "distance_km", "lat").row(0) == ("2022-11-02", "22:57", None, None, None)


def test_missiles_take_class_and_place_from_the_tables_beside_them(written: Write, tmp_path: Path) -> None:
    (tmp_path / "missile.en.json").write_text('{"scud-b": {"name": "Scud-B", "type": "SRBM"}}', encoding="utf-8")
    (tmp_path / "facility.en.json").write_text('{"facilities": {"sonchon": {"name": "Sonchon", "lat": 39.8, "lon": 124.9}}}', encoding="utf-8")
    found = missiles_cns.read(written([MISSILES, "1984,1984-09,unknown,,scud-b,sonchon,na,,,,unknown,,"], "m.csv"))
    assert found.rows.select("day", "missile_class", "lat", "lon", "landing", "outcome").row(0) == ("1984-09", "SRBM", 39.8, 124.9, None, None)


def test_the_korean_lists_keep_rows_that_are_alike(written: Write) -> None:
    row = "오물풍선,2024-05-29,First Wave,37.45,127.14"
    found = provocations_kor.read(written(["\ufeffType,Date,Case,Latitude,Longtitude", row, row, "대포,2024-05-29,x,1,1", "핵실험,,x,1,1"], "b.csv"))
    assert found.rows.select("category", "line").rows() == [("balloon", 2), ("balloon", 3)]
    assert found.quarantine.select("line", "field", "reason").rows() == [(4, "Type", "unknown-word"), (5, "Date", "no-date")]
    assert found.records == 4


def test_exercises_are_no_provocations_and_the_other_way_round(written: Write) -> None:
    lines = ["Date,Type,Event,Resources", "2017-03-01   -   2017-04-30,Military Exercise,Foal Eagle,u", '2017-09-03,Nuclear Provocation,"Test, sixth",u']
    path = written("\r\n".join([*lines, ""]).encode(), "p.csv")
    acts, exercises = provocations_csis.read(path), provocations_csis.read_exercises(path)
    assert acts.rows.select("day", "category", "title").rows() == [("2017-09-03", "Nuclear Provocation", "Test, sixth")]
    assert exercises.rows.select("day", "end").rows() == [("2017-03-01", "2017-04-30")]
    assert acts.quarantine["reason"].to_list() == exercises.quarantine["reason"].to_list() == ["other-kind"]


def test_coded_provocations_and_their_bounds(written: Write) -> None:
    head = "date,cat,event,sev,source,sourceType,url,leader"
    found = provocations_csis.read_coded(
        written([head, "2006-10-09,nuclear_test,x,5,s,intl,u,l", "2006-10-09,war,x,5,s,i,u,l", "2006-10-09,cyber,x,6,s,i,u,l"], "c.csv")
    )
    assert found.rows.select("severity", "category").rows() == [(5, "nuclear_test")]
    assert found.quarantine["reason"].to_list() == ["unknown-word", "range"]


def test_a_timeline_day_must_agree_with_its_parts(written: Write) -> None:
    head = "id,event_id,date,year,month,day,headline,tag,src_type,phase,is_landmark,confidence,source"
    row = "0,,2022-09-05,2022,{m},5,h,military,press,1.0,False,,u"
    found = nk_russia_timeline.read(written([head, row.format(m=9), row.format(m=5)], "t.csv"))
    assert found.rows.select("day", "phase", "landmark").rows() == [("2022-09-05", 1, False)]
    assert found.quarantine["reason"].to_list() == ["date-parts"]


def test_records_over_several_lines_blank_and_short_ones_are_accounted_for(written: Write) -> None:
    lines = ["date,type,event,resources", '2017-01-01,Other,"two', 'lines",u', "", "2017-01-02,Other,x", "2017-01-03,Other,a\0b,u", "2017-01-04,Other,y,u"]
    found = provocations_csis.read(written(lines, "p.csv"))
    assert found.rows.select("day", "line").rows() == [("2017-01-01", 2), ("2017-01-04", 7)]
    assert found.quarantine.select("line", "reason").rows() == [(4, "blank-line"), (5, "column-count"), (6, "nul-byte")]
    assert found.records == 5


def test_a_list_with_other_columns_is_refused(written: Write) -> None:
    for content, reason in ((b"a,b\n1,2\n", "columns"), (b"", "empty-file")):
        with pytest.raises(DamagedFile) as caught:
            provocations_kor.read(written(content, "x.csv"))
        assert caught.value.reason == reason


# Mentions


def test_mentions(written: Write, reading: Any) -> None:
    good = MENTION.replace(" ", "\t")
    lines = [good, good.replace("20170101073000", "20170101063000"), good.replace("\t100\t", "\t101\t"), good[:-1], good.replace("61330", "x")]
    found = reading(gdelt_mentions.read(written(lines, "a.mentions.CSV.zip")), MENTION_SCHEMA)
    assert found.events.select("event_id", "told_at", "outlet", "confidence", "in_raw_text").row(0) == (
        "613300832", datetime(2017, 1, 1, 7, 30), "example.org", 100, True,
    )  # fmt: skip
    assert found.quarantine["reason"].to_list() == ["after-added", "range", "column-count", "id"]


# What the publisher lists


def test_the_three_kinds_of_lines(written: Write) -> None:
    md5 = "71c3d5b0987d441b11455bdb51250801"
    url = "http://data.gdeltproject.org/gdeltv2/20180328050000.export.CSV.zip"
    lines = [f"116513 {md5} {url}", "14276482 1979.zip", f"{md5}  20130401.export.CSV.zip", "", "x", f"116513 {md5[:-1]} {url}"]
    found = gdelt_lists.read(written("\r\n".join([*lines, ""]).encode(), "list.txt"))
    assert found.rows.select("table", "stamp", "at", "size", "md5").rows() == [
        ("export", "20180328050000", datetime(2018, 3, 28, 5), 116513, md5),
        ("archive", "1979", None, 14276482, None),
        ("export", "20130401", datetime(2013, 4, 1), None, md5),
    ]
    assert found.rows["url"][1] == "http://data.gdeltproject.org/events/1979.zip"
    assert found.quarantine.select("line", "reason").rows() == [(4, "blank-line"), (5, "address"), (6, "address")]
    assert gdelt_lists.address(datetime(2018, 3, 28, 5)) == url


def test_an_empty_list_is_empty(written: Write) -> None:
    assert gdelt_lists.read(written(b"", "l.txt")).records == 0


def test_totals_of_days_and_of_damaged_rows(tmp_path: Path) -> None:
    path = tmp_path / "daily.country.parquet"
    pl.DataFrame({"day": [19790101, 19790231, 19790103], "country": ["KS", "KN", "OC"], "total": [1, 2, None]}).write_parquet(path)
    found = gdelt_totals.read(path)
    assert found.rows.select("period", "place", "place_code", "total").rows() == [("1979-01-01", "KOR", "KS", 1)]
    assert found.quarantine.select("line", "field", "reason").rows() == [(2, "period", "date"), (3, "total", "number")]
    assert found.quarantine["text"][0] == "19790231\tKN\t2"
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DamagedFile):
        gdelt_totals.read(tmp_path / "no.parquet")


def test_monthly_sums_with_separators_of_thousands_are_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    cells = {"MonthYear": ["202310"] * 2, "Actor2CountryCode": ["AUS", "ISR"], "QuadClass": ["4", "3"], "SubEventType": ["1"] * 2}
    pl.DataFrame(cells | {"GoldsteinScale": ["-1,701.20", "-12.5"], "RecordCount": ["326", "3"]}).write_parquet(path)
    found = gdelt_extracts.read_monthly(path)
    assert found.rows.row(0) == ("2023-10", "CHN", "ISR", 3, -12.5, 3, 2)
    assert found.quarantine["reason"].to_list() == ["number"]
