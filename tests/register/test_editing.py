"""One editor's edits: what they write, what they are told, and that neither their ids nor their faults depend on what they may not see."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.register.checks import faults_of
from comity.register.editing import Basis, Edit, add_claim, add_record, change_record, judge, withdraw
from comity.register.package import Package
from comity.register.readers import Reader
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownKind, UnknownRecord
from comity.vocab.text import Text

TODAY = date(2026, 12, 1)
BEFORE = date(2026, 11, 30)
WHY = Text("A newer list.", "새 목록에 따름.")
Rows = dict[str, list[dict[str, Any]]]
MakeRegister = Callable[[Rows], Register]

MARKINGS = [
    {"id": "public", "name_en": "Public", "public": "true"},
    {"id": "restricted", "name_en": "Restricted", "public": "false", "owner": "KOR", "releasable_to": "JPN;USA", "level": "restricted"},
    {"id": "secret", "name_en": "Secret", "public": "false", "owner": "KOR", "level": "secret"},
    {"id": "secret-jpn", "name_en": "Secret, Japan", "public": "false", "owner": "KOR", "releasable_to": "JPN", "level": "secret"},
    {"id": "secret-usa", "name_en": "Secret, United States", "public": "false", "owner": "KOR", "releasable_to": "USA", "level": "secret"},
]
LOW, MIDDLE, HIGH = Reader("KOR", "unclassified"), Reader("KOR", "restricted"), Reader("KOR", "secret")
READERS = [Reader("public"), LOW, MIDDLE, HIGH, Reader("JPN", "secret"), Reader("USA", "secret"), Reader("JPN", "restricted"), Reader("everything")]


def event(record: str, **cells: str) -> dict[str, str]:
    return {
        "id": record, "start": "2020-01-01", "source_actors": "PRK", "target_actors": "KOR", "event_type": "ASSAULT", "subtype": "artillery_fire",
        "event_class": "conventional_clash", "summary_en": f"What happened in {record}.", **cells,
    }  # fmt: skip


def claim(name: str, record: str, field: str, value: str | None, status: str, **cells: str) -> dict[str, str | None]:
    return {"id": name, "record_kind": "event", "record": record, "field": field, "value": value, "status": status, **cells}


@pytest.fixture(scope="session")
def marked(tiny_register: Callable[..., Register]) -> MakeRegister:
    """A tiny register of a few actors and five markings."""

    def make(rows: Rows) -> Register:
        sources = [{"id": "s", "title": "A source", "source_type": "other", "marking": "public"}, *rows.get("source", [])]
        register = tiny_register({"marking": MARKINGS, **rows, "source": sources})
        tables = dict(register.tables) | {name: register.tables[name].clear() for name in ("actor_code", "membership")}
        added = [row["id"] for row in rows.get("actor", [])]
        tables["actor"] = tables["actor"].filter(pl.col("id").is_in(["KOR", "PRK", "JPN", "USA", *added]))
        return replace(register, tables=tables)

    return make


def tokens() -> Callable[[], str]:
    counted = itertools.count(1)
    return lambda: f"t{next(counted):04}"


def made(edit: Callable[..., Edit], register: Register, reader: Reader | str, *told: Any, **more: Any) -> Edit:
    """An edit by a reader on the day, with tokens counted from one."""
    return edit(register, register.snapshot(reader), *told, **{"today": TODAY, "token": tokens()} | more)


def changed(register: Register, reader: Reader | str, ref: str, cells: dict[str, Any], *basis: Basis, **more: Any) -> Edit:
    return made(change_record, register, reader, ref, cells, *basis, **{"reason": WHY} | more)


def whole(register: Register) -> list[str]:
    """Codes of the errors of the whole register, as checked when it is loaded."""
    from comity.register.package import FILE, LINE

    tables = {name: table.with_columns(pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(name).alias(FILE)) for name, table in register.tables.items()}
    return [f"{fault.code} {fault.record} {fault.field}" for fault in faults_of(Package(register.path, register.settings, tables)) if fault.severity == "error"]


def done(register: Register, edit: Edit, reader: Reader | str) -> Register:
    """The register with an edit, which must be sound and read as it was shown to its editor."""
    assert edit.errors == []
    after = register.with_rows(edit.rows)
    assert whole(after) == whole(register)
    snapshot = after.snapshot(reader)
    for name, table in edit.shown.items():
        read = snapshot.table(name).filter(pl.col("id").is_in(table["id"].implode())).sort("id")
        assert read.select(table.columns).rows() == table.sort("id").rows()
    before = register.snapshot(reader)
    assert before.after(after, edit.edited).hash == snapshot.hash
    return after


def value(where: Register | Snapshot, reader: Reader | str, record: str, field: str, known_at: date | None = None) -> str | None:
    snapshot = where.snapshot(reader, known_at) if isinstance(where, Register) else where
    return snapshot.record(f"event:{record}")[field]


def statuses(register: Register, reader: Reader | str, record: str, field: str) -> list[tuple[str | None, str]]:
    claims = register.snapshot(reader).claims.filter((pl.col("record") == record) & (pl.col("field") == field))
    return sorted(claims.select("value", "status").rows(), key=str)


def codes_of(edit: Edit) -> set[tuple[str, str | None]]:
    return {(fault.code, fault.field) for fault in edit.errors}


# ---- adding

NEW = {k: v for k, v in event("x").items() if k != "id"} | {"confidence": "high", "marking": "public", "source": "s"}


def test_a_new_record_gets_a_readable_id_with_a_random_end(marked: MakeRegister) -> None:
    register = marked({})
    edit = made(add_record, register, LOW, "events", NEW | {"fatalities": 2, "start": date(2026, 5, 1)})
    assert edit.ref == "event:prk-kor-what-happened-x-2026-t0001"
    assert edit.faults == []
    after = done(register, edit, LOW)
    record = after.snapshot(LOW).record(edit.ref)
    assert (record["entered_at"], record["fatalities"], record["start"], record["marking"]) == ("2026-12-01", "2", "2026-05-01", "public")
    assert edit.edited == {"event": ["prk-kor-what-happened-x-2026-t0001"]}


def test_an_id_that_was_typed_is_only_the_beginning_of_one(marked: MakeRegister) -> None:
    """Else it would tell whether a record that the editor may not see has it."""
    register = marked({"event": [event("secret-one", marking="secret")]})
    assert made(add_record, register, LOW, "event", NEW | {"id": "secret-one"}).ref == "event:secret-one-t0001"
    assert made(add_record, register, "everything", "event", NEW | {"id": "new-one"}).ref == "event:new-one"
    assert ("id-twice", "id") in codes_of(made(add_record, register, "everything", "event", NEW | {"id": "secret-one"}))
    actor = {"id": "UNIT-X", "actor_type": "unit", "name_en": "X", "short_en": "X", "name_ko": "가", "short_ko": "가", "source": "s", "confidence": "low"}
    assert made(add_record, register, LOW, "actor", actor | {"marking": "public"}).ref == "actor:UNIT-X-T0001"


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"source_actors": "PRK;ATLANTIS"}, "unknown-actor", "source_actors"),
        ({"start": "May 2026"}, "not-a-date", "start"),
        ({"event_type": "WAR"}, "unknown-code", "event_type"),
        ({"summary_en": ""}, "required", "summary_en"),
        ({"start": "2026-05", "end": "2026-04"}, "ends-before-start", "end"),
        ({"answers": "event:no-such"}, "dangling-link", "answers"),
        ({"answers": "event:hidden"}, "dangling-link", "answers"),
        ({"part_of": "event:hidden"}, "dangling-link", "part_of"),
        ({"source": "nobody"}, "dangling-link", "source"),
        ({"source": "memo"}, "dangling-link", "source"),
        ({"source_actors": "UNIT-X"}, "unknown-actor", "source_actors"),
        ({"marking": "secret"}, "dangling-link", "marking"),
        ({"marking": "no-such"}, "dangling-link", "marking"),
        ({"start": "1945-01-01"}, "not-yet-or-no-longer", "source_actors"),
        ({"summary": "Typing error"}, "unknown-column", "summary"),
        ({"entered_at": "2026-11-30"}, "kept-by-the-register", "entered_at"),
        ({"source": None}, "required", "source"),
        ({"confidence": None}, "required", "confidence"),
        ({"source_url": "https://elsewhere.org"}, "other-address", "source_url"),
        ({"source": None, "source_url": "https://elsewhere.org"}, "required", "source_title"),
        ({"counted_with": "event:retold"}, "counted-with-chain", "counted_with"),
    ],
)
def test_what_is_wrong_with_a_new_record_is_said_alike_of_what_is_hidden_and_what_is_not_there(
    marked: MakeRegister, cells: dict[str, Any], code: str, field: str
) -> None:
    rows: Rows = {
        "actor": [{"id": "UNIT-X", "actor_type": "unit", "name_en": "X", "short_en": "X", "name_ko": "가", "short_ko": "가", "marking": "secret"}],
        "source": [{"id": "memo", "title": "A secret memo", "source_type": "other", "marking": "secret"}],
        "event": [event("hidden", marking="secret"), event("led"), event("retold", counted_with="event:led", count_as="double")],
    }
    assert (code, field) in codes_of(made(add_record, marked(rows), LOW, "event", NEW | cells))


def test_a_row_that_says_the_same_is_found_where_it_can_be_seen(marked: MakeRegister) -> None:
    twin = event("x", start="2020-02-02")
    register = marked({"event": [twin, event("y", marking="secret")]})
    seen = made(add_record, register, LOW, "event", NEW | {"start": "2020-02-02"})
    assert {fault.code for fault in seen.faults} == {"duplicate", "possible-duplicate"}
    assert [one.existing for one in seen.duplicates] == ["event:x"]
    unseen = made(add_record, register, LOW, "event", NEW | {"summary_en": "What happened in y."})
    assert (unseen.faults, unseen.duplicates) == ([], [])
    assert made(add_record, register, HIGH, "event", NEW | {"summary_en": "What happened in y."}).duplicates


def test_a_source_is_made_or_found_among_those_that_can_be_seen(marked: MakeRegister) -> None:
    rows: Rows = {
        "source": [
            {"id": "list", "title": "A list", "source_type": "other", "url": "https://www.example.org/list/", "marking": "public"},
            {"id": "memo", "title": "A memo", "source_type": "other", "url": "https://example.org/memo", "marking": "secret"},
        ]
    }
    register, cells = marked(rows), {key: cell for key, cell in NEW.items() if key != "source"}
    found = made(add_record, register, LOW, "event", cells | {"source_url": "http://example.org/list", "source_title": "x"})
    assert found.rows["event"]["source"].to_list() == ["list"]
    assert "source" not in found.rows
    fresh = made(add_record, register, LOW, "event", cells | {"source_url": "https://example.org/memo", "source_title": "Memo of the day"})
    assert fresh.rows["source"].select("id", "title", "retrieved", "marking", "source_type").row(0) == (
        "memo-day-t0001", "Memo of the day", "2026-12-01", "public", "other",
    )  # fmt: skip
    assert fresh.rows["event"]["source"].to_list() == ["memo-day-t0001"]
    done(register, fresh, LOW)
    high = made(add_record, register, HIGH, "event", cells | {"source_url": "https://example.org/memo", "source_title": "x"})
    assert high.rows["event"]["source"].to_list() == ["memo"]


def test_a_source_s_id_that_is_hidden_is_not_taken(marked: MakeRegister) -> None:
    memo = {"id": "memo", "title": "A memo", "source_type": "other", "url": "https://example.org/memo", "marking": "secret"}
    cells = NEW | {"source": "memo", "source_url": "https://example.org/memo", "source_title": "x"}
    with_it, without = (made(add_record, marked(rows), LOW, "event", cells) for rows in ({"source": [memo]}, {}))
    assert with_it.rows["source"]["id"].to_list() == without.rows["source"]["id"].to_list() == ["memo-t0001"]
    after = done(marked({"source": [memo]}), with_it, LOW)
    assert after.tables["source"].filter(pl.col("id") == "memo")["title"].to_list() == ["A memo"]


def test_the_basis_fills_what_the_cells_do_not_say(marked: MakeRegister) -> None:
    cells = {key: cell for key, cell in NEW.items() if key not in ("source", "confidence", "marking")}
    basis = Basis(source="s", locator="p. 3", confidence="medium", marking="restricted")
    row = made(add_record, marked({}), MIDDLE, "event", cells, basis).rows["event"].row(0, named=True)
    assert [row[name] for name in ("source", "locator", "confidence", "marking")] == ["s", "p. 3", "medium", "restricted"]
    assert made(add_record, marked({}), LOW, "event", cells, Basis(source="s", confidence="low")).rows["event"]["marking"].to_list() == ["public"]  # sees one
    assert ("required", "marking") in codes_of(made(add_record, marked({}), MIDDLE, "event", cells, Basis(source="s", confidence="low")))


def test_claims_and_unknown_kinds_are_not_added_as_records(marked: MakeRegister) -> None:
    assert ("claims-are-made-on-cells", None) in codes_of(made(add_record, marked({}), LOW, "claim", {"record_kind": "event"}))
    with pytest.raises(UnknownKind):
        made(add_record, marked({}), LOW, "eventt", {})


# ---- changing


def test_a_change_keeps_each_former_value_with_the_reason(marked: MakeRegister) -> None:
    register = marked({"event": [event("a", fatalities="3")]})
    edit = changed(
        register, LOW, "event:a", {"fatalities": 4, "start": "2020-01-02", "summary_en": "What happened in a."}, Basis(locator="p. 1", entered_by="lee")
    )
    after = done(register, edit, LOW)
    assert edit.edited == {
        "event": ["a"],
        "claim": [f"event.a.{name}.t000{at}" for name, at in (("start", 1), ("start", 2), ("fatalities", 3), ("fatalities", 4))],
    }
    assert (value(after, LOW, "a", "fatalities"), value(after, LOW, "a", "fatalities", BEFORE)) == ("4", "3")
    new, old = after.snapshot(LOW).record("event:a").why("start")
    assert (new.status, new.value, new.entered_at, new.locator, new.source, new.reason) == ("adopted", "2020-01-02", "2026-12-01", "p. 1", "s", WHY)
    assert (old.status, old.value, old.entered_at, old.reason) == ("superseded", "2020-01-01", "2026-01-01", WHY)
    again = done(after, changed(after, LOW, "event:a", {"start": "2020-01-03"}, token=lambda: "later"), LOW)
    assert [(one.value, one.status) for one in again.snapshot(LOW).record("event:a").why("start")] == [
        ("2020-01-03", "adopted"), ("2020-01-01", "superseded"), ("2020-01-02", "superseded"),
    ]  # fmt: skip
    assert (value(again, LOW, "a", "start", BEFORE), value(again, LOW, "a", "start")) == ("2020-01-01", "2020-01-03")


@pytest.mark.parametrize(
    ("cells", "reason", "code", "field"),
    [
        ({"summary_en": "What happened in a."}, WHY, "nothing-changed", None),
        ({}, WHY, "nothing-changed", None),
        ({"summary_en": "New."}, Text(" ", " "), "no-reason", "reason_en"),
        ({"colour": "red"}, WHY, "unknown-column", "colour"),
        ({"id": "b"}, WHY, "kept-by-the-register", "id"),
        ({"entered_at": "2020-01-01"}, WHY, "kept-by-the-register", "entered_at"),
        ({"summary_en": ""}, WHY, "required", "summary_en"),
        ({"start": "x"}, WHY, "not-a-date", "start"),
        ({"end": "2019"}, WHY, "ends-before-start", "end"),
        ({"marking": "secret"}, WHY, "dangling-link", "marking"),
        ({"answers": "event:hidden"}, WHY, "dangling-link", "answers"),
        ({"count_as": "double", "counted_with": "event:led"}, WHY, "counted-with-chain", "counted_with"),  # of the one that is counted with it
    ],
)
def test_a_wrong_change_is_named(marked: MakeRegister, cells: dict[str, Any], reason: Text, code: str, field: str | None) -> None:
    retold = event("b", counted_with="event:a", count_as="double", summary_en="Retold.")
    register = marked({"event": [event("a"), retold, event("led", summary_en="Led."), event("hidden", marking="secret")]})
    edit = changed(register, LOW, "event:a", cells, reason=reason)
    assert (code, field) in codes_of(edit)
    assert len({(fault.code, fault.field, fault.record) for fault in edit.faults}) == len(edit.faults)  # each said once


def test_a_reason_in_korean_alone_is_a_reason(marked: MakeRegister) -> None:
    register = marked({"event": [event("a")]})
    after = done(register, changed(register, LOW, "event:a", {"number": 1}, reason=Text("", "착오 수정")), LOW)
    reason = after.snapshot(LOW).record("event:a").why("number")[0].reason
    assert reason == Text("착오 수정", "착오 수정")


def test_what_is_not_seen_is_not_known(marked: MakeRegister) -> None:
    register = marked({"event": [event("hidden", marking="secret"), event("gone")], "claim": [claim("w", "gone", "*", None, "withdrawn", reason_en="x")]})
    said = set()
    for ref in ("event:hidden", "event:no-such", "event:gone"):
        with pytest.raises(UnknownRecord) as caught:
            changed(register, LOW, ref, {"number": 1})
        said.add(str(caught.value).replace(ref, "…"))
    assert len(said) == 1


def test_claims_are_not_changed(marked: MakeRegister) -> None:
    register = marked({"event": [event("a")], "claim": [claim("c", "a", "number", "7", "competing")]})
    assert ("claims-stand", None) in codes_of(changed(register, LOW, "claim:c", {"value": "8"}))
    assert ("claims-stand", None) in codes_of(made(add_claim, register, LOW, "claim:c", "value", "8"))
    assert ("claims-stand", None) in codes_of(made(withdraw, register, LOW, "claim:c", reason=WHY))


def test_a_competing_claim_of_the_new_value_is_adopted(marked: MakeRegister) -> None:
    register = marked({"event": [event("a", number="3")], "claim": [claim("c", "a", "number", "4", "competing", entered_at="2026-02-01")]})
    after = done(register, changed(register, LOW, "event:a", {"number": "4"}), LOW)
    assert statuses(after, LOW, "a", "number") == [("3", "superseded"), ("4", "adopted")]
    assert value(after, LOW, "a", "number", BEFORE) == "3"


# ---- several readers of one cell


def test_a_value_under_a_narrower_marking_changes_nothing_for_the_others(marked: MakeRegister) -> None:
    register = marked(
        {"event": [event("a", number="3", fatalities="1")], "claim": [claim("c", "a", "number", "3", "adopted"), claim("d", "a", "number", "9", "competing")]}
    )
    edit = changed(register, HIGH, "event:a", {"number": 5, "fatalities": ""}, Basis(marking="secret"))
    after = done(register, edit, HIGH)
    assert set(edit.rows) == {"claim"}
    assert [value(after, reader, "a", "number") for reader in READERS] == ["3", "3", "3", "5", "3", "3", "3", "5"]
    assert [value(after, reader, "a", "fatalities") for reader in (LOW, HIGH)] == ["1", None]
    for reader in READERS:
        if "secret" not in reader.visible(register.tables["marking"]):
            assert after.snapshot(reader).hash == register.snapshot(reader).hash
            assert after.snapshot(reader, BEFORE).hash == register.snapshot(reader, BEFORE).hash
    assert statuses(after, HIGH, "a", "number") == [("3", "competing"), ("5", "adopted"), ("9", "competing")]
    assert value(after, HIGH, "a", "number", BEFORE) == "3"


def test_a_narrower_value_outlives_a_correction_by_someone_who_does_not_see_it(marked: MakeRegister) -> None:
    plain = marked({"event": [event("a", number="3")]})
    high = done(plain, changed(plain, HIGH, "event:a", {"number": 5}, Basis(marking="secret")), HIGH)
    low = changed(high, LOW, "event:a", {"number": 4}, token=lambda: "lower")
    assert low.shown["event"]["number"].to_list() == ["4"]
    both = done(high, low, LOW)
    assert [value(both, reader, "a", "number") for reader in (LOW, MIDDLE, HIGH)] == ["4", "4", "5"]
    assert statuses(both, HIGH, "a", "number") == [("3", "superseded"), ("4", "competing"), ("5", "adopted")]
    alone = changed(plain, LOW, "event:a", {"number": 4}, token=lambda: "lower")
    assert both.snapshot(LOW).hash == plain.with_rows(alone.rows).snapshot(LOW).hash


def test_who_sees_the_narrower_value_corrects_it_within_its_marking_unless_they_say_otherwise(marked: MakeRegister) -> None:
    plain = marked({"event": [event("a", number="3")]})
    high = done(plain, changed(plain, HIGH, "event:a", {"number": 5}, Basis(marking="secret")), HIGH)
    inside = done(high, changed(high, HIGH, "event:a", {"number": 6}, token=lambda: "again"), HIGH)
    assert [value(inside, reader, "a", "number") for reader in (LOW, HIGH)] == ["3", "6"]
    assert inside.snapshot(LOW).hash == plain.snapshot(LOW).hash
    openly = done(inside, changed(inside, HIGH, "event:a", {"number": 7}, Basis(marking="public"), token=lambda: "open"), HIGH)
    assert [value(openly, reader, "a", "number") for reader in (LOW, HIGH)] == ["7", "7"]
    assert statuses(openly, HIGH, "a", "number") == [("3", "superseded"), ("5", "superseded"), ("6", "superseded"), ("7", "adopted")]
    assert statuses(openly, LOW, "a", "number") == [("3", "superseded"), ("7", "adopted")]


def test_the_row_must_be_sound_for_those_who_do_not_see_the_narrower_value(marked: MakeRegister) -> None:
    plain = marked({"event": [event("a", start="2020-06-01")]})
    high = done(plain, changed(plain, HIGH, "event:a", {"start": "2020-01-01"}, Basis(marking="secret")), HIGH)
    assert ("ends-before-start", "end") in codes_of(changed(high, HIGH, "event:a", {"end": "2020-03-01"}, Basis(marking="public")))
    assert changed(high, HIGH, "event:a", {"end": "2020-03-01"}, Basis(marking="secret")).errors == []
    assert changed(high, HIGH, "event:a", {"end": "2020-07-01"}, Basis(marking="public")).errors == []


def test_of_two_narrower_markings_the_narrowest_stands(marked: MakeRegister) -> None:
    plain = marked({"event": [event("a", number="3")]})
    high = done(plain, changed(plain, HIGH, "event:a", {"number": 5}, Basis(marking="secret")), HIGH)
    middle = done(high, changed(high, MIDDLE, "event:a", {"number": 4}, Basis(marking="restricted"), token=lambda: "middl"), MIDDLE)
    assert [value(middle, reader, "a", "number") for reader in (LOW, MIDDLE, Reader("JPN", "restricted"), HIGH)] == ["3", "4", "4", "5"]
    down = done(middle, changed(middle, HIGH, "event:a", {"number": 8}, Basis(marking="restricted"), token=lambda: "down"), HIGH)
    assert [value(down, reader, "a", "number") for reader in (LOW, MIDDLE, HIGH)] == ["3", "8", "8"]  # all who read the secret one read the new one


def test_a_value_that_would_stay_below_another_is_refused(marked: MakeRegister) -> None:
    """Korea sees both; to put its own under Japan's would not show it, and to take Japan's away would show in Tokyo."""
    plain = marked({"event": [event("a", number="3")]})
    shared = done(plain, changed(plain, HIGH, "event:a", {"number": 5}, Basis(marking="secret-jpn")), HIGH)
    edit = changed(shared, HIGH, "event:a", {"number": 6}, Basis(marking="secret-usa"))
    assert ("stands-under-another-marking", "number") in codes_of(edit)
    assert changed(shared, HIGH, "event:a", {"number": 6}, Basis(marking="secret")).errors == []
    assert changed(shared, HIGH, "event:a", {"number": 6}, Basis(marking="public")).errors == []


RESTING: Rows = {
    "event": [event("a", number="170")],
    "claim": [
        claim("top", "a", "number", "170", "adopted", marking="secret"),
        claim("open", "a", "number", "150", "competing", confidence="medium"),
        claim("other", "a", "number", "140", "competing", confidence="low"),
    ],
}
OPENLY: Rows = {"event": [event("a", number="150")], "claim": RESTING["claim"][1:]}


def test_a_row_that_rests_on_what_its_editor_may_not_see_is_edited_as_it_reads(marked: MakeRegister) -> None:
    register, plain = marked(RESTING), marked(OPENLY)
    assert register.snapshot(LOW).hash == plain.snapshot(LOW).hash
    edit, alone = (changed(one, LOW, "event:a", {"number": 155}) for one in (register, plain))
    after, other = done(register, edit, LOW), done(plain, alone, LOW)
    assert [value(after, reader, "a", "number") for reader in (LOW, HIGH, "everything")] == ["155", "170", "170"]
    assert after.snapshot(LOW).hash == other.snapshot(LOW).hash
    assert {name: table.rows() for name, table in edit.shown.items()} == {name: table.rows() for name, table in alone.shown.items()}
    assert edit.edited["event"] == ["a"]


def test_a_claim_beside_what_is_hidden_does_not_move_the_cell(marked: MakeRegister) -> None:
    register, plain = marked(RESTING), marked(OPENLY)
    edits = [made(add_claim, one, LOW, "event:a", "number", "999", Basis(confidence="high")) for one in (register, plain)]
    after, other = (done(one, edit, LOW) for one, edit in zip((register, plain), edits, strict=True))
    assert after.snapshot(LOW).hash == other.snapshot(LOW).hash
    assert [value(after, reader, "a", "number") for reader in (LOW, HIGH)] == ["150", "170"]


def test_a_narrow_value_over_a_row_that_rests_on_a_narrow_claim_does_not_open_it(marked: MakeRegister) -> None:
    register = marked(RESTING)
    after = done(register, changed(register, HIGH, "event:a", {"number": 180}, Basis(marking="secret")), HIGH)
    assert [value(after, reader, "a", "number") for reader in (LOW, HIGH)] == ["150", "180"]
    assert after.snapshot(LOW).hash == register.snapshot(LOW).hash


def test_lists_keep_the_links_that_their_editor_could_not_see(marked: MakeRegister) -> None:
    unit = {"id": "UNIT-X", "actor_type": "unit", "name_en": "X", "short_en": "X", "name_ko": "가", "short_ko": "가", "marking": "secret"}
    rows: Rows = {
        "actor": [unit],
        "event": [
            event("hidden", marking="secret"),
            event("b"),
            event("a", answers="event:hidden;event:b", part_of="event:hidden", source_actors="PRK;UNIT-X", fatalities_by_actor="KOR:1;UNIT-X:2"),
        ],
    }
    register = marked(rows)
    cells = {"answers": "", "part_of": "event:b", "source_actors": "PRK;USA", "fatalities_by_actor": "KOR:3"}
    after = done(register, changed(register, LOW, "event:a", cells), LOW)
    assert [value(after, LOW, "a", name) for name in cells] == [None, "event:b", "PRK;USA", "KOR:3"]
    assert [value(after, HIGH, "a", name) for name in cells] == ["event:hidden", "event:hidden", "PRK;USA;UNIT-X", "KOR:3;UNIT-X:2"]
    assert "UNIT-X" not in after.snapshot(LOW).table("claim").write_csv()
    assert "hidden" not in after.snapshot(LOW).table("claim").write_csv()


# ---- claims and judgements


def test_a_claim_competes_beside_the_one_that_stands(marked: MakeRegister) -> None:
    register = marked({"event": [event("a", number="3")]})
    basis = Basis(source_url="https://example.org/b", source_title="Another list", confidence="low", locator="row 4", entered_by="lee")
    edit = made(add_claim, register, LOW, "event:a", "number", 4, basis)
    after = done(register, edit, LOW)
    assert set(edit.rows) == {"claim", "source"}
    new = after.snapshot(LOW).table("claim").row(0, named=True)
    assert (new["id"], new["value"], new["status"], new["source"], new["locator"], new["entered_by"]) == (
        "event.a.number.t0002", "4", "competing", "another-list-t0001", "row 4", "lee",
    )  # fmt: skip
    assert value(after, LOW, "a", "number") == "3"
    narrow = done(register, made(add_claim, register, HIGH, "event:a", "number", 5, Basis(marking="secret")), HIGH)
    assert narrow.snapshot(LOW).hash == register.snapshot(LOW).hash
    made_secret = made(add_claim, register, HIGH, "event:a", "number", 5, replace(basis, marking="secret"))
    assert made_secret.rows["source"]["marking"].to_list() == ["secret"]


@pytest.mark.parametrize(
    ("field", "typed", "basis", "code", "told"),
    [
        ("number", "many", Basis(), "not-a-number", "number"),
        ("number", "3", Basis(), "same-claim", "number"),
        ("number", "7", Basis(source="t"), "same-claim", "number"),
        ("answers", "event:no-such", Basis(), "dangling-link", "answers"),
        ("answers", "event:hidden", Basis(), "dangling-link", "answers"),
        ("number", "4", Basis(source="nobody"), "dangling-link", "source"),
        ("number", "4", Basis(marking="secret"), "dangling-link", "marking"),
        ("number", "4", Basis(confidence="sure"), "unknown-code", "confidence"),
        ("colour", "red", Basis(), "unknown-column", "colour"),
        ("id", "b", Basis(), "kept-by-the-register", "id"),
    ],
)
def test_a_wrong_claim_is_named(marked: MakeRegister, field: str, typed: str, basis: Basis, code: str, told: str) -> None:
    rows: Rows = {
        "source": [{"id": "t", "title": "Another", "source_type": "other", "marking": "public"}],
        "event": [event("a", number="3"), event("hidden", marking="secret")],
        "claim": [claim("c", "a", "number", "7", "competing", source="t")],
    }
    assert (code, told) in codes_of(made(add_claim, marked(rows), LOW, "event:a", field, typed, basis))


def test_a_second_source_of_the_same_value_is_a_claim(marked: MakeRegister) -> None:
    rows: Rows = {"source": [{"id": "t", "title": "Another", "source_type": "other", "marking": "public"}], "event": [event("a", number="3")]}
    assert made(add_claim, marked(rows), LOW, "event:a", "number", "3", Basis(source="t")).errors == []


def test_a_judgement_lets_another_claim_stand_and_what_stood_competes_on(marked: MakeRegister) -> None:
    register = marked({"event": [event("a", number="3")], "claim": [claim("c", "a", "number", "4", "competing", entered_at="2026-02-01")]})
    after = done(register, made(judge, register, LOW, "event:a", "number", "c", reason=WHY, entered_by="kim"), LOW)
    assert (value(after, LOW, "a", "number"), value(after, LOW, "a", "number", BEFORE)) == ("4", "3")
    assert statuses(after, LOW, "a", "number") == [("3", "competing"), ("3", "superseded"), ("4", "adopted")]
    stands = after.snapshot(LOW).record("event:a").why("number")[0]
    assert (stands.id, stands.reason) == ("c", WHY)
    back = after.snapshot(LOW).claims.filter(pl.col("status") == "competing")["id"][0]
    again = done(after, made(judge, after, LOW, "event:a", "number", back, reason=WHY, today=date(2027, 1, 1), token=lambda: "later"), LOW)
    days = [date(2026, 11, 1), date(2026, 12, 15), date(2027, 1, 1)]
    assert [value(again, LOW, "a", "number", day) for day in days] == ["3", "4", "3"]


def test_a_judgement_within_a_marking_is_not_seen_outside(marked: MakeRegister) -> None:
    rows: Rows = {"event": [event("a", number="3")], "claim": [claim("c", "a", "number", "4", "competing", marking="secret", entered_at="2026-02-01")]}
    register = marked(rows)
    after = done(register, made(judge, register, HIGH, "event:a", "number", "c", reason=WHY), HIGH)
    assert [value(after, reader, "a", "number") for reader in (LOW, HIGH)] == ["3", "4"]
    assert value(after, HIGH, "a", "number", BEFORE) == "3"
    assert after.snapshot(LOW).hash == register.snapshot(LOW).hash


def test_a_judgement_on_what_can_be_seen_leaves_what_cannot(marked: MakeRegister) -> None:
    register, plain = marked(RESTING), marked(OPENLY)
    edits = [made(judge, one, LOW, "event:a", "number", "other", reason=WHY) for one in (register, plain)]
    after, other = (done(one, edit, LOW) for one, edit in zip((register, plain), edits, strict=True))
    assert [value(after, reader, "a", "number") for reader in (LOW, HIGH)] == ["140", "170"]
    assert after.snapshot(LOW).hash == other.snapshot(LOW).hash


def test_only_competing_claims_that_can_be_seen_are_judged(marked: MakeRegister) -> None:
    rows: Rows = {
        "event": [event("a", number="3")],
        "claim": [
            claim("stands", "a", "number", "3", "adopted"),
            claim("fell", "a", "number", "2", "superseded", superseded_at="2026-02-01", reason_en="x"),
            claim("secret", "a", "number", "9", "competing", marking="secret"),
            claim("rival", "a", "number", "4", "competing"),
        ],
    }
    register = marked(rows)
    told = {one: codes_of(made(judge, register, LOW, "event:a", "number", one, reason=WHY)) for one in ("stands", "fell", "secret", "no-such", "rival")}
    assert told["stands"] == told["fell"] == {("not-competing", "number")}
    assert told["secret"] == told["no-such"] == {("no-such-claim", "number")}
    assert told["rival"] == set()
    assert ("no-reason", "reason_en") in codes_of(made(judge, register, LOW, "event:a", "number", "rival", reason=Text("", "")))
    assert ("no-such-claim", "fatalities") in codes_of(made(judge, register, LOW, "event:a", "fatalities", "rival", reason=WHY))


# ---- whole records


def test_a_withdrawn_record_is_gone_from_that_day(marked: MakeRegister) -> None:
    register = marked({"event": [event("a"), event("b", answers="event:a")]})
    edit = made(withdraw, register, LOW, "event:a", reason=WHY, entered_by="kim")
    after = done(register, edit, LOW)
    assert edit.edited == {"claim": ["event.a.t0001"], "event": ["a"]}
    assert after.snapshot(LOW).events["id"].to_list() == ["b"]
    assert value(after, LOW, "b", "answers") is None
    assert after.snapshot(LOW, BEFORE).events["id"].to_list() == ["a", "b"]
    assert ("no-reason", "reason_en") in codes_of(made(withdraw, register, LOW, "event:a", reason=Text("", "")))
    assert ("marking-stays", None) in codes_of(made(withdraw, register, LOW, "marking:public", reason=WHY))


def test_a_record_that_is_marked_anew_is_seen_anew(marked: MakeRegister) -> None:
    plain = marked({"event": [event("a", number="3", marking="secret")]})
    noted = done(plain, changed(plain, HIGH, "event:a", {"number": 4}), HIGH)
    assert noted.snapshot(HIGH).table("claim")["marking"].unique().to_list() == ["secret"]
    opened = done(noted, changed(noted, HIGH, "event:a", {"marking": "public", "fatalities": 1}, token=lambda: "open"), HIGH)
    assert [value(opened, LOW, "a", name) for name in ("number", "fatalities", "marking")] == ["4", "1", "public"]
    assert statuses(opened, LOW, "a", "number") == [("4", "adopted")]  # what stood while it was secret stays secret
    assert statuses(opened, LOW, "a", "marking") == [("public", "adopted")]
    closed = done(opened, changed(opened, HIGH, "event:a", {"marking": "secret"}, token=lambda: "close"), HIGH)
    assert not closed.snapshot(LOW).has_record("event:a")
    assert closed.snapshot(LOW).claims.is_empty()
    assert value(closed, HIGH, "a", "number") == "4"


def test_sources_and_markings_are_changed_like_records(marked: MakeRegister) -> None:
    register = marked({})
    after = done(register, changed(register, LOW, "source:s", {"title": "A better title"}), LOW)
    assert after.snapshot(LOW).record("source:s").why("title")[1].value == "A source"
    basis = Basis(source="s", confidence="high")
    renamed = done(register, changed(register, MIDDLE, "marking:restricted", {"name_en": "Limited"}, basis), MIDDLE)
    assert renamed.snapshot(MIDDLE).record("marking:restricted")["name_en"] == "Limited"
    assert ("required", "source") in codes_of(changed(register, MIDDLE, "marking:restricted", {"name_en": "Limited"}))
