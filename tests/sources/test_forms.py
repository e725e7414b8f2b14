"""Which form a file has, and what is said where it has none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.sources.forms import FORMS, edition_of, form_of
from comity.vocab.errors import DamagedFile, UnknownForm

Write = Callable[..., Path]


@pytest.mark.parametrize("columns", [57, 58, 61])
@pytest.mark.parametrize("name", ["x.csv", "x.csv.zip"])
def test_gdelt_is_told_by_its_columns(columns: int, name: str, row: Callable[..., str], written: Write) -> None:
    assert form_of(written(["broken", row(columns), row(columns)], name)).name == "gdelt_events"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("GLOBALEVENTID;SQLDATE;MonthYear\n", "gdelt_events"),
        ("\t".join(["1"] * 16) + "\n", "gdelt_mentions"),
        ("Japan\tConsult\tChina\t2014-01-01\n", "icews_quadruples"),
        ("Event ID\tEvent Date\tSource Country\tCAMEO Code\tTarget Country\n", "icews"),
        ("event_id\tevent_type\tquad_code\trecipient_country\n", "polecat"),
        ("eid,story_date,source_root,target_root\n", "phoenix"),
        ("\ufeffType,Date,Case,Latitude,Longtitude\n", "provocations_kor"),
        ("Date,Type,Event,Resources\r\n", "provocations_csis"),
        ("Date,Type,Event,Resources,start,end\n", "exercises_csis"),
        ("date,cat,event,sev,source,sourceType,url,leader\n", "provocations_csis_coded"),
        ("date,time,missile,facility,outcome\n", "missiles_cns"),
        ("id,headline,tag,is_landmark\n", "nk_russia_timeline"),
        ("14276482 1979.zip\r\n18619859 1980.zip\r\n", "gdelt_list"),
        ("1 71c3d5b0987d441b11455bdb51250801 http://data.gdeltproject.org/gdeltv2/20180328050000.export.CSV.zip\n", "gdelt_list"),
    ],
)
def test_forms_are_told_by_their_first_lines(content: str, form: str, written: Write) -> None:
    assert form_of(written(content.encode(), "some-file")).name == form


def test_an_empty_file_is_told_by_its_name_only(written: Write) -> None:
    assert form_of(written(b"", "20190121220000.export.CSV.zip")).name == "gdelt_events"
    assert form_of(written(b"", "20190121220000.mentions.CSV")).name == "gdelt_mentions"
    with pytest.raises(UnknownForm):
        form_of(written(b"", "other.txt"))


def test_what_has_no_form_is_refused_with_what_was_seen_and_what_is_known(written: Write, tmp_path: Path) -> None:
    with pytest.raises(UnknownForm) as caught:
        form_of(written(b"name,age\nx,1\n", "people.csv"))
    for said in (caught.value.text.en, caught.value.text.ko):
        assert "people.csv" in said
        assert "name,age" in said
        assert all(name in said for name in FORMS)
    parquet = written(b"PAR1 broken", "x.parquet")
    with pytest.raises(UnknownForm, match="broken Parquet"):
        form_of(parquet)
    broken = tmp_path / "x.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("a", "b")
    broken.write_bytes(broken.read_bytes()[:20])
    with pytest.raises(DamagedFile):
        form_of(broken)


def test_every_form_says_where_it_comes_from(written: Write) -> None:
    for form in FORMS.values():
        assert form.address.startswith("http")
        assert len(form.citation) > 30
        assert (form.read is None) == (form.gives == "list")
        assert (form.read_list is None) == (form.gives != "list")
        assert all(len(digest) == 64 for digest in form.editions.values())
    assert edition_of(written(b"x", "attack.csv")) is None
