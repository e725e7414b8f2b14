"""GDELT events: every form, every trap, each with a row that shows it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from bench.gdelt_made import write_export

from comity.sources.gdelt_events import read
from comity.vocab.errors import DamagedFile

Make = Callable[..., str]
Write = Callable[..., Path]


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_a_row_becomes_an_event(columns: int, row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(columns)]))).events.row(0, named=True)
    assert found["event_id"] == "817930293"
    assert found["day"] == date(2019, 1, 21)
    assert found["added_at"] == (datetime(2019, 1, 21, 22) if columns == 61 else datetime(2019, 1, 22))
    assert (found["actor1"], found["actor2"], found["place"]) == ("KOR", "JPN", "KOR")
    assert (found["actor1_code"], found["role1"], found["role2"]) == ("KORGOV", "GOV", None)
    assert (found["code"], found["root"], found["quad"]) == ("041", "CONSULT", 1)
    assert (found["goldstein"], found["tone"]) == (1.0, -0.5)
    assert (found["mentions"], found["outlets"], found["articles"]) == (10, 2, 8)
    assert (found["lat"], found["lon"], found["line"]) == (37.0, 127.5, 1)


def test_57_and_58_columns_in_one_file_keep_their_order(row: Make, written: Write, reading: Any) -> None:
    lines = [row(58, id="1"), row(57, id="2"), row(58, id="3"), row(57, id="4")]
    found = reading(read(written(lines, "mixed.csv")))
    assert found.events["event_id"].to_list() == ["1", "2", "3", "4"]
    assert found.events["line"].to_list() == [1, 2, 3, 4]


def test_a_zip_reads_like_its_content(row: Make, written: Write, reading: Any) -> None:
    lines = [row(id=str(n)) for n in range(50)]
    plain, zipped = reading(read(written(lines))), reading(read(written(lines, "a.export.CSV.zip")))
    assert plain.events.equals(zipped.events)


def test_batches_do_not_change_what_is_read(row: Make, written: Write, reading: Any) -> None:
    lines = [row(id=str(n), code=("010", "10", "190")[n % 3], quad=("1", "1", "4")[n % 3]) for n in range(300)]
    path = written(lines)
    whole, parts = reading(read(path)), reading(read(path, batch_lines=20))
    assert parts.batches > 5
    assert whole.events.equals(parts.events)
    assert whole.quarantine.equals(parts.quarantine)
    assert whole.reasons == {"lost-zero": 100}


# The traps


def test_leading_zeros_stay(row: Make, written: Write, reading: Any) -> None:
    lines = [row(code="010"), row(code="0841", quad="2", goldstein="7")]
    assert reading(read(written(lines))).events["code"].to_list() == ["010", "0841"]


@pytest.mark.parametrize(("code", "quad"), [("10", "1"), ("42", "1"), ("841", "2"), ("20", "1")])
def test_one_code_without_its_zero_is_kept_out(code: str, quad: str, row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(), row(code=code, quad=quad, base=code, root=code[:1])])))
    assert found.events.height == 1
    assert found.only_reason() == ("EventCode", "lost-zero")


def test_a_file_in_which_all_zeros_are_lost_is_kept_out_whole(row: Make, written: Write, reading: Any) -> None:
    # 112 lost nothing, but a file that lost the zeros elsewhere went through a spreadsheet, which may have rounded its numbers too.
    lines = [row(code="10", base="10", root="1"), row(code="112", quad="3"), row(code="190", quad="4")]
    found = reading(read(written(lines)))
    assert found.events.is_empty()
    assert found.reasons == {"spreadsheet": 3}


def test_a_spreadsheet_file_is_kept_out_whole(row: Make, written: Write, reading: Any) -> None:
    header = "GLOBALEVENTID;SQLDATE;" + ";".join(f"c{n}" for n in range(59))
    lines = [header, row().replace("\t", ";").replace("-0.5", "-0,5"), row().replace("\t", ";")]
    found = reading(read(written("\r\n".join([*lines, ""]).encode())))
    assert found.events.is_empty()
    assert found.reasons == {"spreadsheet": 3}
    assert found.quarantine["text"][1].startswith("817930293;20190121;")


def test_a_header_alone_shows_that_the_file_is_not_as_published(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written(["GLOBALEVENTID\tSQLDATE" + "\tx" * 59, row()])))
    assert found.reasons == {"spreadsheet": 2}


@pytest.mark.parametrize("day", ["20190114", "20181221", "20180121", "20090121", "20190122"])
def test_events_a_week_month_year_decade_before_and_one_day_after_are_normal(day: str, row: Make, written: Write, reading: Any) -> None:
    assert reading(read(written([row(day=day)]))).events.height == 1


def test_an_event_after_it_was_added_is_kept_out(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(day="20190123")])))
    assert found.only_reason() == ("SQLDATE", "after-added")


@pytest.mark.parametrize(("said", "added", "day"), [("19200101", "20191231233000", date(2020, 1, 1)), ("19200104", "20200104011500", date(2020, 1, 4))])
def test_1920_for_2020_is_mended_and_counted(said: str, added: str, day: date, row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(day=said, added=added)])))
    assert found.events["day"].to_list() == [day]
    assert found.repaired == {"year-1920": 1}


@pytest.mark.parametrize(("said", "added"), [("19200101", "20200106000000"), ("19200101", "20190121220000"), ("19191231", "20200101000000")])
def test_other_old_dates_are_not_mended(said: str, added: str, row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(day=said, added=added)])))
    assert found.only_reason() == ("SQLDATE", "before-archive")


def test_1920_that_would_lie_after_it_was_added_is_kept_out(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(day="19200301", added="20200101000000")])))
    assert found.only_reason() == ("SQLDATE", "after-added")


def test_padded_codes_are_known_and_counted(row: Make, written: Write, reading: Any) -> None:
    lines = [row(actor2_code=" JPN", actor2="JPN "), row(actor2_code="   ", actor2=" "), row()]
    found = reading(read(written(lines)))
    assert found.events["actor2"].to_list() == ["JPN", None, "JPN"]
    assert found.events["actor2_code"].to_list() == ["JPN", None, "JPN"]
    assert found.repaired == {"padded-code": 2}


def test_zero_zero_is_no_place_and_half_a_pair_is_none(row: Make, written: Write, reading: Any) -> None:
    lines = [row(lat="0", lon="0"), row(lat="", lon="42.0"), row(lat="0", lon="32.6")]
    found = reading(read(written(lines)))
    assert found.events.select("lat", "lon").rows() == [(None, None), (None, None), (0.0, pytest.approx(32.6))]
    assert found.events["place"].to_list() == ["KOR"] * 3
    assert found.repaired == {"zero-place": 1, "half-place": 1}


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"day": ""}, "SQLDATE", "no-date"),
        ({"day": "20190231"}, "SQLDATE", "date"),
        ({"day": "2019012"}, "SQLDATE", "date"),
        ({"day": "2019012x"}, "SQLDATE", "date"),
        ({"month": "201902"}, "MonthYear", "date-parts"),
        ({"added": "2019012122000"}, "DATEADDED", "date"),
        ({"added": "2.02E+13"}, "DATEADDED", "date"),
        ({"id": ""}, "GLOBALEVENTID", "id"),
        ({"id": "x1"}, "GLOBALEVENTID", "id"),
        ({"id": "+1"}, "GLOBALEVENTID", "id"),
        ({"actor1_code": "C\u00c9V"}, None, "encoding"),
        ({"added": "90190121220000"}, "DATEADDED", "date"),
        ({"code": "---", "base": "---", "root": "--"}, "EventCode", "no-event-code"),
        ({"code": "X", "base": "X", "root": "X", "quad": "4", "goldstein": ""}, "EventCode", "no-event-code"),
        ({"code": "999"}, "EventCode", "unknown-code"),
        ({"code": ""}, "EventCode", "unknown-code"),
        ({"base": "042"}, "EventBaseCode", "code-parts"),
        ({"root": "05"}, "EventRootCode", "code-parts"),
        ({"quad": "4"}, "QuadClass", "quad"),
        ({"quad": ""}, "QuadClass", "quad"),
        ({"goldstein": "1,0"}, "GoldsteinScale", "number"),
        ({"goldstein": "11"}, "GoldsteinScale", "range"),
        ({"tone": "nan"}, "AvgTone", "range"),
        ({"mentions": "2.5"}, "NumMentions", "number"),
        ({"mentions": "-1"}, "NumMentions", "range"),
        ({"lat": "90.5"}, "ActionGeo_Lat", "range"),
        ({"lon": "12a"}, "ActionGeo_Long", "number"),
    ],
)
def test_a_wrong_cell_is_kept_out_with_its_name(cells: dict[str, str], field: str | None, reason: str, row: Make, written: Write, reading: Any) -> None:
    line = row(**cells)
    found = reading(read(written([row(id="1"), line, row(id="2")])))
    assert found.only_reason() == (field, reason)
    assert found.quarantine.row(0, named=True)["text"] == line
    assert found.quarantine["line"].to_list() == [2]
    assert found.events["event_id"].to_list() == ["1", "2"]


def test_blank_numbers_are_missing_not_zero(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(goldstein="", tone="", mentions="", lat="", lon="")]))).events.row(0, named=True)
    assert [found[name] for name in ("goldstein", "tone", "mentions", "lat", "lon")] == [None] * 5


@pytest.mark.parametrize("actor", ["GOV", "EUR", "AFR", "IGO", "UNO", "ZZZ", ""])
def test_what_names_no_state_stays_null(actor: str, row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(actor1=actor, actor1_code=actor or "MIL")]))).events.row(0, named=True)
    assert found["actor1"] is None
    assert found["actor1_code"] == (actor or "MIL")


def test_quotation_marks_are_letters(row: Make, written: Write, reading: Any) -> None:
    lines = [row(name='"Open, South Korea', id="1"), row(id="2"), row(name='5" gun"', id="3")]
    assert reading(read(written(lines))).events["event_id"].to_list() == ["1", "2", "3"]


def test_short_long_and_blank_lines_are_kept_out_and_the_others_read(row: Make, written: Write, reading: Any) -> None:
    lines = [row(id="1"), row() + "\tmore", row().rsplit("\t", 1)[0], "", row(id="2"), row() + "\t\t"]
    found = reading(read(written(lines)))
    assert found.events["event_id"].to_list() == ["1", "2"]
    assert found.quarantine.select("line", "reason").rows() == [(2, "column-count"), (3, "column-count"), (4, "blank-line"), (6, "column-count")]


def test_a_long_and_a_short_line_do_not_make_up_for_each_other(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(id="1"), row() + "\tmore", row().rsplit("\t", 1)[0], row(id="2")])))
    assert found.events["event_id"].to_list() == ["1", "2"]
    assert found.reasons == {"column-count": 2}


def test_nul_bytes_keep_their_line_out(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(id="1"), row(name="a\0b"), row(id="2")])))
    assert found.events["event_id"].to_list() == ["1", "2"]
    assert found.only_reason() == (None, "nul-byte")


def test_latin_letters_in_a_name_do_no_harm_in_a_code_they_do(row: Make, written: Write, reading: Any) -> None:
    lines = [row(name="Bogot\u00e1", id="1"), row(actor1_code="C\u00e9V"), row(id="2")]
    found = reading(read(written("".join(f"{line}\n" for line in lines).encode("latin-1"))))
    assert found.events["event_id"].to_list() == ["1", "2"]
    assert found.only_reason() == (None, "encoding")
    assert "C\\xe9V" in found.quarantine["text"][0]


def test_crlf_and_a_byte_order_mark_are_no_part_of_cells(row: Make, written: Write, reading: Any) -> None:
    plain = reading(read(written([row(57, id="1"), row(57, id="2")])))
    other = reading(read(written(b"\xef\xbb\xbf" + f"{row(57, id='1')}\r\n{row(57, id='2')}\r\n".encode())))
    assert plain.events.equals(other.events)


def test_a_last_line_without_newline_is_read_if_it_is_whole(row: Make, written: Write, reading: Any) -> None:
    assert reading(read(written(f"{row(id='1')}\n{row(id='2')}".encode()))).events.height == 2


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_a_last_line_cut_off_anywhere_is_never_a_wrong_event(columns: int, row: Make, written: Write, reading: Any) -> None:
    whole = row(columns, id="2")
    right = reading(read(written([whole]))).events.row(0, named=True)
    for cut in range(1, len(whole)):
        found = reading(read(written(f"{row(columns, id='1')}\n{whole[:cut]}".encode())))
        assert found.lines == 2
        if found.events.height == 2:  # only the address of the article, which is not kept, was cut
            assert found.events.row(1, named=True) | {"line": 1} == right


def test_an_over_long_line_does_not_fill_the_memory(row: Make, written: Write, reading: Any) -> None:
    found = reading(read(written([row(id="1"), "x" * 20_000_000, row(id="2")])))
    assert found.events["event_id"].to_list() == ["1", "2"]
    assert found.reasons == {"over-long": 1}
    assert len(found.quarantine["text"][0]) == 20_000


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(content: bytes, written: Write, reading: Any) -> None:
    for name in ("a.export.CSV", "a.export.CSV.zip"):
        found = reading(read(written(content, name)))
        assert found.lines == 0
        assert found.quarantine.row(0) == (name, None, None, "empty-file", "")


def test_a_broken_zip_is_refused_also_where_only_its_end_is_broken(row: Make, written: Write, tmp_path: Path) -> None:
    path = written([row(id=str(n)) for n in range(1000)], "a.export.CSV.zip")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
    spoilt = bytearray(data)
    spoilt[data.index(b"PK\x01\x02") + 16] ^= 0xFF  # the check sum in the directory
    for name, content in (("cut.zip", data[: len(data) // 2]), ("sum.zip", bytes(spoilt))):
        broken = tmp_path / name
        broken.write_bytes(content)
        with pytest.raises(DamagedFile) as caught:
            list(read(broken))
        assert caught.value.reason == "corrupt-zip"
        assert caught.value.file == name
        assert name in caught.value.in_("ko")
    assert info.CRC


def test_a_zip_of_several_files_or_none_is_refused(row: Make, tmp_path: Path, reading: Any) -> None:
    for name, members, reason in (("two.zip", ["a.CSV", "b.CSV"], "several-members"), ("none.zip", [], "no-member")):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for member in members:
                archive.writestr(member, row())
        with pytest.raises(DamagedFile) as caught:
            list(read(path))
        assert caught.value.reason == reason
    shadowed = tmp_path / "mac.zip"
    with zipfile.ZipFile(shadowed, "w") as archive:
        archive.writestr("a.CSV", row() + "\n")
        archive.writestr("__MACOSX/._a.CSV", "x")
    assert reading(read(shadowed)).events.height == 1


@pytest.mark.parametrize(("place", "value", "reason"), [(6, 1, "encrypted"), (8, 99, "corrupt-zip")])
def test_a_password_and_an_unknown_compression_are_told_apart(place: int, value: int, reason: str, row: Make, written: Write) -> None:
    path = written([row()], "a.export.CSV.zip")
    data = bytearray(path.read_bytes())
    data[place] = value  # flags and method stand two bytes further on in the directory
    data[data.index(b"PK\x01\x02") + place + 2] = value
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedFile) as caught:
        list(read(path))
    assert caught.value.reason == reason


def test_equal_rows_stay(row: Make, written: Write, reading: Any) -> None:
    # Whether a row was loaded before is for the store to say.
    assert reading(read(written([row(), row()]))).events.height == 2


def test_the_fast_way_and_the_careful_way_agree(row: Make, written: Write, reading: Any) -> None:
    # One line of another length sends the whole block the careful way.
    lines = [row(id=str(n), goldstein=("1.0", "-10", "")[n % 3], lat=("", "37.5", "0")[n % 3], lon=("", "127", "0")[n % 3]) for n in range(99)]
    fast = reading(read(written(lines))).events
    careful = reading(read(written([*lines, "short"]))).events
    assert fast.equals(careful)
    odd_number = reading(read(written([*lines, row(id="99", tone="1e1 ")]))).events
    assert fast.equals(odd_number.head(99))
    assert odd_number["tone"][99] == 10.0


MEASURED = """
import sys
from pathlib import Path
from comity.sources.gdelt_events import read
rows = sum(len(batch.events) for batch in read(Path(sys.argv[1]), batch_lines=100_000))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(rows, int(peak.split()[1]) // 1024)
"""  # not ru_maxrss: a child's counts the moment before it became another program


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (200_000, 800_000):
        path = write_export(tmp_path / "made.csv", rows, 1)
        said = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True).stdout.split()
        assert int(said[0]) == rows
        peaks.append(int(said[1]))
    assert peaks[1] < 300
    assert peaks[1] - peaks[0] < 60


def test_the_made_up_export_is_like_a_published_one(tmp_path: Path, reading: Any) -> None:
    found = reading(read(write_export(tmp_path / "made.csv", 3_000, 7)))
    assert found.events.height == 3_000
    assert found.events["event_id"].n_unique() == 3_000
    assert 450 < (tmp_path / "made.csv").stat().st_size / 3_000 < 520
    again = write_export(tmp_path / "again.csv", 3_000, 7)
    assert again.read_bytes() == (tmp_path / "made.csv").read_bytes()
