"""The shipped register of the Republic of Korea against the research files that it was made from: nothing lost, nothing changed in silence."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

import comity
from comity.register.package import package_path
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.dates import PartialDate
from comity.vocab.kinds import kinds

Row = dict[str, str]


@dataclass(frozen=True)
class Mapping:
    """Where the rows of one research file went: the kind, the columns under new names, and those told elsewhere (`None`)."""

    kind: str
    renamed: dict[str, str | None] = field(default_factory=dict)


MAPPINGS = {
    "agreements": Mapping("agreement", {"kind": "agreement_type", "end_reason": "end_reason_en", "summary": "summary_en"}),
    "dialogues": Mapping("dialogue", {"date": "start", "place": "place_en", "outcome": "outcome_en"}),
    "exercises": Mapping(
        "exercise",
        {
            "name": "title_en",
            "kind": "exercise_types",
            "personnel_total": "personnel",
            "location": "place_en",
            "summary": "summary_en",
            "personnel_kor": None,  # → personnel_by_actor, tested apart
            "predecessor_series": None,  # → exercise_series.predecessors, tested apart
        },
    ),
    "deployments": Mapping("deployment", {"mission": "mission_en", "unit": "unit_en", "kind": "deployment_type", "summary": "summary_en"}),
    "strengths": Mapping("strength", {"deployment_id": "deployment"}),
    "transfers": Mapping("transfer", {"item": "item_en", "kind": "transfer_type", "summary": "summary_en"}),
    "events": Mapping("event", {"date": "start", "source_actor": "source_actors", "target_actor": "target_actors", "summary": "summary_en"}),
    "polls": Mapping("poll_answer", {"question_key": None, "question": None, "answer": "answer_en"}),  # → poll_question, tested apart
    "partners": Mapping("partner", {"label": "status", "bloc": "blocs", "summary": "summary_en", "name_en": None, "name_ko": None}),  # names → actors
    "national_objectives": Mapping("objective", {"text": "text_en"}),
    "crisis_ladder": Mapping("crisis_level", {"meaning": "meaning_en", "who_decides": "who_decides_en", "legal_or_public_basis": "basis_en"}),
}
CITATION = ("id", "source_url", "source_title", "second_source_url")

REFINED = {  # coarse subtypes of events and the finer ones that took their place
    "other", "force_posture", "cruise_missile_test", "statement", "trade_restriction", "high_level_talks", "summit", "land_clash", "export_control", "balloon",
}  # fmt: skip
ELSEWHERE = {  # disagreements whose record is another than the line names: (kind, record, field)
    "(count of information-security partners, August 2019)": ("coverage", "kind-agreement", "basis_en"),
    "foal-eagle-1961": ("exercise_series", "foal-eagle", "statement_en"),
    "unmogip 2006-11": ("deployment", "unmogip", None),
    "unomig 2006-11": ("deployment", "unomig", None),
    "daiman 2006-11": ("deployment", "daiman", None),
    "dongmyeong 2008-12-31": ("strength", "dongmyeong@2008-12", "personnel"),
}
DECIDED_BEFORE = {  # the decision, told weeks before the signature or the planned exercise that it is counted with
    "sma11-agreed-2021",
    "ufg-suspended-2018",
    "vigilant-ace-postponed-2018",
}
SAID_IN_A_NOTE = {"seohee-jema"}  # the other source gives the same number and splits it: no competing value, but a remark
OWN_KNOWLEDGE = {"hague-trilateral-summit-2014"}  # the other value names no source


def research(shared: Path, name: str) -> list[Row]:
    with (shared / "register-kor" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def record_of(name: str, row: Row) -> str:
    """Id of the record that a research row became; ids that stood in the file are unchanged."""
    if name == "partners":
        return f"{row['actor'].lower().replace('+', '')}-partner"
    return f"{row['deployment_id']}@{row['date']}" if name == "strengths" else row["id"]


def cells_of(register: Register, kind: str) -> dict[str, Row]:
    return {str(row["id"]): {name: cell or "" for name, cell in row.items()} for row in register.tables[kind].iter_rows(named=True)}


@pytest.fixture(scope="module")
def cells(kor_register: Register) -> dict[str, dict[str, Row]]:
    return {name: cells_of(kor_register, name) for name in kinds()}


@pytest.fixture(scope="module")
def claimed(cells: dict[str, dict[str, Row]]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in cells["claim"].values():
        found[(row["record_kind"], row["record"], row["field"])].append(row)
    return found


def pairs(shared: Path, cells: dict[str, dict[str, Row]]) -> Iterator[tuple[str, Mapping, Row, str, Row]]:
    """Every research row beside the record that it became."""
    for name, mapping in MAPPINGS.items():
        for row in research(shared, name):
            record = record_of(name, row)
            yield name, mapping, row, record, cells[mapping.kind][record]


def same(raw: str, cell: str) -> bool:
    return raw == cell or (";" in raw and sorted(raw.split(";")) == sorted(cell.split(";")))


# --- by itself -----------------------------------------------------------------------------------------------------------------------


def test_the_shipped_register_loads_without_an_error_and_its_warnings_are_those_known(kor_register: Register) -> None:
    assert {fault.code for fault in kor_register.warnings} <= {"not-yet-or-no-longer"}
    assert {fault.file for fault in kor_register.warnings} <= {"memberships.csv"}  # states that joined before statehood, such as Belarus the UN


def test_unsourced_rows_say_so_and_claim_nothing(kor_register: Register) -> None:
    listed = 0
    for kind in kinds().values():
        if kind.has("source") and kind.has("confidence") and kind.has("count_as"):
            rows = kor_register.tables[kind.name].filter(pl.col("source") == "unsourced")
            listed += rows.height
            assert set(rows["confidence"]) <= {"low"}, kind.name
    assert listed > 150
    events = kor_register.tables["event"]
    assert events.filter((pl.col("source") == "unsourced") & (pl.col("fatalities") == "0")).is_empty()


def test_what_has_no_source_enters_no_measure_unless_asked(kor: Snapshot) -> None:
    for name in ("event", "agreement", "transfer"):
        counted, every = kor.counted(name), kor.including_unsourced().counted(name)
        assert counted.filter(pl.col("source") == "unsourced").is_empty()
        assert every.height > counted.height


def test_totals_and_doubles_enter_no_measure(kor: Snapshot) -> None:
    left_out = 0
    for kind in kinds().values():
        if kind.has("count_as"):
            frame, counted = kor.frame(kind.name), kor.including_unsourced().counted(kind.name)
            assert set(counted["count_as"].drop_nulls()) == set()
            assert set(counted["counted_with"].drop_nulls()) == set()
            left_out += frame.height - counted.height
    assert left_out > 150
    yearly = kor.frame("event").filter(pl.col("id").str.contains(r"^(chn|rus)-kadiz-year-"))
    assert yearly.height == 16
    assert set(yearly["count_as"]) == {"total"}
    totals = kor.frame("deployment").filter(pl.col("id").is_in(["un-all", "all-overseas"]))
    assert totals["count_as"].to_list() == ["total", "total"]
    assert set(kor.frame("strength").filter(pl.col("deployment").is_in(["un-all", "all-overseas"]))["count_as"]) == {"total"}


def test_happenings_told_twice_are_counted_once(kor: Snapshot) -> None:
    linked = [ref for kind in kinds().values() if kind.has("counted_with") for ref in kor.frame(kind.name)["counted_with"].drop_nulls()]
    assert len(linked) >= 70
    for ref in linked:
        leader = kor.record(ref)
        assert leader["counted_with"] is None
        assert leader["count_as"] is None
    assert kor.record("event:usa-kor-mutual-defense-treaty-signed-1953")["counted_with"] == "agreement:kor-usa-mutual-defense-treaty-1953"


def test_records_counted_as_one_happened_at_one_time(kor: Snapshot) -> None:
    """A record and its leader lie within a month of each other where both know their month."""
    far: list[str] = []
    for kind in kinds().values():
        if not (kind.has("counted_with") and kind.act):
            continue
        for record, ref, day in kor.frame(kind.name).filter(pl.col("counted_with").is_not_null()).select("id", "counted_with", kind.act).iter_rows():
            leader = kor.record(ref)
            other = leader[leader.kind.act] if leader.kind.act else leader["signed"] if leader.kind.has("signed") else None
            if day and other and len(day) >= 7 and len(other) >= 7:
                apart = PartialDate.parse(day), PartialDate.parse(other)
                if (apart[0].earliest - apart[1].latest).days > 31 or (apart[1].earliest - apart[0].latest).days > 31:
                    far.append(record)
    assert set(far) == DECIDED_BEFORE


def test_readers_of_korean_find_korean_titles(kor: Snapshot) -> None:
    for name in ("agreement", "exercise", "dialogue_series", "exercise_series", "event", "deployment", "transfer"):
        korean = {record: kor.record(f"{name}:{record}").title("ko") for record in kor.frame(name)["id"]}
        foreign = {title for title in korean.values() if not any("가" <= sign <= "힣" for sign in title)}
        assert foreign <= {"KC-330", "KC-330, C-130J"}, name  # aircraft, called the same in both languages


def test_the_package_s_own_files_hold_no_actor_of_the_world() -> None:
    assert not (package_path("kor") / "actors.csv").exists()
    assert comity.load("kor").settings["extends"] == ["world"]


# --- against the research files ------------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("name", MAPPINGS)
def test_every_research_row_is_a_record_under_its_own_id(shared: Path, cells: dict[str, dict[str, Row]], name: str) -> None:
    records = [record_of(name, row) for row in research(shared, name)]
    assert len(records) == len(set(records))
    assert set(records) - set(cells[MAPPINGS[name].kind]) == set()


@pytest.mark.shared
def test_the_mapping_names_every_column_of_the_research_files(shared: Path) -> None:
    for name, mapping in MAPPINGS.items():
        kind = kinds()[mapping.kind]
        for column in research(shared, name)[0]:
            target = mapping.renamed.get(column, column)
            assert column in CITATION or target is None or kind.has(target), (name, column)


@pytest.mark.shared
def test_every_filled_cell_stands_or_is_kept_as_a_claim_or_is_a_known_change(
    shared: Path, cells: dict[str, dict[str, Row]], claimed: dict[tuple[str, str, str], list[Row]]
) -> None:
    silent, counted = set(), Counter[str]()
    for name, mapping, row, record, adopted in pairs(shared, cells):
        for column, raw in row.items():
            target = mapping.renamed.get(column, column)
            if not raw or column in CITATION or target is None or target == "series":
                continue
            cell, place = adopted[target], (mapping.kind, record, target)
            if same(raw, cell):
                counted["stands"] += 1
            elif any(same(raw, claim["value"]) for claim in claimed[place]):
                counted["claim"] += 1
            elif name == "events" and target == "fatalities" and (raw, cell) == ("0", ""):
                counted["zero emptied"] += 1
            elif name == "events" and target == "subtype" and raw in REFINED and cell != "other":
                counted["refined"] += 1
            else:
                silent.add(place)
    assert silent == set()
    assert counted["stands"] > 29_000
    assert counted["claim"] >= 75
    assert counted["zero emptied"] == 1489
    assert counted["refined"] == 358


@pytest.mark.shared
def test_deaths_that_a_source_states_were_not_emptied(shared: Path, cells: dict[str, dict[str, Row]]) -> None:
    stated = {row["id"]: row["fatalities"] for row in research(shared, "events") if row["fatalities"] not in ("", "0")}
    assert len(stated) > 50
    assert {record: cells["event"][record]["fatalities"] for record in stated} == stated


@pytest.mark.shared
def test_values_that_gave_way_say_why(shared: Path, cells: dict[str, dict[str, Row]], claimed: dict[tuple[str, str, str], list[Row]]) -> None:
    for _, mapping, row, record, adopted in pairs(shared, cells):
        for column, raw in row.items():
            target = mapping.renamed.get(column, column)
            if raw and target and column not in CITATION and target in adopted and not same(raw, adopted[target]):
                for claim in claimed[(mapping.kind, record, target)]:
                    if same(raw, claim["value"]) and claim["status"] == "superseded":
                        assert claim["reason_en"], (record, target)
                        assert claim["superseded_at"], (record, target)


@pytest.mark.shared
def test_series_names_became_series_one_to_one(shared: Path, cells: dict[str, dict[str, Row]], claimed: dict[tuple[str, str, str], list[Row]]) -> None:
    for name, kind, series_kind in (("exercises", "exercise", "exercise_series"), ("dialogues", "dialogue", "dialogue_series")):
        became: dict[str, set[str]] = defaultdict(set)
        for row in research(shared, name):
            moved = [claim for claim in claimed[(kind, row["id"], "series")] if claim["status"] == "superseded"]
            became[row["series"]].add(moved[0]["value"] if moved else cells[kind][row["id"]]["series"])
        assert {raw: ids for raw, ids in became.items() if len(ids) != 1} == {}
        assert {one for ids in became.values() for one in ids} <= set(cells[series_kind])


@pytest.mark.shared
def test_the_home_side_of_an_exercise_kept_its_number(shared: Path, cells: dict[str, dict[str, Row]], claimed: dict[tuple[str, str, str], list[Row]]) -> None:
    for row in research(shared, "exercises"):
        if row["personnel_kor"]:
            wanted, place = f"KOR:{row['personnel_kor']}", ("exercise", row["id"], "personnel_by_actor")
            said = [cells["exercise"][row["id"]]["personnel_by_actor"], *(claim["value"] for claim in claimed[place])]
            assert any(wanted in value.split(";") for value in said), row["id"]


@pytest.mark.shared
def test_a_series_that_followed_another_says_so(shared: Path, cells: dict[str, dict[str, Row]]) -> None:
    rows = research(shared, "exercises")
    ids: dict[str, str] = {row["series"]: cells["exercise"][row["id"]]["series"] for row in rows}
    for row in rows:
        before = ids.get(row["predecessor_series"])
        if before:
            predecessors = cells["exercise_series"][cells["exercise"][row["id"]]["series"]]["predecessors"]
            assert before in predecessors.split(";"), row["id"]


@pytest.mark.shared
def test_poll_answers_kept_their_question_and_topic(shared: Path, cells: dict[str, dict[str, Row]]) -> None:
    moved = Counter[tuple[str, str]]()
    for row in research(shared, "polls"):
        question = cells["poll_question"][cells["poll_answer"][row["id"]]["question"]]
        if question["topic"] != row["question_key"]:
            moved[(row["question_key"], question["topic"])] += 1
    assert set(moved) <= {(old, new) for old, new in moved if new in ("opcon", "tactical_nuclear", "cost_sharing", "threat_china", "nuclear_armament")}
    wordings: dict[str, set[str]] = defaultdict(set)
    for row in research(shared, "polls"):
        wordings[cells["poll_answer"][row["id"]]["question"]].add(row["question"])
    assert {question: words for question, words in wordings.items() if len(words) > 1} == {}


@pytest.mark.shared
def test_every_citation_of_the_research_files_is_still_cited(
    shared: Path, cells: dict[str, dict[str, Row]], claimed: dict[tuple[str, str, str], list[Row]]
) -> None:
    by_record: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (kind, record, _), claims in claimed.items():
        by_record[(kind, record)] |= {claim["source"] for claim in claims}
    lost = set()
    for _, mapping, row, record, adopted in pairs(shared, cells):
        cited = {adopted["source"], adopted["second_source"]} | by_record[(mapping.kind, record)]
        addresses = {cells["source"][source]["url"] for source in cited if source}
        lost |= {(mapping.kind, record, row[column]) for column in ("source_url", "second_source_url") if row.get(column) and row[column] not in addresses}
        if not row["source_url"] and not row.get("source_title"):
            assert adopted["source"] == "unsourced" or claimed[(mapping.kind, record, "confidence")], record
    assert lost == set()


@pytest.mark.shared
def test_every_known_fault_has_one_finding_that_says_what_became_of_it(shared: Path, cells: dict[str, dict[str, Row]]) -> None:
    stems = {f"{name}.csv": mapping.kind for name, mapping in MAPPINGS.items()}
    faults, findings = research(shared, "known-faults"), [cells["finding"][record] for record in sorted(cells["finding"]) if record.startswith("audit-")]
    assert len(faults) == len(findings) == 271
    said = Counter(finding["what_en"].strip().lower() for finding in findings)
    for fault in faults:
        what, whole = fault["what"].strip().lower(), f"{fault['id']}: {fault['what']}".strip().lower()
        assert said[what] or said[whole], fault
    for fault, finding in zip(faults, findings, strict=True):
        if not fault["id"].startswith("("):
            kind = stems[fault["file"]]
            assert f"{kind}:{fault['id'].replace(' ', '@')}" in finding["records"].split(";"), finding["id"]
        assert finding["settlement"] in ("mended", "kept", "marked")
        assert finding["how_en"]
        assert finding["how_ko"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["disagreements", "disagreements-events"])
def test_every_disagreement_between_sources_is_kept_as_a_claim(shared: Path, cells: dict[str, dict[str, Row]], name: str) -> None:
    stems = {f"{one}.csv": mapping.kind for one, mapping in MAPPINGS.items()}
    by_record: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for claim in cells["claim"].values():
        by_record[(claim["record_kind"], claim["record"])].append(claim)
    unheard = []
    for line in research(shared, name):
        kind, record, _ = ELSEWHERE.get(line["id"], (stems.get(line["file"], ""), line["id"].replace(" ", "@"), None))
        claims = by_record[(kind, record)]
        addresses = {cells["source"][claim["source"]]["url"] for claim in claims} | {cells["source"][cells[kind][record]["source"]]["url"]}
        values = {claim["value"] for claim in claims}
        heard = line["other_value"] in values or (line["source_url"] and line["source_url"] in addresses and bool(claims))
        if record in SAID_IN_A_NOTE:
            heard = bool(cells[kind][record]["note_en"])
        if record in OWN_KNOWLEDGE:
            heard = any(value and value in line["other_value"] for value in values)
        if not heard:
            unheard.append((line["id"], line["field"], line["other_value"]))
    assert unheard == []


@pytest.mark.shared
def test_what_sources_say_of_a_series_as_a_whole_is_told_there(shared: Path, cells: dict[str, dict[str, Row]]) -> None:
    assert {row["series"] for row in research(shared, "series_statements")} == {"Foal Eagle"}
    claims = [claim["value"] for claim in cells["claim"].values() if claim["record"] == "foal-eagle" and claim["field"] == "statement_en"]
    said = " ".join([cells["exercise_series"]["foal-eagle"]["statement_en"], *claims])
    assert all(word in said for word in ("1961", "31st", "1975"))
