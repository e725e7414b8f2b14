"""Codes: CAMEO and PLOVER against the published tables, actors and places against the lists of others, words in both languages."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from comity.sources.actor_codes import CAMEO_OTHER, FIPS, REGIONS, cameo_states, known, state_names, state_of
from comity.sources.cameo import FINER, PLOVER_ROOTS, codes, lost_zero, plover_root, quad_class
from comity.sources.forms import FORMS
from comity.sources.polecat import CONTEXTS, MODES, QUAD
from comity.sources.reasons import REASONS, REPAIRS, reason_text

# Codes of our table that the published conversion does not convert, and why.
NOT_CONVERTED = {
    "155": "MOBILIZE",  # mobilise cyber-forces: newer than the conversion; its root's type
    "176": "COERCE",  # attack cybernetically: the same
    "1834": "ASSAULT",  # location bombing: not in the conversion; its root's type
    "1883": "ASSAULT",  # stands in one list of codes only; its root's type
    "1951": "ASSAULT",  # precision-guided aerial munitions: finer than 195, which is converted
    "1952": "ASSAULT",  # remotely piloted aerial munitions: the same
}


def test_every_root_has_its_codes_and_the_count_is_known() -> None:
    assert len(FINER) == 20
    assert len(codes()) == 319
    assert {code[:2] for code in codes()} == set(FINER)


@pytest.mark.parametrize(
    ("code", "root", "quad"),
    [("010", None, 1), ("0256", None, 1), ("0871", "RETREAT", 2), ("0813", "RETREAT", 2), ("0811", "CONCEDE", 2), ("163", "COERCE", 4), ("162", "SANCTION", 4),
     ("1712", "ASSAULT", 4), ("1711", "COERCE", 4), ("191", "COERCE", 4), ("193", "ASSAULT", 4), ("145", "PROTEST", 3), ("090", "ACCUSE", 2), ("99", None, None)],
)  # fmt: skip
def test_roots_and_classes(code: str, root: str | None, quad: int | None) -> None:
    assert (plover_root(code), quad_class(code)) == (root, quad)


def test_no_whole_code_reads_like_a_damaged_one_but_the_bare_roots() -> None:
    assert {code for code in codes() if lost_zero(code)} == {str(root) for root in range(10, 21)}
    for code in codes():
        if code.startswith("0") and len(code) > 2:
            assert lost_zero(code[1:])


def test_regions_types_and_organisations_are_no_states() -> None:
    assert not set(cameo_states()) & REGIONS
    for code in ("GOV", "MIL", "REB", "COP", "IGO", "UNO", "NGO", "MNC", "EUR", "WST", "AFR", "", None):
        assert state_of(code) is None
    assert [state_of(code) for code in ("ROM", "TMP", "ZAR", "GZS", "SUN", "YUG", "DDR", "CSK", " USA ")] == [
        "ROU", "TLS", "COD", "PSE", "SUN", "YUG", "DDR", "CSK", "USA",
    ]  # fmt: skip
    assert set(CAMEO_OTHER.values()) | set(FIPS.values()) | set(state_names().values()) <= known()


def test_fips_is_not_iso() -> None:
    assert [FIPS[code] for code in ("CH", "KS", "KN", "AU", "AS", "GM", "SP", "JA", "IS", "IZ", "UK", "SF", "VM")] == [
        "CHN", "KOR", "PRK", "AUT", "AUS", "DEU", "ESP", "JPN", "ISR", "IRQ", "GBR", "ZAF", "VNM",
    ]  # fmt: skip
    for nowhere in ("OC", "OS", "PF", "PG", "PJ", "UU", "NM", "EE"):
        assert nowhere not in FIPS


def test_every_word_is_told_in_both_languages() -> None:
    for text in [*REASONS.values(), *REPAIRS.values(), *(form.title for form in FORMS.values()), *(form.terms for form in FORMS.values())]:
        assert re.search("[a-z]", text.en)
        assert re.search("[가-힣]", text.ko)
    assert not set(REASONS) & set(REPAIRS)
    assert reason_text("year-1920") is REPAIRS["year-1920"]
    assert reason_text("no such").en == "no such"


@pytest.mark.shared
def test_plover_as_published(shared: Path) -> None:
    table = shared / "reference/plover-tables/CAMEO2PLOVER-2021.txt"
    published = dict(re.findall(r"^(\d+): *([A-Z]+)", table.read_text(encoding="utf-8"), re.MULTILINE))
    finer = {code: root for code, root in published.items() if len(code) > 2}
    assert len(finer) > 240
    assert {code: root for code, root in finer.items() if code in codes() and plover_root(code) != root} == {}
    assert {code for code in finer if code not in codes()} == set()
    unconverted = {code: plover_root(code) for code in codes() if len(code) > 2 and code not in published and plover_root(code)}
    assert unconverted == NOT_CONVERTED


@pytest.mark.shared
def test_cameo_codes_as_published(shared: Path) -> None:
    folder = shared / "reference/cameo-tables"
    listed = {line.split("\t")[0] for line in (folder / "CAMEO.eventcodes.txt").read_text(encoding="latin-1").splitlines()[1:]}
    with (folder / "icews-cameo-codes.csv").open(encoding="latin-1", newline="") as file:
        icews = {row["code"] for row in csv.DictReader(file)}
    weighed = json.loads((folder / "py-gdelt-cameo_goldstein.json").read_text(encoding="utf-8"))
    assert codes() - (listed | icews | set(weighed)) == {"1214"}  # stands in the PLOVER conversion alone
    assert (listed | icews | set(weighed)) - codes() == set()
    forge = json.loads((folder / "gdeltforge-cameo_codes.json").read_text(encoding="utf-8"))
    assert {code for code in forge["EVENT_CODES"] if code not in codes()} <= {"---", "--", "X"}


@pytest.mark.shared
def test_actor_and_place_codes_as_published(shared: Path) -> None:
    folder = shared / "reference/cameo-tables"
    forge = json.loads((folder / "gdeltforge-cameo_codes.json").read_text(encoding="utf-8"))
    assert {code for code in forge["ACTOR_COUNTRY_CODES"] if code not in cameo_states()} == REGIONS
    assert not set(forge["ACTOR_TYPE_CODES"]) & set(cameo_states())
    assert set(forge["ACTOR_KNOWN_GROUP_CODES"]) & set(cameo_states()) == {"PSE"}
    crosswalk = json.loads((folder / "py-gdelt-countries.json").read_text(encoding="utf-8"))
    assert {code: row["iso3"] for code, row in crosswalk.items() if FIPS.get(code) != row["iso3"]} == {}
    beyond = {code: FIPS[code] for code in FIPS if code not in crosswalk}
    assert {code for code in forge["GEO_COUNTRY_CODES"] if code not in FIPS} == {"AX", "DX", "EE", "IP", "NM", "OC", "OS", "PF", "PG", "PJ", "UF", "UU"}
    assert set(beyond.values()) == {"AUS", "UMI", "ATF", "PSE", "SJM", "SRB"}  # parts of states and of territories, by ISO 3166


@pytest.mark.shared
def test_polecat_words_as_published(shared: Path) -> None:
    folder = shared / "reference/plover-tables"
    with (folder / "polecat-modes.csv").open(encoding="utf-8", newline="") as file:
        published = {(row["event_type"].upper(), row["mode"].lower()) for row in csv.DictReader(file)}
    assert {(root, mode) for root, modes in MODES.items() for mode in modes.split()} == published
    assert (folder / "polecat-contexts.csv").read_text(encoding="utf-8").split()[1:] == CONTEXTS.split()
    with (folder / "polecat-types.csv").open(encoding="utf-8", newline="") as file:
        assert {row["event_type"].upper() for row in csv.DictReader(file)} == set(QUAD) == set(PLOVER_ROOTS)
