"""Editions and replications: the same bytes, the same snapshot, the same number, or an error that says what differs."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from comity.register import replication
from comity.register.changing import change
from comity.register.codebook import codebook, codebook_markdown, counterparts, schemes
from comity.register.edition import Edition, load_edition, make_edition, unzipped, verify_edition, zip_bytes
from comity.register.package import package_path
from comity.register.register import load
from comity.register.replication import Request, bundle, differences, plain, replicate
from comity.register.snapshot import Snapshot
from comity.vocab.errors import NotReproduced, PackageFaults
from comity.vocab.kinds import codes, kinds
from comity.vocab.text import Text

SETTINGS = """# Kept as written.
name: jpn
version: "1"  # the first
extends: [below]
home: JPN
title: {en: Military diplomacy of Japan, ko: 일본 군사외교}
until: 2026-06-30
licence: CC-BY-4.0
authors: [{family-names: Sato, given-names: Aya}, Some Institute]
"""
BELOW = 'name: below\nversion: "7"\nextends: [states]\ntitle: {en: Below, ko: 아래}\n'
STATES = """id,actor_type,name_en,short_en,name_ko,short_ko,source,confidence,entered_at,marking
JPN,state,Japan,Japan,일본국,일본,list,high,2026-01-01,public
PHL,state,Republic of the Philippines,Philippines,필리핀공화국,필리핀,list,high,2026-01-01,public
"""
AGREEMENT = "id,title_en,agreement_type,parties,signed,source,confidence,entered_at,marking\n"
ROW = "jpn-phl-a,Reciprocal access,visiting_forces,JPN;PHL,2024-07-08,s,high,2026-01-01,{marking}\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that extends one beside it, which extends a third with the actors."""
    folder = tmp_path / "work" / "jpn"
    folder.mkdir(parents=True)
    (folder / "package.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "agreements.csv").write_text(AGREEMENT + ROW.format(marking="public"), encoding="utf-8")
    below = tmp_path / "work" / "below"
    below.mkdir()
    (below / "package.yaml").write_text(BELOW, encoding="utf-8")
    (below / "sources.csv").write_text("id,title,source_type,marking\ns,A list,government,public\n", encoding="utf-8")
    states = tmp_path / "work" / "states"
    states.mkdir()
    (states / "package.yaml").write_text('name: states\nversion: "1"\ntitle: {en: States, ko: 국가}\n', encoding="utf-8")
    (states / "actors.csv").write_text(STATES, encoding="utf-8")
    (states / "sources.csv").write_text("id,title,source_type,marking\nlist,A list of states,dataset,public\n", encoding="utf-8")
    (states / "markings.csv").write_text("id,name_en,name_ko,public\npublic,Public,공개,true\n", encoding="utf-8")
    return folder


@pytest.fixture
def edition(package: Path, tmp_path: Path) -> Edition:
    return make_edition(package, tmp_path / "out")


def faults_in(call: Callable[[], Any]) -> set[str]:
    with pytest.raises(PackageFaults) as caught:
        call()
    return {fault.code for fault in caught.value.faults}


def test_an_edition_holds_the_package_and_what_it_extends(edition: Edition) -> None:
    names = {name.removeprefix("comity-jpn-1/") for name in unzipped(edition.path)}
    assert edition.path.name == "comity-jpn-1.zip"
    assert {"CITATION.cff", "SHA256SUMS", "edition.json", "jpn/package.yaml", "jpn/seal.csv", "jpn/datapackage.json"} <= names
    assert {"below/sources.csv", "below/datapackage.json", "states/actors.csv"} <= names


def test_its_bytes_depend_on_the_contents_alone(edition: Edition, package: Path, tmp_path: Path) -> None:
    again = make_edition(package, tmp_path / "elsewhere" / "x.zip")
    assert again.path.read_bytes() == edition.path.read_bytes()
    assert edition.checksum == hashlib.sha256(edition.path.read_bytes()).hexdigest()
    with zipfile.ZipFile(edition.path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.compress_type, entry.create_system) for entry in entries} == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)}
    assert zip_bytes("r", {"b": b"2", "a": b"1"}) == zip_bytes("r", {"a": b"1", "b": b"2"})


def test_an_edition_loads_from_the_zip_and_unzipped_with_its_own_base(edition: Edition, package: Path, tmp_path: Path) -> None:
    assert load_edition(edition.path).snapshot().hash == edition.snapshot == load(package).snapshot().hash
    with zipfile.ZipFile(edition.path) as archive:
        archive.extractall(tmp_path / "read")
    root = tmp_path / "read" / "comity-jpn-1"
    assert load(root / "jpn").snapshot().hash == edition.snapshot
    names = (root / "states" / "actors.csv").read_text(encoding="utf-8")
    (root / "states" / "actors.csv").write_text(names.replace("Republic of the Philippines", "Somewhere else"), encoding="utf-8")
    assert load(root / "jpn").snapshot().hash != edition.snapshot  # it is its own copy of the actors that was read


def test_an_edition_can_leave_the_package_as_it_is(package: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in package.iterdir()}
    unsealed = make_edition(package, tmp_path / "a", "2", seal=False)
    assert {path.name: path.read_bytes() for path in package.iterdir()} == before
    assert make_edition(package, tmp_path / "b", "2").checksum == unsealed.checksum  # the zip holds the seal either way
    assert (package / "seal.csv").is_file()
    assert verify_edition(unsealed.path).version == "2"


def test_what_a_package_extends_is_looked_for_beside_it_first(package: Path) -> None:
    assert package_path("below", beside=package) == package.resolve().parent / "below"
    assert package_path("world", beside=package) == package_path("world")


def test_an_edition_is_verified_whole(edition: Edition) -> None:
    assert verify_edition(edition.path) == edition


def altered(edition: Edition, tmp_path: Path, change_files: Callable[[dict[str, bytes]], Any], *, sums: bool = False) -> Path:
    root = "comity-jpn-1"
    contents = {name.removeprefix(f"{root}/"): content for name, content in unzipped(edition.path).items()}
    kept = contents["SHA256SUMS"]
    change_files(contents)
    target = tmp_path / "altered.zip"
    if sums:
        target.write_bytes(zip_bytes(root, {name: content for name, content in contents.items() if name != "SHA256SUMS"}))
        return target
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (contents | {"SHA256SUMS": kept}).items():
            archive.writestr(name if name.startswith("..") else f"{root}/{name}", content)
    return target


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda files: files.update({"jpn/agreements.csv": files["jpn/agreements.csv"].replace(b"2024", b"2023")}), "file-altered"),
        (lambda files: files.pop("below/sources.csv"), "file-missing"),
        (lambda files: files.update({"jpn/visits.csv": b"id\n"}), "file-added"),
        (lambda files: files.update({"../../outside.txt": b"x"}), "no-edition"),
    ],
)
def test_an_altered_edition_is_refused(edition: Edition, tmp_path: Path, edit: Callable[[dict[str, bytes]], Any], code: str) -> None:
    target = altered(edition, tmp_path, edit)
    assert faults_in(lambda: verify_edition(target)) == {code}
    assert faults_in(lambda: load_edition(target)) == {code}
    assert not (tmp_path.parent / "outside.txt").exists()


def test_sums_made_anew_do_not_hide_another_register(edition: Edition, tmp_path: Path) -> None:
    def forge(files: dict[str, bytes]) -> None:
        files["below/sources.csv"] = files["below/sources.csv"].replace(b"A list", b"A forged list")

    assert faults_in(lambda: verify_edition(altered(edition, tmp_path, forge, sums=True))) == {"other-snapshot"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"id,title\n"])
def test_what_is_no_edition_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert faults_in(lambda: verify_edition(tmp_path / "x.zip")) == {"no-edition"}
    assert faults_in(lambda: verify_edition(tmp_path / "absent.zip")) == {"no-edition"}


def test_an_edition_never_changes_and_the_next_needs_reasons(edition: Edition, package: Path, tmp_path: Path) -> None:
    change(package, "jpn-phl-a", "signed", "2024-07-09", reason="Wrong day.", today=date(2026, 7, 1))
    before = {path.name: path.read_bytes() for path in package.iterdir()}
    assert faults_in(lambda: make_edition(package, tmp_path / "out")) == {"edition-exists"}
    assert {path.name: path.read_bytes() for path in package.iterdir()} == before
    following = make_edition(package, tmp_path / "out", "2")
    assert following.snapshot != edition.snapshot
    assert load(package).settings["version"] == "2"
    text = (package / "package.yaml").read_text(encoding="utf-8")
    assert text == SETTINGS.replace('version: "1"  # the first', 'version: "2"  # the first')  # all else stands as its editor wrote it
    table = package / "agreements.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Reciprocal", "Mutual"), encoding="utf-8")
    assert faults_in(lambda: make_edition(package, tmp_path / "out", "3")) == {"edit-without-reason"}
    assert not (tmp_path / "out" / "comity-jpn-3.zip").exists()


def test_rows_that_the_reader_may_not_see_stop_an_edition(package: Path, tmp_path: Path) -> None:
    (package / "markings.csv").write_text("id,name_en,name_ko,public,owner\nclosed,Closed,비공개,false,JPN\n", encoding="utf-8")
    (package / "agreements.csv").write_text(AGREEMENT + ROW.format(marking="closed"), encoding="utf-8")
    with pytest.raises(PackageFaults) as caught:
        make_edition(package, tmp_path / "out")
    assert {fault.code for fault in caught.value.faults} == {"not-for-reader"}
    assert {(fault.file, fault.record) for fault in caught.value.faults} == {("agreements.csv", "agreement:jpn-phl-a"), ("markings.csv", "marking:closed")}
    assert not (tmp_path / "out").exists()
    assert not (package / "seal.csv").exists()
    assert make_edition(package, tmp_path / "out", reader="JPN").reader == "JPN"


@pytest.mark.parametrize("version", ["../x", "a b", "", "1/2"])
def test_a_version_is_fit_for_a_file_name(package: Path, tmp_path: Path, version: str) -> None:
    if version:
        assert faults_in(lambda: make_edition(package, tmp_path / "out", version)) == {"bad-version"}
    else:
        assert make_edition(package, tmp_path / "out", version).version == "1"


def test_it_is_cited_by_authors_version_and_checksum(edition: Edition) -> None:
    assert edition.apa == (f"Sato, Aya; Some Institute. (2026). Military diplomacy of Japan (Version 1) [Data set]. Comity. SHA-256 {edition.checksum}")
    assert edition.bibtex.startswith("@misc{comity-jpn-1,\n  author = {{Sato, Aya and Some Institute}},")
    told = yaml.safe_load(unzipped(edition.path)["comity-jpn-1/CITATION.cff"])
    assert (told["cff-version"], told["type"], told["license"], told["date-released"]) == ("1.2.0", "dataset", "CC-BY-4.0", "2026-06-30")
    assert told["identifiers"][0]["value"] == f"sha256:{edition.snapshot}"


# ---- replication


def signed_by_year(snapshot: Snapshot, request: Request) -> dict[str, Any]:
    rows = snapshot.counted("agreement").filter(snapshot.counted("agreement")["signed_latest"] <= request.as_of)
    return {"as_of": request.as_of, "rows": [{"n": rows.height, "share": rows.height / 3, "ids": set(rows["id"])}]}


REQUEST = Request("agreements", date(2026, 6, 30), "JPN", {"days": 3}, seed=5)


def test_an_answer_comes_out_again(edition: Edition, tmp_path: Path) -> None:
    made = bundle(edition.path, REQUEST, signed_by_year, tmp_path / "b.zip")
    again = replicate(made, signed_by_year)
    assert again.exact
    assert again.request == REQUEST
    assert again.answer["rows"] == [{"n": 1, "share": 1 / 3, "ids": ["jpn-phl-a"]}]
    assert bundle(edition.path, REQUEST, signed_by_year, tmp_path / "c" / "b.zip").read_bytes() == made.read_bytes()


def test_another_number_is_named(edition: Edition, tmp_path: Path) -> None:
    made = bundle(edition.path, REQUEST, signed_by_year, tmp_path / "b.zip")

    def otherwise(snapshot: Snapshot, request: Request) -> dict[str, Any]:
        return signed_by_year(snapshot, request) | {"rows": [{"n": 1, "share": 1 / 3 + 1e-15, "ids": []}]}

    with pytest.raises(NotReproduced) as caught:
        replicate(made, otherwise)
    assert "rows[0].share: 0.3333333333333333 → " in str(caught.value)
    assert "len(rows[0].ids): 1 → 0" in str(caught.value)
    assert "버전은 같습니다" in caught.value.in_("ko")


def test_other_versions_may_differ_in_the_last_digits_only(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = bundle(edition.path, REQUEST, signed_by_year, tmp_path / "b.zip")
    now = replication.versions() | {"numpy": "99"}
    monkeypatch.setattr(replication, "versions", lambda: now)

    def off_by(much: float) -> Callable[[Snapshot, Request], dict[str, Any]]:
        return lambda snapshot, request: {"as_of": request.as_of, "rows": [{"n": 1, "share": 1 / 3 + much, "ids": {"jpn-phl-a"}}]}

    assert not replicate(made, off_by(1e-12)).exact
    with pytest.raises(NotReproduced, match=r"numpy [\d.]+ → 99"):
        replicate(made, off_by(1e-6))


def test_a_bundle_with_another_answer_written_in_is_refused(edition: Edition, tmp_path: Path) -> None:
    made = bundle(edition.path, REQUEST, signed_by_year, tmp_path / "b.zip")
    contents = unzipped(made)
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content.replace(b'"n": 1', b'"n": 2'))
    assert faults_in(lambda: replicate(made, signed_by_year)) == {"file-altered"}
    assert faults_in(lambda: replicate(edition.path, signed_by_year)) == {"no-bundle"}


def test_values_are_compared_by_kind_and_place() -> None:
    assert list(differences({"a": 1}, {"a": 1.0}, tolerance=1e-9)) == []
    assert [at for at, _, _ in differences({"a": None, "b": [1]}, {"a": 0, "b": [True]}, tolerance=1e-9)] == ["a", "b[0]"]
    assert [at for at, _, _ in differences({"a": {"x": 1}}, {"a": {}}, tolerance=0)] == ["a.x"]
    assert list(differences({"a": 1e12}, {"a": 1e12 + 1}, tolerance=1e-9)) == []
    assert plain({"t": Text("a", "가"), "d": date(2026, 1, 2), "n": float("nan"), "s": (1, 2)}) == {
        "t": {"en": "a", "ko": "가"},
        "d": "2026-01-02",
        "n": "nan",
        "s": [1, 2],
    }


# ---- the codebook


def test_the_codebook_has_every_kind_field_and_list() -> None:
    book = codebook({"agreement": {"signed": 0.9}})
    assert [kind["name"] for kind in book["kinds"]] == list(kinds())
    agreement = next(kind for kind in book["kinds"] if kind["name"] == "agreement")
    assert [field["name"] for field in agreement["fields"]] == kinds()["agreement"].columns[1:]
    assert next(field for field in agreement["fields"] if field["name"] == "signed")["filled"] == 0.9
    assert [one["value"] for one in book["lists"]["confidence"]] == list(codes("confidence"))
    json.dumps(book)


def test_counterparts_name_fields_of_five_data_sets() -> None:
    assert schemes() == ["atop", "dcad", "mme", "plover", "sipri"]
    assert {"scheme": "atop", "kind": "agreement", "field": "parties", "theirs": "MEM1..MEM55"} in counterparts("atop")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_codebook_reads_in_both_languages(lang: Any) -> None:
    page = codebook_markdown(lang, {"agreement": {"signed": 0.9}})
    for kind in kinds().values():
        assert f"## {kind.label.in_(lang)} (`{kind.name}`)" in page
    assert page.count("| 90% |") == 1
    rows = [line.replace("\\|", "") for line in page.splitlines() if line.startswith("| `signed` |")]
    assert {line.count("|") for line in rows} == {7, 6, 3}  # with and without the column of fill rates; the third is a controlled value
