"""Every file of the named kinds that lies beside the checkout: recognised, read to its end, accounted for line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.sources import icews, provocations_csis
from comity.sources.forms import FORMS, edition_of, form_of
from comity.sources.gdelt_mentions import MENTION_SCHEMA
from comity.vocab.errors import UnknownForm

pytestmark = pytest.mark.shared

# Folder, file: form, lines, kept, quarantine by reason, mended. The damaged file has a header, which is no published row: 1,630 lines.
EVENTS: dict[str, tuple[str, int, int, dict[str, int], dict[str, int]]] = {
    "gdelt-events-v1-raw/20141124.export.CSV.zip": ("gdelt_events", 100, 100, {}, {}),
    "gdelt-events-v1-raw/sample-57-58-columns.CSV.zip": ("gdelt_events", 710, 710, {}, {"zero-place": 2}),
    "gdelt-events-v2-damaged/20190121220000.export2.CSV.zip": ("gdelt_events", 1630, 0, {"spreadsheet": 1630}, {}),
    "gdelt-events-v2-raw/20151027220000.export.CSV.zip": ("gdelt_events", 2116, 2116, {}, {"zero-place": 20}),
    "gdelt-events-v2-raw/20170101073000.export.CSV.zip": ("gdelt_events", 720, 720, {}, {}),
    "gdelt-events-v2-raw/20190121220000.export.CSV.zip": ("gdelt_events", 1629, 1629, {}, {}),
    "gdelt-events-v2-raw/20170101073000.mentions.CSV.zip": ("gdelt_mentions", 1983, 1983, {}, {}),
    "gdelt-events-v2-dyadic-extract/20201113.parquet": ("gdelt_extract", 2824, 2824, {}, {"half-place": 1, "zero-restored": 2278}),
    "gdelt-events-v2-dyadic-extract/20201114.parquet": ("gdelt_extract", 2601, 2601, {}, {"half-place": 3, "zero-restored": 1949}),
    "icews-raw-sample/events.2018.sample.tab.zip": ("icews", 3705, 3705, {}, {}),
}
LISTS: dict[str, tuple[str, int, int, dict[str, int]]] = {
    "gdelt-filelists/lastupdate.txt": ("gdelt_list", 3, 3, {}),
    "gdelt-filelists/v1_event_file_list.txt": ("gdelt_list", 3951, 3951, {}),
    "gdelt-filelists/v1_event_md5sums.txt": ("gdelt_list", 3951, 3951, {}),
    "gdelt-filelists/v2_masterfilelist_english.txt": ("gdelt_list", 900, 900, {}),
    "gdelt-monthly-chn-conflict/all.parquet": ("gdelt_monthly", 68796, 68777, {"number": 19}),
    "gdelt-monthly-dyads-signed/monthly_dyad_weights_2018-01_2022-06.parquet": ("gdelt_monthly", 326994, 326994, {}),
    "gdelt-normalisation-1979-2013/daily.country.parquet": ("gdelt_totals", 1801796, 1801796, {}),
    "gdelt-normalisation-1979-2013/daily.parquet": ("gdelt_totals", 12613, 12613, {}),
    "gdelt-normalisation-1979-2013/monthly.country.parquet": ("gdelt_totals", 90911, 90911, {}),
    "gdelt-normalisation-1979-2013/monthly.parquet": ("gdelt_totals", 415, 415, {}),
    "gdelt-normalisation-1979-2013/yearly.country.parquet": ("gdelt_totals", 8490, 8490, {}),
    "gdelt-normalisation-1979-2013/yearly.parquet": ("gdelt_totals", 34, 34, {}),
    "icews-quadruples/icews05-15_valid.parquet": ("icews_quadruples", 46275, 46275, {}),
    "icews-quadruples/icews14_test.parquet": ("icews_quadruples", 8963, 8963, {}),
    "icews-quadruples/icews14_valid.parquet": ("icews_quadruples", 8941, 8941, {}),
    "icews-quadruples/icews18_valid.parquet": ("icews_quadruples", 45995, 45995, {}),
    "nk-missile-tests-cns/missile_tests_to_2024-08-20.csv": ("missiles_cns", 296, 296, {}),
    "nk-provocations-csis-coded/records_to_2024-08-20.csv": ("provocations_csis_coded", 485, 485, {}),
    "nk-provocations-csis/north_korea_provocations_to_2024-08-20.csv": ("provocations_csis", 424, 424, {}),
    "nk-provocations-csis/provocations_2018-vintage.csv": ("provocations_csis", 308, 275, {"other-kind": 33}),
    "nk-provocations-csis/vintages_to_2024-08-20.parquet": ("provocations_csis_vintages", 517, 515, {"no-date": 2}),
    "nk-provocations-kor/attack.csv": ("provocations_kor", 252, 251, {"range": 1}),
    "nk-provocations-kor/balloon.csv": ("provocations_kor", 136, 136, {}),
    "nk-provocations-kor/missile.csv": ("provocations_kor", 296, 296, {}),
    "nk-provocations-kor/nuclear.csv": ("provocations_kor", 6, 6, {}),
    "nk-provocations-kor/provocation.csv": ("provocations_kor", 690, 689, {"range": 1}),
    "nk-russia-timeline-csis/timeline_to_2024-08-20.csv": ("nk_russia_timeline", 59, 59, {}),
    "us-rok-exercises-csis/exercises_2005-2017.csv": ("exercises_csis", 33, 33, {}),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events_and_mentions(name: str, shared: Path, reading: Any) -> None:
    path = shared / "reference" / name
    form, lines, kept, reasons, mended = EVENTS[name]
    found = form_of(path)
    assert found.name == form
    assert found.read is not None
    read = reading(found.read(path), MENTION_SCHEMA if form == "gdelt_mentions" else None)
    assert (read.lines, read.events.height, read.reasons, read.repaired) == (lines, kept, reasons, mended)
    assert edition_of(path) == path.name


@pytest.mark.parametrize("name", LISTS)
def test_lists(name: str, shared: Path) -> None:
    path = shared / "reference" / name
    form, records, kept, reasons = LISTS[name]
    found = form_of(path)
    assert found.name == form
    assert found.read_list is not None
    read = found.read_list(path)
    assert (read.records, read.rows.height) == (records, kept)
    assert dict(read.quarantine.group_by("reason").len().iter_rows()) == reasons
    assert read.rows.height + read.quarantine.height == records
    assert edition_of(path) == path.name


def test_no_event_file_is_left_out(shared: Path) -> None:
    kinds = ("gdelt-", "icews-", "nk-", "us-rok-exercises")
    files = {path.relative_to(shared / "reference").as_posix() for path in (shared / "reference").glob("*/*") if path.parent.name.startswith(kinds)}
    unread = files - set(EVENTS) - set(LISTS)
    # The names of countries and the words of the missile list are tables of codes and no lists of events.
    tables = {f"nk-missile-tests-cns/{name}.en.json" for name in ("dict", "facility", "missile")}
    assert unread == {"gdelt-normalisation-1979-2013/countries.parquet"} | tables
    for name in unread:
        with pytest.raises(UnknownForm):
            form_of(shared / "reference" / name)


def test_gdelt_against_an_independent_reading(shared: Path, reading: Any) -> None:
    """The standard library alone, row by row, gives the same cells."""
    import zipfile

    path = shared / "reference/gdelt-events-v2-raw/20151027220000.export.CSV.zip"
    events = reading(FORMS["gdelt_events"].read(path)).events  # type: ignore[misc]
    with zipfile.ZipFile(path) as archive:
        rows = [line.split("\t") for line in archive.read(archive.namelist()[0]).decode().split("\n")[:-1]]
    assert events["event_id"].to_list() == [row[0] for row in rows]
    assert events["day"].dt.strftime("%Y%m%d").to_list() == [row[1] for row in rows]
    assert events["code"].to_list() == [row[26] for row in rows]
    assert events["quad"].to_list() == [int(row[29]) for row in rows]
    assert events["goldstein"].to_list() == pytest.approx([float(row[30]) for row in rows])
    assert events["mentions"].to_list() == [int(row[31]) for row in rows]
    assert [code or "" for code in events["actor1_code"]] == [row[5].strip() for row in rows]
    assert events.filter(pl.col("actor1").is_null()).height == sum(row[7] in ("", "EUR", "AFR", "WST", "ASA", "MEA", "SEA", "SAS", "NAF", "LAM", "SAM", "EEU", "BLK", "WAF", "CRB", "CAU", "CAS", "NMR", "EAF", "SAF", "PGS", "CFR", "MDT", "SCN", "EIN", "CEU", "BAG") for row in rows)  # fmt: skip


def test_acts_told_by_several_stories(shared: Path, reading: Any) -> None:
    events = reading(icews.read(shared / "reference/icews-raw-sample/events.2018.sample.tab.zip")).events
    once = icews.told_once(events)
    assert events.height - once.height == 971
    assert once.select("day", "actor1_code", "code", "actor2_code").n_unique() == once.height


def test_salvos_of_the_missile_list_stay(shared: Path) -> None:
    found = FORMS["missiles_cns"].read_list(shared / "reference/nk-missile-tests-cns/missile_tests_to_2024-08-20.csv").rows  # type: ignore[misc]
    alike = found.group_by("day", "time", "missile", "facility").len().filter(pl.col("len") > 1)
    assert alike["len"].sum() > 100
    assert found["day"].str.len_chars().value_counts(sort=True).rows() == [(10, 288), (7, 8)]
    assert found.filter(pl.col("missile").is_not_null())["missile_class"].null_count() == 0
    assert found["lat"].null_count() == found["facility"].null_count()


def test_exercises_of_both_files_are_the_same(shared: Path) -> None:
    lists = [
        provocations_csis.read_exercises(shared / "reference" / name).rows.select("day", "end", "title")
        for name in ("nk-provocations-csis/provocations_2018-vintage.csv", "us-rok-exercises-csis/exercises_2005-2017.csv")
    ]
    assert lists[0].equals(lists[1])
    listed = pl.read_csv(shared / "reference/us-rok-exercises-csis/exercises_2005-2017.csv", infer_schema=False)
    assert lists[1]["day"].to_list() == listed["start"].to_list()
    assert lists[1]["end"].to_list() == listed["end"].to_list()
