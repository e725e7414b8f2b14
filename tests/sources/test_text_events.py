"""ICEWS, POLECAT and historical Phoenix: made-up files in each spelling and encoding, and the traps of each."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity.sources import icews, phoenix, polecat
from comity.vocab.errors import DamagedFile

Write = Callable[..., Path]
ICEWS = ("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity", "Target Name", "Target Sectors",
         "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude", "Longitude")  # fmt: skip
POLECAT = ("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country", "Actor COW",
           "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW",
           "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City", "District",
           "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People",
           "Story Organizations", "Story Locations", "Language", "Version")  # fmt: skip
PHOENIX = ("eid", "story_date", "year", "month", "day", "source", "source_root", "source_agent", "source_others", "target", "target_root", "target_agent",
           "target_others", "code", "root_code", "quad_class", "goldstein", "joined_issues", "lat", "lon", "placename", "statename", "countryname", "aid",
           "process")  # fmt: skip


def icews_row(**cells: str) -> str:
    said = {"Event ID": "32889836", "Event Date": "2018-06-01", "Source Name": "Foreign Affairs (South Korea)", "Source Sectors": "Executive,Government",
            "Source Country": "South Korea", "Event Text": "Make statement", "CAMEO Code": "010", "Intensity": "0", "Target Name": "Japan",
            "Target Sectors": "NA", "Target Country": "Japan", "Country": "South Korea", "Latitude": "37.5", "Longitude": "127.0"}  # fmt: skip
    return "\t".join((said | cells).get(name, "NA") for name in ICEWS)


def polecat_row(**cells: str) -> str:
    said = {"Event ID": "20230103-1-a_COERCE-arrest", "Event Date": "2023-01-03", "Event Type": "COERCE", "Event Mode": "arrest", "Intensity": "-5.0",
            "Quad Code": "MATERIAL CONFLICT", "Contexts": "military;legal", "Actor Name": "Coast Guard", "Actor Country": "JPN", "Primary Actor Sector": "MIL",
            "Recipient Name": "crew", "Recipient Country": "CHN", "Primary Recipient Sector": "CVL", "Country": "JPN", "Latitude": "26.3", "Longitude": "127.8"}  # fmt: skip
    return "\t".join((said | cells).get(name, "None") for name in POLECAT)


def phoenix_row(**cells: str) -> str:
    said = {"eid": "1", "story_date": "1/5/1950", "year": "1950", "month": "1", "day": "5", "source": "SUNGOV", "source_root": "SUN", "source_agent": "GOV",
            "target": "USA", "target_root": "USA", "code": "112", "root_code": "11", "quad_class": "3", "goldstein": "-2", "lat": "55.7", "lon": "37.6",
            "placename": '"Moscow, Russia"', "countryname": "RUS"}  # fmt: skip
    return ",".join((said | cells).get(name, "") for name in PHOENIX)


# ICEWS


def test_icews_rows_become_events(written: Write, reading: Any) -> None:
    found = reading(icews.read(written(["\t".join(ICEWS), icews_row()], "events.2018.tab"))).events.row(0, named=True)
    assert (found["event_id"], found["day"], found["line"]) == ("32889836", date(2018, 6, 1), 2)
    assert (found["actor1"], found["actor2"], found["place"]) == ("KOR", "JPN", "KOR")
    assert (found["actor1_code"], found["role1"], found["role2"]) == ("Foreign Affairs (South Korea)", "Executive", None)
    assert (found["code"], found["root"], found["quad"], found["goldstein"]) == ("010", None, 1, 0.0)
    assert found["added_at"] is None


def test_the_same_act_in_several_stories_stays_and_can_be_told_once(written: Write, reading: Any) -> None:
    rows = [icews_row(**{"Event ID": str(n), "Story ID": str(n)}) for n in range(3)] + [icews_row(**{"Event ID": "9", "CAMEO Code": "040"})]
    events = reading(icews.read(written(["\t".join(ICEWS), *rows]))).events
    assert events.height == 4
    assert icews.told_once(events)["event_id"].to_list() == ["0", "9"]


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"Event Date": "NA"}, "Event Date", "no-date"),
        ({"Event Date": "2018-06-31"}, "Event Date", "date"),
        ({"Event Date": "6/1/2018"}, "Event Date", "date"),
        ({"CAMEO Code": "40"}, "CAMEO Code", "lost-zero"),
        ({"CAMEO Code": "10"}, "CAMEO Code", "lost-zero"),
        ({"CAMEO Code": "NA"}, "CAMEO Code", "unknown-code"),
        ({"CAMEO Code": "0199"}, "CAMEO Code", "unknown-code"),
        ({"Intensity": "high"}, "Intensity", "number"),
        ({"Latitude": "137.5"}, "latitude", "range"),
        ({"Event ID": "NA"}, "Event ID", "id"),
    ],
)
def test_wrong_icews_cells_are_kept_out(cells: dict[str, str], field: str, reason: str, written: Write, reading: Any) -> None:
    found = reading(icews.read(written(["\t".join(ICEWS), icews_row(), icews_row(**cells)])))
    assert found.only_reason() == (field, reason)
    assert found.quarantine["line"].to_list() == [3]


def test_trailing_blanks_and_hyphens_that_do_not_break_are_read(written: Write, reading: Any) -> None:
    found = reading(icews.read(written(["\t".join(ICEWS), icews_row(**{"CAMEO Code": "010 ", "Event Date": "2018\u201106\u201101"})])))
    assert found.events.select("code", "day").row(0) == ("010", date(2018, 6, 1))


def test_icews_that_lost_all_zeros_is_kept_out_whole(written: Write, reading: Any) -> None:
    found = reading(icews.read(written(["\t".join(ICEWS), icews_row(**{"CAMEO Code": "10"}), icews_row(**{"CAMEO Code": "190"})])))
    assert found.events.is_empty()
    assert found.reasons == {"spreadsheet": 2}


def test_persons_and_organisations_are_no_states(written: Write, reading: Any) -> None:
    rows = [icews_row(**{"Source Name": "European Union", "Source Country": "NA"}), icews_row(**{"Source Country": "Middle East"})]
    assert reading(icews.read(written(["\t".join(ICEWS), *rows]))).events["actor1"].to_list() == [None, None]


@pytest.mark.parametrize("reader", [icews.read, polecat.read, phoenix.read])
def test_a_file_without_the_header_is_refused(reader: Any, written: Write, reading: Any) -> None:
    with pytest.raises(DamagedFile) as caught:
        list(reader(written(["a\tb,c", "1\t2,3"], "x.txt")))
    assert caught.value.reason == "columns"
    assert reading(reader(written(b"", "empty.txt"))).quarantine["reason"].to_list() == ["empty-file"]


def test_quadruples_of_text_and_their_states(written: Write) -> None:
    lines = ["Police (South Korea)\tMake statement\tEuropean Union\t2014-01-01", "Japan\tConsult\tChina\t2014-02-30", "Japan\tConsult\tChina"]
    found = icews.read_quadruples(written(lines, "icews14.txt"))
    assert found.rows.row(0) == (date(2014, 1, 1), "KOR", None, "Police (South Korea)", "European Union", "Make statement", 1)
    assert found.quarantine.select("line", "reason").rows() == [(2, "date"), (3, "column-count")]


# POLECAT


@pytest.mark.parametrize("spell", [lambda name: name, lambda name: name.lower().replace(" ", "_"), lambda name: name.replace(" ", ".")])
def test_polecat_is_read_in_each_spelling(spell: Callable[[str], str], written: Write, reading: Any) -> None:
    header = "\t".join(spell(name) for name in POLECAT)
    found = reading(polecat.read(written([header, polecat_row()], "ngecEvents.20230103.DV.txt"))).events.row(0, named=True)
    assert (found["code"], found["root"], found["quad"], found["goldstein"]) == ("COERCE/arrest", "COERCE", 4, -5.0)
    assert (found["actor1"], found["actor2"], found["place"], found["role1"]) == ("JPN", "CHN", "JPN", "MIL")
    assert (found["actor1_code"], found["day"]) == ("Coast Guard", date(2023, 1, 3))


def test_polecat_is_read_in_both_encodings(written: Write, reading: Any) -> None:
    lines = ["\t".join(POLECAT), polecat_row(**{"Actor Name": "S\u00e3o Paulo"}), polecat_row(**{"Actor Name": "Bogot\u00e1"})]
    for encoding, counted in (("utf-8", {}), ("latin-1", {"latin-1": 2})):
        found = reading(polecat.read(written("".join(f"{line}\n" for line in lines).encode(encoding))))
        assert found.events["actor1_code"].to_list() == ["S\u00e3o Paulo", "Bogot\u00e1"]
        assert found.repaired == counted


def test_several_states_in_a_cell_are_none(written: Write, reading: Any) -> None:
    rows = [polecat_row(**{"Actor Country": cell}) for cell in ("JPN;KOR", "JPN; JPN", "None", "EUR", " KOR")]
    found = reading(polecat.read(written(["\t".join(POLECAT), *rows]))).events
    assert found["actor1"].to_list() == [None, "JPN", None, None, "KOR"]


def test_a_yearly_zip_holds_months_numbered_through(tmp_path: Path, reading: Any) -> None:
    path = tmp_path / "ngecEventsDV-2022.txt.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for month in ("Jan", "Feb"):
            archive.writestr(f"ngecEventsDV-2022-{month}.txt", "\n".join(["\t".join(POLECAT), polecat_row(**{"Event ID": month}), polecat_row()]))
    found = reading(polecat.read(path)).events
    assert found["line"].to_list() == [2, 3, 5, 6]
    assert found["event_id"].to_list()[::2] == ["Jan", "Feb"]


def test_empty_columns_at_the_end_are_no_columns(written: Write, reading: Any) -> None:
    lines = ["\t".join(POLECAT) + "\t\t", polecat_row() + "\t\t", polecat_row(), polecat_row() + "\tmore"]
    found = reading(polecat.read(written(lines)))
    assert found.events.height == 2
    assert found.only_reason() == (None, "column-count")


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"Event Date": ""}, "Event Date", "no-date"),
        ({"Event Type": "MEET"}, "Event Type", "unknown-type"),
        ({"Event Type": "None"}, "Event Type", "unknown-type"),
        ({"Event Mode": "dance"}, "Event Mode", "unknown-code"),
        ({"Quad Code": "VERBAL CONFLICT"}, "Quad Code", "quad"),
        ({"Quad Code": "5"}, "Quad Code", "quad"),
        ({"Intensity": "-50"}, "Intensity", "range"),
        ({"Longitude": "E127"}, "longitude", "number"),
    ],
)
def test_wrong_polecat_cells_are_kept_out(cells: dict[str, str], field: str, reason: str, written: Write, reading: Any) -> None:
    found = reading(polecat.read(written(["\t".join(POLECAT), polecat_row(), polecat_row(**cells)])))
    assert found.only_reason() == (field, reason)


def test_a_pair_of_quotation_marks_around_a_cell_is_taken_off(written: Write, reading: Any) -> None:
    found = reading(polecat.read(written(["\t".join(POLECAT), polecat_row(**{"Event Type": '"COERCE"', "Actor Name": 'the "Guard"'})])))
    assert found.events.select("root", "actor1_code").row(0) == ("COERCE", 'the "Guard"')


# Phoenix


def test_phoenix_rows_become_events(written: Write, reading: Any) -> None:
    found = reading(phoenix.read(written([",".join(PHOENIX), phoenix_row()], "PhoenixNYT_1945-2005.csv"))).events.row(0, named=True)
    assert (found["day"], found["actor1"], found["actor2"], found["role1"], found["place"]) == (date(1950, 1, 5), "SUN", "USA", "GOV", "RUS")
    assert (found["code"], found["root"], found["quad"], found["goldstein"]) == ("112", "ACCUSE", 3, -2.0)
    assert (found["lat"], found["line"]) == (pytest.approx(55.7), 2)


def test_a_lost_zero_comes_back_only_where_the_root_proves_it(written: Write, reading: Any) -> None:
    rows = [
        phoenix_row(code="10", root_code="1", quad_class="0"),
        phoenix_row(code="010", root_code="01", quad_class="0"),
        phoenix_row(code="10", root_code="10"),
        phoenix_row(code="42", root_code="", quad_class="1"),
        phoenix_row(code="42", root_code="5", quad_class="1"),
    ]
    found = reading(phoenix.read(written([",".join(PHOENIX), *rows])))
    assert found.events.select("code", "quad").rows() == [("010", None), ("010", None), ("10", 3)]
    assert found.repaired == {"zero-restored": 1}
    assert found.quarantine.select("line", "reason").rows() == [(5, "lost-zero"), (6, "lost-zero")]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"story_date": ""}, "no-date"),
        ({"story_date": "13/1/1950"}, "date"),
        ({"month": "2"}, "date-parts"),
        ({"root_code": "12"}, "code-parts"),
        ({"quad_class": "7"}, "quad"),
        ({"placename": '"Moscow'}, "open-quote"),
        ({"placename": "Moscow, Russia"}, "column-count"),
    ],
)
def test_wrong_phoenix_cells_are_kept_out(cells: dict[str, str], reason: str, written: Write, reading: Any) -> None:
    found = reading(phoenix.read(written([",".join(PHOENIX), phoenix_row(), phoenix_row(**cells)])))
    assert found.reasons == {reason: 1}
    assert found.quarantine["line"].to_list() == [3]


def test_an_empty_column_in_a_later_line_only(written: Write, reading: Any) -> None:
    lines = ["\t".join(POLECAT), polecat_row(), polecat_row() + "\t \t", polecat_row()]
    assert reading(polecat.read(written(lines))).events.height == 3
