"""One test for every code of a fault: it appears where it should, names its place, and speaks both languages; a sound package has none."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import comity.register
from comity.register.checks import faults_of
from comity.register.package import read_package
from comity.register.seal import write_seal
from comity.vocab.errors import Fault
from comity.vocab.kinds import kinds

HANGUL = re.compile(r"[가-힣]")
REGISTER = Path(comity.register.__path__[0])


@dataclass(frozen=True)
class Case:
    """Cells that put one row wrong, and the fault that must follow."""

    code: str
    kind: str
    record: str
    cells: dict[str, str]
    place: str | None
    severity: str = "error"
    named: str = field(default="")  # the record that the fault names, where it is another


CASES = [
    Case("no-id", "transfer", "usa-kor-f35", {"id": ""}, "id"),
    Case("bad-id", "event", "nuclear-2006", {"id": "Nuclear_2006"}, "id", named="Nuclear_2006"),
    Case("bad-id", "actor", "LBN", {"id": "lebanon"}, "id", named="lebanon"),
    Case("id-twice", "event", "copy", {"id": "talks-1991", "summary_en": "Another."}, "id", named="talks-1991"),
    Case("required", "agreement", "gsomia", {"title_en": ""}, "title_en"),
    Case("required", "event", "nuclear-2006", {"entered_at": ""}, "entered_at"),
    Case("blanks", "agreement", "gsomia", {"title_ko": " 군사비밀정보보호협정"}, "title_ko"),
    Case("not-a-date", "agreement", "gsomia", {"signed": "2016-11-31"}, "signed"),
    Case("not-a-date", "agreement", "gsomia", {"signed": "November 2016"}, "signed"),
    Case("not-open", "agreement", "gsomia", {"signed": ".."}, "signed"),
    Case("not-open", "event", "nuclear-2006", {"start": ".."}, "start"),
    Case("not-a-day", "event", "nuclear-2006", {"entered_at": "2026-01"}, "entered_at"),
    Case("not-a-number", "exercise", "freedom-shield-2023", {"personnel": "5,000"}, "personnel"),
    Case("not-a-number", "exercise", "freedom-shield-2023", {"personnel": "５０００"}, "personnel"),
    Case("not-a-number", "poll_answer", "needed-2022", {"share_pct": "91.9%"}, "share_pct"),
    Case("out-of-range", "poll_answer", "needed-2022", {"share_pct": "101"}, "share_pct"),
    Case("out-of-range", "exercise", "freedom-shield-2023", {"personnel": "-1"}, "personnel"),
    Case("not-a-flag", "agreement", "mutual-defence", {"text_public": "yes"}, "text_public"),
    Case("not-a-url", "agreement", "second-cost", {"text_url": "example.org/text"}, "text_url"),
    Case("not-a-url", "agreement", "second-cost", {"text_url": "javascript:alert(1)"}, "text_url"),
    Case("not-a-duration", "agreement", "gsomia", {"term": "1 year"}, "term"),
    Case("not-a-duration", "agreement", "gsomia", {"term": "P"}, "term"),
    Case("unknown-code", "agreement", "gsomia", {"agreement_type": "treaty"}, "agreement_type"),
    Case("unknown-code", "agreement", "mutual-defence", {"obligations": "defense;friendship"}, "obligations"),
    Case("list-twice", "agreement", "gsomia", {"parties": "KOR;JPN;KOR"}, "parties"),
    Case("unknown-actor", "agreement", "gsomia", {"parties": "KOR;ROK"}, "parties"),
    Case("unknown-actor", "visit", "carrier-2017", {"host": "XXX"}, "host"),
    Case("unknown-actor", "exercise", "team-spirit-1984", {"personnel_by_actor": "KOR:1;ROK:2"}, "personnel_by_actor"),
    Case("not-counts", "exercise", "team-spirit-1984", {"personnel_by_actor": "KOR 147300"}, "personnel_by_actor"),
    Case("dangling-link", "agreement", "second-cost", {"replaces": "zeroth-cost"}, "replaces"),
    Case("dangling-link", "event", "protest-2023", {"answers": "freedom-shield-2023"}, "answers"),
    Case("dangling-link", "event", "nuclear-2006", {"source": "nowhere"}, "source"),
    Case("dangling-link", "event", "nuclear-2006", {"marking": "secret"}, "marking"),
    Case("control-character", "event", "nuclear-2006", {"summary_en": "First\x07 test"}, "summary_en"),
    Case("ends-before-start", "agreement", "gsomia", {"ended": "2016-11-22"}, "ended"),
    Case("ends-before-start", "exercise", "freedom-shield-2023", {"end": "2023-03-12"}, "end"),
    Case("ends-before-start", "commitment", "reform-2017", {"done": "2017-10-27"}, "done"),
    Case("in-force-before-signed", "agreement", "first-cost", {"in_force": "1991-01-24"}, "in_force", "warning"),
    Case("not-yet-or-no-longer", "event", "nuclear-2006", {"target_actors": "SUN"}, "target_actors"),
    Case(
        "not-yet-or-no-longer",
        "exercise",
        "team-spirit-1984",
        {"lead": "KOR", "participants": "KOR;USA;CFC", "start": "1977-02-01", "end": "1977-04"},
        "participants",
    ),
    Case("not-yet-or-no-longer", "membership", "prk-un", {"start": "1946"}, "member", "warning"),
    Case("outside-series", "exercise", "team-spirit-1984", {"start": "1995-02-01", "end": "1995-04"}, "start"),
    Case("outside-series", "dialogue", "mcm-2017", {"start": "1977-10-27"}, "start"),
    Case("edition-twice", "dialogue", "scm-2017", {"edition": "48"}, "edition", "warning"),
    Case("overlap", "partner", "jpn-closer", {"since": "1999-01-01"}, "since"),
    Case("overlap", "agreement_period", "gsomia.2", {"start": "2019-01-01", "by": "KOR;JPN"}, "start"),
    Case("impossible-personnel", "exercise", "team-spirit-1984", {"personnel": "200000"}, "personnel_by_actor"),
    Case("above-peak", "strength", "dongmyeong@2020-12", {"personnel": "368"}, "personnel", "warning"),
    Case("confident-without-source", "event", "protest-2023", {"confidence": "medium"}, "confidence"),
    Case("zero-without-source", "event", "protest-2023", {"fatalities": "0"}, "fatalities"),
    Case("counted-with-chain", "event", "protest-2023", {"counted_with": "event:shelling-2010-retold"}, "counted_with"),
    Case("inside-itself", "objective", "strategy-2018", {"parent": "deter-2018"}, "parent"),
    Case("inside-itself", "exercise", "freedom-shield-2023", {"nested_in": "freedom-shield-2023"}, "nested_in"),
    Case("duplicate", "event", "retold", {"summary_en": "Basic Agreement signed."}, None),
    Case("one-party", "dialogue", "scm-2017", {"parties": "KOR"}, "parties", "warning"),
    Case("unknown-kind", "claim", "claim-1", {"record_kind": "treaty"}, "record_kind"),
    Case("dangling-claim", "claim", "claim-1", {"record": "mutual-offence"}, "record"),
    Case("unknown-field", "claim", "claim-1", {"field": "in_force_on"}, "field"),
    Case("adopted-differs", "claim", "claim-2", {"value": "1954-11-19"}, "value"),
    Case("not-a-date", "claim", "claim-1", {"value": "17 November 1954"}, "value"),
    Case("no-reason", "claim", "claim-3", {"reason_en": ""}, "reason_en"),
    Case("no-day", "claim", "claim-3", {"superseded_at": ""}, "superseded_at"),
    Case("superseded-before-entered", "claim", "claim-3", {"superseded_at": "2026-01-09"}, "superseded_at"),
]
HERE = {
    "settings",
    "row-length",
    "no-header",
    "not-csv",
    "not-utf8",
    "unknown-column",
    "column-twice",
    "missing-column",
    "too-large",
    "unreadable",
    "unknown-file",
}
"""Codes of structural faults: tests/register/test_package.py has their tests."""
SEALED = {"edit-without-reason", "row-removed", "broken-seal"}


def faults(path: Path) -> list[Fault]:
    package = read_package(path)
    return [*package.faults, *faults_of(package)]


def speaks_both_languages(fault: Fault) -> bool:
    return all(text.en and text.ko and "{" not in text.en for text in (fault.what, fault.mend)) and bool(HANGUL.search(fault.mend.ko))


def test_the_small_package_is_sound(small: Any) -> None:
    assert faults(small.write()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.kind}-{case.place}")
def test_a_fault_names_its_place_and_what_to_do(small: Any, case: Case) -> None:
    path = small.edit(case.kind, case.record, **case.cells).write()
    record = case.named or case.cells.get("id", case.record) or None
    found = [fault for fault in faults(path) if fault.code == case.code and (fault.record == record)]
    assert found, [(fault.code, fault.file, fault.field, fault.record) for fault in faults(path)]
    match = [fault for fault in found if fault.field == case.place]
    assert match
    assert {fault.file for fault in match} == {kinds()[case.kind].file}
    assert {fault.severity for fault in match} == {case.severity}
    assert all(speaks_both_languages(fault) for fault in match)
    if record and case.code != "id-twice":
        assert {fault.row for fault in match} == {small.line_of(case.kind, record)}


def test_two_rows_of_one_id_are_both_named(small: Any) -> None:
    path = small.edit("event", "copy", id="talks-1991", summary_en="Another.").write()
    rows = [fault.row for fault in faults(path) if fault.code == "id-twice"]
    assert rows == [small.line_of("event", "talks-1991"), len(small.rows["event"]) + 1]


def test_the_home_country_must_be_an_actor(small: Any) -> None:
    path = small.write()
    settings = path / "package.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("home: KOR", "home: [KOR]"), encoding="utf-8")
    assert [(fault.file, fault.field, fault.code) for fault in faults(path)] == [("package.yaml", "home", "unknown-actor")]


def test_errors_come_before_warnings_and_every_fault_is_found_at_once(small: Any) -> None:
    small.edit("dialogue", "scm-2017", parties="KOR").edit("agreement", "gsomia", signed="never", agreement_type="treaty").edit(
        "event", "nuclear-2006", number="many"
    )
    found = faults(small.write())
    assert {"one-party", "not-a-date", "unknown-code", "not-a-number"} <= {fault.code for fault in found}
    severities = [fault.severity for fault in found]
    assert severities == sorted(severities)


def test_an_edit_without_a_reason_is_seen_and_one_with_a_reason_is_not(small: Any) -> None:
    path = small.write()
    write_seal(read_package(path))
    assert faults(path) == []
    small.edit("event", "shelling-2010", fatalities="5").write()
    found = faults(path)
    assert [(fault.code, fault.file, fault.row, fault.record) for fault in found] == [
        ("edit-without-reason", "events.csv", small.line_of("event", "shelling-2010"), "shelling-2010")
    ]
    assert speaks_both_languages(found[0])
    why = {
        "record_kind": "event",
        "record": "shelling-2010",
        "field": "fatalities",
        "value": "4",
        "status": "superseded",
        "superseded_at": "2026-02-01",
        "reason_en": "One more died.",
    }
    small.edit("claim", "claim-9", **why).write()
    assert faults(path) == []
    small.edit("claim", "claim-9", value="3").write()
    assert [fault.code for fault in faults(path)] == ["edit-without-reason"]


def test_a_sealed_row_that_went_missing_is_seen(small: Any) -> None:
    path = small.write()
    write_seal(read_package(path))
    del small.rows["strength"]["dongmyeong@2020-12"]
    small.write()
    found = faults(path)
    assert [(fault.code, fault.file, fault.record) for fault in found] == [("row-removed", "strengths.csv", "dongmyeong@2020-12")]
    assert speaks_both_languages(found[0])


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"kind,id\nevent,x\n", b'kind,id,fingerprint\n"event,x,y\n'])
def test_a_broken_seal_is_a_fault(small: Any, damage: bytes) -> None:
    path = small.write()
    (path / "seal.csv").write_bytes(damage)
    found = faults(path)
    assert [fault.code for fault in found] == ["broken-seal"]
    assert speaks_both_languages(found[0])


def codes_in(tree: ast.Module, *, rules: bool) -> set[str]:
    """Codes of faults written in a module: in `Fault(file, row, field, code, …)`, `faults_where(rows, field, code, …)` and rules."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            at = {"Fault": 3, "faults_where": 2, "_list_rules": 2}.get(node.func.id)
            candidates = node.args[at : at + 1] if at is not None else []
            candidates += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        elif rules and isinstance(node, ast.Tuple) and len(node.elts) in (4, 5):
            candidates = node.elts[:2]
        else:
            continue
        found |= {
            one.value for one in candidates if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", one.value)
        }
    return found - {"id", "actor", "start"}


def test_every_code_in_the_source_has_a_test() -> None:
    written = {
        code: path.name
        for path in sorted(REGISTER.glob("*.py"))
        for code in codes_in(ast.parse(path.read_text(encoding="utf-8")), rules=path.name == "checks_values.py")
    }
    assert {"required", "dangling-link", "edit-without-reason", "not-csv", "adopted-differs", "id-twice"} <= set(written), "the search finds nothing any more"
    elsewhere = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name)
    tested = {case.code for case in CASES} | SEALED | {code for code in written if f'"{code}"' in elsewhere}
    assert {code: file for code, file in written.items() if code not in tested} == {}
    assert tested - set(written) == set()
    assert all(f'"{code}"' in elsewhere for code in HERE)


def test_records_that_no_one_editor_could_see_together_are_a_warning(small: Any) -> None:
    """Who entered the second could not be told of the first; within one marking it is an error."""
    twin = {key: cell for key, cell in small.rows["event"]["nuclear-2006"].items() if key != "id"}
    small.edit("event", "nuclear-again", **twin | {"marking": "kor-jpn"})
    found = {(fault.code, fault.record, fault.severity) for fault in faults_of(read_package(small.write()))}
    assert found == {("duplicate", "nuclear-again", "warning")}
    small.edit("event", "nuclear-2006", marking="kor-jpn")
    found = {(fault.code, fault.record, fault.severity) for fault in faults_of(read_package(small.write()))}
    assert found == {("duplicate", "nuclear-again", "error")}
    small.edit("event", "nuclear-again", end="2006-01-01")
    assert ("ends-before-start", "nuclear-again", "error") in {(one.code, one.record, one.severity) for one in faults_of(read_package(small.write()))}
