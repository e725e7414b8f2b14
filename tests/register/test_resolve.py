"""What stood in a cell, for whom and when: markings before anything else, then the day, then the choice between claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import comity
from comity.register import resolve
from comity.register.readers import Reader, covers, narrowness
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.errors import AmbiguousRecord, UnknownCode, UnknownReader, UnknownRecord
from comity.vocab.kinds import kinds

MakeRegister = Callable[..., Register]
Rows = dict[str, list[dict[str, Any]]]

MARKINGS = [
    {"id": "public", "name_en": "Public", "public": "true"},
    {"id": "kor-only", "name_en": "Home only", "public": "false", "owner": "KOR"},
    {"id": "kor-jpn", "name_en": "Operation Quiet Heron", "public": "false", "owner": "KOR", "releasable_to": "JPN"},
]


def event(record: str, **cells: str) -> dict[str, str]:
    return {
        "id": record, "start": "2020-01-01", "source_actors": "PRK", "target_actors": "KOR", "event_type": "ASSAULT", "subtype": "artillery_fire",
        "event_class": "conventional_clash", "summary_en": f"What happened in {record}.", **cells,
    }  # fmt: skip


def claim(name: str, record: str, field: str, value: str | None, status: str, **cells: str) -> dict[str, str | None]:
    return {"id": name, "record_kind": "event", "record": record, "field": field, "value": value, "status": status, **cells}


@pytest.fixture(scope="session")
def marked(tiny_register: MakeRegister) -> MakeRegister:
    """A tiny register with four actors and three markings: public, home only, home and Japan."""

    def make(rows: Rows) -> Register:
        register = tiny_register({"marking": MARKINGS, **rows})
        tables = dict(register.tables) | {name: register.tables[name].clear() for name in ("actor_code", "membership")}
        added = [row["id"] for row in rows.get("actor", [])]
        tables["actor"] = tables["actor"].filter(pl.col("id").is_in(["KOR", "PRK", "JPN", "USA", *added]))
        return replace(register, tables=tables)

    return make


def value(snapshot: Snapshot, record: str, field: str) -> str | None:
    return snapshot.record(f"event:{record}")[field]


# --- as known on a day -------------------------------------------------------------------------------------------------------------


def test_rows_entered_later_were_not_there(marked: MakeRegister) -> None:
    register = marked({"event": [event("early", entered_at="2026-01-10"), event("late", entered_at="2026-02-10", answers="event:early")]})
    assert register.snapshot(known_at=date(2026, 2, 9)).events["id"].to_list() == ["early"]
    assert register.snapshot(known_at=date(2026, 2, 10)).events["id"].to_list() == ["early", "late"]
    assert register.snapshot(known_at=date(2026, 1, 9)).events.is_empty()


def test_links_to_rows_entered_later_were_not_there(marked: MakeRegister) -> None:
    register = marked({"event": [event("early", entered_at="2026-01-10", answers="event:late;event:early"), event("late", entered_at="2026-02-10")]})
    assert value(register.snapshot(known_at=date(2026, 1, 31)), "early", "answers") == "event:early"


def test_a_superseded_value_stood_until_the_day_it_was_superseded(marked: MakeRegister) -> None:
    """Three values in a row: 3 until 1 February, 4 until 1 March, 5 since."""
    register = marked(
        {
            "event": [event("shelling", fatalities="5", entered_at="2026-01-10")],
            "claim": [
                claim("a", "shelling", "fatalities", "3", "superseded", entered_at="2026-01-10", superseded_at="2026-02-01", reason_en="Miscounted."),
                claim("b", "shelling", "fatalities", "4", "superseded", entered_at="2026-02-01", superseded_at="2026-03-01", reason_en="One more."),
            ],
        }
    )
    stood = {
        day: value(register.snapshot(known_at=day), "shelling", "fatalities")
        for day in (date(2026, 1, 10), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(stood.values()) == ["3", "3", "4", "4", "5"]
    assert value(register.snapshot(), "shelling", "fatalities") == "5"


def test_the_new_source_of_a_cell_does_not_reach_back(marked: MakeRegister) -> None:
    """A claim that competed for months and was then adopted did not stand before the other was superseded."""
    register = marked(
        {
            "event": [event("shelling", fatalities="4", entered_at="2026-01-01")],
            "claim": [
                claim("a", "shelling", "fatalities", "2", "superseded", entered_at="2026-01-01", superseded_at="2026-06-01", reason_en="Judged."),
                claim("b", "shelling", "fatalities", "4", "adopted", entered_at="2026-01-05"),
            ],
        }
    )
    assert value(register.snapshot(known_at=date(2026, 3, 1)), "shelling", "fatalities") == "2"
    assert value(register.snapshot(known_at=date(2026, 6, 1)), "shelling", "fatalities") == "4"
    why = register.snapshot(known_at=date(2026, 3, 1)).record("shelling").why("fatalities")
    assert [(one.value, one.status) for one in why] == [("2", "adopted"), ("4", "competing")]


def test_a_value_adopted_later_leaves_what_competed_before(marked: MakeRegister) -> None:
    register = marked(
        {
            "event": [event("shelling", number="170", entered_at="2026-01-01")],
            "claim": [
                claim("a", "shelling", "number", "170", "adopted", entered_at="2026-05-01"),
                claim("b", "shelling", "number", "150", "competing", entered_at="2026-02-01", confidence="medium"),
            ],
        }
    )
    assert value(register.snapshot(known_at=date(2026, 1, 15)), "shelling", "number") is None
    assert value(register.snapshot(known_at=date(2026, 3, 1)), "shelling", "number") == "150"
    assert value(register.snapshot(known_at=date(2026, 5, 1)), "shelling", "number") == "170"


def test_yesterday_knows_nothing_of_today_s_reasons(marked: MakeRegister) -> None:
    later = claim("a", "shelling", "fatalities", "3", "superseded", entered_at="2026-01-01", superseded_at="2026-02-01", reason_en="Miscounted.")
    register = marked({"event": [event("shelling", fatalities="4", entered_at="2026-01-01")], "claim": [later]})
    why = register.snapshot(known_at=date(2026, 1, 15)).record("shelling").why("fatalities")
    assert [(one.value, one.status, one.reason) for one in why] == [("3", "adopted", None)]
    now = register.snapshot().record("shelling").why("fatalities")
    assert [(one.value, one.status) for one in now] == [("4", "adopted"), ("3", "superseded")]
    assert now[1].reason is not None
    assert now[1].reason.en == "Miscounted."


def test_withdrawn_records_are_gone_from_the_day_of_the_withdrawal(marked: MakeRegister) -> None:
    register = marked(
        {
            "event": [event("hoax", entered_at="2026-01-01"), event("true", entered_at="2026-01-01", answers="event:hoax")],
            "claim": [claim("w", "hoax", "*", None, "withdrawn", entered_at="2026-02-01", reason_en="A hoax.")],
        }
    )
    now, before = register.snapshot(), register.snapshot(known_at=date(2026, 1, 31))
    assert now.events["id"].to_list() == ["true"]
    assert value(now, "true", "answers") is None
    assert before.events["id"].to_list() == ["hoax", "true"]
    assert value(before, "true", "answers") == "event:hoax"
    with pytest.raises(UnknownRecord, match="hoax") as caught:
        now.record("hoax")
    assert "기록이 없습니다" in caught.value.in_("ko")


# --- who may see it ----------------------------------------------------------------------------------------------------------------


def test_readers_see_what_their_markings_let_them(marked: MakeRegister) -> None:
    register = marked({"event": [event("open"), event("shared", marking="kor-jpn"), event("own", marking="kor-only")]})
    seen = {reader: register.snapshot(reader).events["id"].to_list() for reader in ("public", "USA", "JPN", "KOR", "everything")}
    assert seen == {"public": ["open"], "USA": ["open"], "JPN": ["open", "shared"], "KOR": ["open", "own", "shared"], "everything": ["open", "own", "shared"]}


def test_a_reader_that_nobody_is_is_refused(marked: MakeRegister) -> None:
    with pytest.raises(UnknownReader, match="ATLANTIS") as caught:
        marked({}).snapshot("ATLANTIS")
    assert "열람자" in caught.value.in_("ko")
    assert Reader("JPN").visible(pl.DataFrame(MARKINGS)) == ["public", "kor-jpn"]


LEVELLED = [
    {"id": "public", "name_en": "Public", "public": "true"},
    {"id": "public-secret", "name_en": "Public in spite of its level", "public": "true", "level": "secret"},
    {"id": "restricted", "name_en": "Restricted", "public": "false", "owner": "KOR", "level": "restricted"},
    {"id": "secret", "name_en": "Secret", "public": "false", "owner": "KOR", "releasable_to": "JPN;USA", "level": "secret"},
    {"id": "no-level", "name_en": "No level", "public": "false", "owner": "KOR"},
    {"id": "odd", "name_en": "A level that the scale does not have", "public": "false", "owner": "KOR", "level": "cosmic"},
    {"id": "nobody-s", "name_en": "Neither owner nor partner", "public": "false", "level": "unclassified"},
    {"id": "unsaid", "name_en": "Not said whether public"},
]
OPEN = ["public", "public-secret"]


@pytest.mark.parametrize(
    ("name", "clearance", "opened"),
    [
        ("public", None, []),
        ("public", "top_secret", []),
        ("KOR", None, ["restricted", "secret", "no-level", "odd"]),
        ("KOR", "unclassified", []),
        ("KOR", "restricted", ["restricted"]),
        ("KOR", "confidential", ["restricted"]),
        ("KOR", "secret", ["restricted", "secret"]),
        ("KOR", "top_secret", ["restricted", "secret", "no-level"]),
        ("JPN", "secret", ["secret"]),
        ("JPN", "confidential", []),
        ("PRK", "top_secret", []),
    ],
)
def test_a_clearance_narrows_what_a_name_opens(name: str, clearance: str | None, opened: list[str]) -> None:
    table = pl.DataFrame(LEVELLED, infer_schema_length=None)
    assert Reader(name, clearance).visible(table) == [*OPEN, *opened]
    assert Reader("everything", clearance).visible(table) == table["id"].to_list()


def test_a_clearance_that_the_scale_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownCode, match="cosmic"):
        Reader("KOR", "cosmic")
    assert len({Reader("KOR"), Reader("KOR", "secret"), Reader("KOR", "secret")}) == 2


def test_a_snapshot_is_cut_by_clearance(marked: MakeRegister) -> None:
    register = marked({"marking": LEVELLED, "event": [event("open"), event("low", marking="restricted"), event("high", marking="secret", answers="event:low")]})
    low, high = register.snapshot(Reader("KOR", "restricted")), register.snapshot(Reader("KOR", "secret"))
    assert (low.events["id"].to_list(), high.events["id"].to_list()) == (["low", "open"], ["high", "low", "open"])
    assert low.markings["id"].to_list() == [*OPEN, "restricted"]
    assert low.reader.name == high.reader.name == "KOR"


def test_a_hidden_claim_leaves_the_most_trusted_of_those_that_compete(marked: MakeRegister) -> None:
    rows: Rows = {
        "event": [event("shelling", number="170", fatalities="4")],
        "claim": [
            claim("a", "shelling", "number", "170", "adopted", marking="kor-jpn"),
            claim("b", "shelling", "number", "150", "competing", confidence="medium"),
            claim("c", "shelling", "number", "160", "competing", confidence="high"),
            claim("d", "shelling", "number", "165", "competing", confidence="high"),
            claim("e", "shelling", "number", "168", "competing", confidence="high", marking="kor-only"),
            claim("f", "shelling", "fatalities", "4", "adopted", marking="kor-only"),
        ],
    }
    register = marked(rows)
    assert [value(register.snapshot(reader), "shelling", "number") for reader in ("public", "JPN", "KOR")] == ["160", "170", "170"]
    assert [value(register.snapshot(reader), "shelling", "fatalities") for reader in ("public", "JPN", "KOR")] == [None, None, "4"]
    assert register.snapshot().events["number"].to_list() == [160]
    assert "e" not in register.snapshot().claims["id"].to_list()


def test_a_claim_adopted_within_its_marking_stands_for_its_readers_only(marked: MakeRegister) -> None:
    """The row holds what everybody who sees it reads; others see it as if the narrower claims were not there."""
    plain: Rows = {"event": [event("shelling", number="170", fatalities="4")], "claim": [claim("a", "shelling", "number", "170", "adopted")]}
    within = [
        claim("b", "shelling", "number", "200", "adopted_within", marking="kor-jpn"),
        claim("c", "shelling", "number", "230", "adopted_within", marking="kor-only", entered_at="2025-01-01"),
        claim("d", "shelling", "fatalities", None, "adopted_within", marking="kor-only"),
    ]
    before, after = marked(plain), marked({**plain, "claim": [*plain["claim"], *within]})
    assert [value(after.snapshot(reader), "shelling", "number") for reader in ("public", "USA", "JPN", "KOR")] == ["170", "170", "200", "230"]
    assert [value(after.snapshot(reader), "shelling", "fatalities") for reader in ("public", "JPN", "KOR")] == ["4", "4", None]
    assert after.snapshot("USA").hash == before.snapshot("USA").hash
    shown = after.snapshot("KOR").record("shelling").why("number")
    assert [(one.id, one.status) for one in shown] == [("c", "adopted"), ("a", "competing"), ("b", "competing")]
    assert after.snapshot("JPN").claims.select("id", "status").sort("id").rows() == [("a", "competing"), ("b", "adopted")]


def test_what_is_adopted_within_a_marking_has_its_own_history(marked: MakeRegister) -> None:
    """The public value changed in March, the narrower one in April: each reader's past is that of what it may see."""
    register = marked(
        {
            "event": [event("shelling", number="3", entered_at="2026-01-01")],
            "claim": [
                claim("a", "shelling", "number", "1", "superseded", entered_at="2026-01-01", superseded_at="2026-03-01", reason_en="New count."),
                claim("b", "shelling", "number", "3", "adopted", entered_at="2026-03-01"),
                claim("c", "shelling", "number", "7", "superseded", entered_at="2026-02-01", superseded_at="2026-04-01", reason_en="x", marking="kor-only"),
                claim("d", "shelling", "number", "9", "adopted_within", entered_at="2026-04-01", marking="kor-only"),
            ],
        }
    )
    days = [date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15), date(2026, 4, 15)]
    assert [value(register.snapshot("public", day), "shelling", "number") for day in days] == ["1", "1", "3", "3"]
    assert [value(register.snapshot("KOR", day), "shelling", "number") for day in days] == ["1", "7", "7", "9"]
    march = register.snapshot("KOR", days[2]).claims.sort("id")
    assert march.select("id", "status").rows() == [("a", "superseded"), ("b", "competing"), ("c", "adopted")]


def test_claims_name_only_records_that_the_reader_may_see(marked: MakeRegister) -> None:
    rows: Rows = {
        "event": [event("open"), event("other"), event("secret", marking="kor-only")],
        "claim": [
            claim("a", "open", "answers", "event:secret;event:other", "competing"),
            claim("b", "open", "part_of", "event:secret", "superseded", superseded_at="2026-02-01", reason_en="x"),
            claim("c", "open", "summary_en", "event:secret", "competing"),  # words name nothing
        ],
    }
    public, own = (marked(rows).snapshot(reader).claims.sort("id")["value"].to_list() for reader in ("public", "KOR"))
    assert public == ["event:other", None, "event:secret"]
    assert own == ["event:secret;event:other", "event:secret", "event:secret"]


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("public", "secret", True),
        ("secret", "public", False),
        ("secret", "secret", True),
        ("restricted", "secret", False),  # Japan and the United States see the one, not the other
        ("secret", "restricted", False),
        ("restricted", "no-level", True),
        ("no-level", "restricted", False),
        ("restricted", "nobody-s", False),  # of nobody, and yet of a lower level
        ("undeclared", "secret", False),
        ("secret", "undeclared", False),
    ],
)
def test_whether_one_marking_is_seen_by_all_who_see_another(wide: str, narrow: str, covered: bool) -> None:
    table = pl.DataFrame(LEVELLED, infer_schema_length=None)
    assert covers(table, wide, narrow) is covered
    if covered:
        rank = narrowness(table)
        assert rank[wide] <= rank[narrow]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_covering_is_what_every_reader_finds(data: st.DataObject) -> None:
    """For random markings: one covers another where, and only where, every cleared reader who sees that sees this; the narrower then ranks higher."""
    names = st.lists(st.sampled_from(["KOR", "JPN", "USA"]), unique=True).map(";".join).map(lambda one: one or None)
    levels = ["unclassified", "restricted", "confidential", "secret", "top_secret"]
    cells = st.fixed_dictionaries(
        {
            "public": st.sampled_from(["true", "false", "false"]),
            "owner": st.sampled_from([None, "KOR", "JPN"]),
            "releasable_to": names,
            "level": st.sampled_from([None, *levels]),
        }
    )
    table = pl.DataFrame(
        [{"id": name, **data.draw(cells)} for name in "abc"], schema=dict.fromkeys(("id", "public", "owner", "releasable_to", "level"), pl.String)
    )
    everybody = [Reader(name, level) for name in ("public", "KOR", "JPN", "USA") for level in levels]
    seen = {name: {reader for reader in everybody if name in reader.visible(table)} for name in "abc"}
    for wide in "abc":
        for narrow in "abc":
            if covers(table, wide, narrow):
                assert seen[narrow] <= seen[wide]
                assert narrowness(table)[wide] <= narrowness(table)[narrow]
            elif seen[narrow]:
                assert not seen[narrow] <= seen[wide]


def test_links_to_unseen_records_vanish_from_cells_of_every_sort(marked: MakeRegister) -> None:
    rows: Rows = {
        "source": [{"id": "memo", "title": "A secret memo", "source_type": "other", "marking": "kor-only"}],
        "actor": [{"id": "UNIT-X", "actor_type": "unit", "name_en": "Unit X", "short_en": "Unit X", "name_ko": "부대", "short_ko": "부대", "marking": "kor-only"}],
        "event": [
            event("hidden", marking="kor-jpn"),
            event("open", answers="event:hidden;event:other", part_of="event:hidden", counted_with="event:hidden", second_source="memo"),
            event("other", source="memo", source_actors="PRK;UNIT-X", fatalities_by_actor="KOR:1;UNIT-X:2"),
        ],
        "claim": [claim("c", "other", "number", "7", "competing", source="memo")],
    }  # fmt: skip
    public, partner, own = (marked(rows).snapshot(reader) for reader in ("public", "JPN", "KOR"))
    assert [value(public, "open", name) for name in ("answers", "part_of", "counted_with", "second_source")] == ["event:other", None, None, None]
    assert [value(partner, "open", name) for name in ("answers", "part_of", "second_source")] == ["event:hidden;event:other", "event:hidden", None]
    assert value(own, "open", "second_source") == "memo"
    assert [value(public, "other", name) for name in ("source", "source_actors", "fatalities_by_actor")] == [None, "PRK", "KOR:1"]
    assert public.claims["source"].to_list() == [None]
    assert public.events.filter(pl.col("id") == "other")["sourced"].to_list() == [False]


def test_no_trace_of_what_is_hidden_is_left_in_a_public_snapshot(marked: MakeRegister) -> None:
    rows: Rows = {
        "source": [{"id": "heron-memo", "title": "heron", "source_type": "other", "marking": "kor-jpn"}],
        "event": [event("heron-landing", marking="kor-jpn", source="heron-memo"), event("open", answers="event:heron-landing", second_source="heron-memo")],
        "claim": [claim("heron-claim", "heron-landing", "number", "3", "competing"), claim("c", "open", "summary_en", "heron", "competing", marking="kor-jpn")],
        "finding": [{"id": "f", "records": "event:heron-landing;event:open", "what_en": "x", "settlement": "kept", "how_en": "y"}],
    }
    register = marked(rows)
    written = {name: register.snapshot().table(name).write_csv().lower() for name in kinds()}
    assert [name for name, text in written.items() if "heron" in text or "kor-jpn" in text] == []
    assert "heron" in register.snapshot("JPN").table("marking").write_csv().lower()
    with pytest.raises(UnknownRecord):
        register.snapshot().record("event:heron-landing")
    assert not register.snapshot().has_record("heron-landing")


hidden_cells = st.fixed_dictionaries(
    {
        "fatalities": st.sampled_from(["0", "7", "900"]),
        "summary_en": st.sampled_from(["One thing.", "Another thing."]),
        "answers": st.sampled_from(["", "event:open-1", "event:open-2;event:hidden-2"]),
        "counted_with": st.sampled_from(["", "event:open-1"]),
        "marking": st.sampled_from(["kor-jpn", "kor-only"]),
        "entered_at": st.sampled_from(["2026-01-01", "2026-02-01"]),
    }
)
secret_claim = st.fixed_dictionaries(
    {
        "record": st.sampled_from(["open-1", "open-2", "hidden-1"]),
        "field": st.sampled_from(["fatalities", "number"]),
        "value": st.sampled_from(["1", "2", "3"]),
        "status": st.sampled_from(["competing", "superseded", "withdrawn", "adopted_within"]),
        "confidence": st.sampled_from(["high", "low"]),
        "marking": st.sampled_from(["kor-jpn", "kor-only"]),
        "superseded_at": st.just("2026-03-01"),
    }
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=st.tuples(hidden_cells, hidden_cells), two=st.tuples(hidden_cells, hidden_cells), claims=st.tuples(st.lists(secret_claim, max_size=3), st.lists(secret_claim, max_size=3)), adopted=st.tuples(st.sampled_from("123"), st.sampled_from("123")), known_at=st.sampled_from([None, date(2026, 1, 15), date(2026, 2, 15)]))  # fmt: skip
def test_what_a_reader_may_not_see_changes_nothing_that_it_sees(
    marked: MakeRegister, one: Any, two: Any, claims: Any, adopted: tuple[str, str], known_at: date | None
) -> None:
    """Non-interference: two registers that differ only in hidden rows, hidden claims and hidden markings are the same to the public."""

    def register(hidden: Any, secret: list[dict[str, str]], number: str, name: str) -> Register:
        listed = [{"id": f"secret-{at}", "record_kind": "event", **cells} for at, cells in enumerate(secret)]
        return marked(
            {
                "marking": [*MARKINGS[:2], MARKINGS[2] | {"name_en": name}],
                "event": [
                    event("open-1", fatalities="4", number=number, answers="event:hidden-1;event:open-2"),
                    event("open-2", counted_with="event:hidden-2", fatalities="1"),
                    *(event(f"hidden-{at}", **{key: cell for key, cell in cells.items() if cell}) for at, cells in enumerate(hidden, 1)),
                ],
                "claim": [
                    claim("public-1", "open-1", "fatalities", "5", "competing"),
                    claim("public-2", "open-1", "number", "9", "competing"),
                    claim("number", "open-1", "number", number, "adopted", marking="kor-only"),
                    *listed,
                ],
            }
        )

    first, second = register(one, claims[0], adopted[0], "First name"), register(two, claims[1], adopted[1], "Second name")
    for reader in ("public",):
        left, right = first.snapshot(reader, known_at), second.snapshot(reader, known_at)
        assert left.hash == right.hash
        assert left.counted("event").equals(right.counted("event"))
    assert first.snapshot("everything").events.height == 4


# --- why a value stands ------------------------------------------------------------------------------------------------------------


def test_why_tells_the_standing_claim_first_and_then_the_rest(kor: Snapshot) -> None:
    why = kor.record("agreement:kor-usa-mutual-defense-treaty-1953").why("in_force")
    assert (why[0].value, why[0].status) == ("1954-11-18", "adopted")
    assert {"1954-11-17"} <= {one.value for one in why[1:]}
    assert all(one.source for one in why)


def test_why_of_a_cell_without_claims_rests_on_the_row(marked: MakeRegister) -> None:
    record = marked({"event": [event("a", fatalities="4", locator="p. 3")]}).snapshot().record("a")
    (only,) = record.why("fatalities")
    assert (only.id, only.value, only.source, only.locator, only.confidence) == ("a.fatalities", "4", "s", "p. 3", "high")
    assert record.why("number")[0].value is None


def test_an_id_of_two_kinds_must_be_told_with_its_kind(tiny: Any) -> None:
    snapshot = tiny({"event": [event("twin")], "objective": [{"id": "twin", "level": "task", "title_en": "Twin"}]})
    with pytest.raises(AmbiguousRecord, match="event:twin"):
        snapshot.record("twin")
    assert snapshot.record("objective:twin").kind.name == "objective"
    assert snapshot.record("event:twin").ref == "event:twin"


# --- edits, hashes, immutability ----------------------------------------------------------------------------------------------------

edited_cells = st.fixed_dictionaries(
    {
        "fatalities": st.sampled_from(["", "1", "2"]),
        "answers": st.sampled_from(["", "event:e0", "event:e1;event:e2", "event:e5"]),
        "marking": st.sampled_from(["public", "public", "kor-jpn", "kor-only"]),
        "counted_with": st.sampled_from(["", "", "event:e0"]),
        "entered_at": st.sampled_from(["2026-01-01", "2026-02-01"]),
    }
)
edits = st.dictionaries(st.sampled_from(["e0", "e1", "e2", "e5"]), edited_cells, min_size=1, max_size=3)
editing_claims = st.lists(
    st.fixed_dictionaries(
        {
            "record": st.sampled_from(["e0", "e1"]),
            "field": st.sampled_from(["fatalities", "*"]),
            "value": st.sampled_from(["7", "8"]),
            "status": st.sampled_from(["competing", "superseded", "adopted", "withdrawn", "adopted_within"]),
            "marking": st.sampled_from(["public", "kor-only", "kor-jpn"]),
            "superseded_at": st.just("2026-02-01"),
        }
    ),
    max_size=2,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=edits, claims=editing_claims, reader=st.sampled_from(["public", "JPN", "everything"]), known_at=st.sampled_from([None, date(2026, 1, 15)]), looked=st.booleans())  # fmt: skip
def test_a_snapshot_after_an_edit_is_the_snapshot_made_afresh(
    marked: MakeRegister, changed: Any, claims: Any, reader: str, known_at: date | None, looked: bool
) -> None:
    before = marked({"event": [event("e0"), event("e1", answers="event:e2;event:e0"), event("e2", marking="kor-jpn"), event("e3", part_of="event:e1")]})
    snapshot = before.snapshot(reader, known_at)
    if looked:
        assert len(snapshot.hash) == 64
        assert snapshot.events.height >= 0
    rows = pl.DataFrame([event(record, source="s", confidence="high", **cells) for record, cells in changed.items()]).with_columns(pl.all().replace("", None))
    fresh: dict[str, pl.DataFrame] = {"event": rows}
    listed = [
        {"id": f"c{at}", "record_kind": "event", "source": "s", "confidence": "high", "entered_at": "2026-01-01", **cells} for at, cells in enumerate(claims)
    ]
    if listed:
        fresh["claim"] = pl.DataFrame(listed)
    after = before.with_rows(fresh)
    touched = {"event": sorted({*changed, *(one["record"] for one in listed)}), "claim": [one["id"] for one in listed]}
    quick, whole = snapshot.after(after, touched), after.snapshot(reader, known_at)
    assert quick.hash == whole.hash
    assert quick.events.equals(whole.events)
    assert quick.claims.sort("id").equals(whole.claims.sort("id"))


def test_a_snapshot_after_new_markings_is_the_snapshot_made_afresh(marked: MakeRegister) -> None:
    before = marked({"event": [event("a", marking="kor-jpn"), event("b", answers="event:a")]})
    after = before.with_rows({"marking": pl.DataFrame([MARKINGS[2] | {"releasable_to": "USA"}])})
    for reader in ("public", "JPN", "USA"):
        assert before.snapshot(reader).after(after, {"marking": ["kor-jpn"]}).hash == after.snapshot(reader).hash


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_hash_does_not_depend_on_the_order_of_rows(marked: MakeRegister, data: st.DataObject) -> None:
    rows = [event(f"e{at}", fatalities=str(at)) for at in range(5)]
    mixed = data.draw(st.permutations(rows))
    left, right = marked({"event": rows}).snapshot(), marked({"event": mixed}).snapshot()
    assert left.hash == right.hash
    assert left.events.equals(right.events)


def test_the_hash_tells_every_cell(marked: MakeRegister) -> None:
    base = marked({"event": [event("a", fatalities="4")]}).snapshot().hash
    assert marked({"event": [event("a", fatalities="4")]}).snapshot().hash == base
    assert marked({"event": [event("a", fatalities="5")]}).snapshot().hash != base
    assert marked({"event": [event("a", fatalities="4", locator="p. 1")]}).snapshot().hash != base
    assert marked({"event": [event("a")]}).snapshot().hash != base


def test_what_is_done_to_a_frame_does_not_reach_the_snapshot(marked: MakeRegister) -> None:
    snapshot = marked({"event": [event("a", fatalities="4"), event("b", fatalities="5")]}).snapshot()
    before, frame, table = snapshot.hash, snapshot.events, snapshot.table("event")
    frame[0, "fatalities"] = 99
    frame.insert_column(0, pl.Series("mark", [1, 2]))
    frame.extend(frame)
    frame["fatalities"][1] = 77
    table[0, "fatalities"] = "99"
    table.columns = [f"x_{name}" for name in table.columns]
    assert snapshot.events["fatalities"].to_list() == [4, 5]
    assert "mark" not in snapshot.events.columns
    assert snapshot.table("event")["fatalities"].to_list() == ["4", "5"]
    assert Snapshot(snapshot._tables, snapshot.settings, snapshot.reader, None).hash == before


def test_what_is_done_to_a_record_s_cells_does_not_reach_the_snapshot(kor: Snapshot) -> None:
    record = kor.record("agreement:kor-usa-mutual-defense-treaty-1953")
    before = dict(record.cells)
    record.cells["parties"] = "KOR"
    assert record.cells == before
    assert record["parties"] == "KOR;USA"


def test_a_register_is_not_changed_by_adding_to_it(marked: MakeRegister) -> None:
    register = marked({"event": [event("a")]})
    more = register.with_rows({"event": pl.DataFrame([event("b", source="s", confidence="high", entered_at="2026-01-01", marking="public")])})
    assert register.snapshot().events.height == 1
    assert more.snapshot().events.height == 2


# --- the shipped register -------------------------------------------------------------------------------------------------------------


def test_the_shipped_register_as_known_before_it_was_entered_is_empty(kor_register: Register) -> None:
    entered = date.fromisoformat(str(kor_register.tables["event"]["entered_at"].min()))
    before, after = kor_register.snapshot(known_at=entered - timedelta(1)), kor_register.snapshot(known_at=date(2100, 1, 1))
    assert before.events.is_empty()
    assert before.exercises.is_empty()
    assert after.hash == kor_register.snapshot().hash


def test_the_public_sees_all_of_the_shipped_register(kor_register: Register) -> None:
    assert kor_register.snapshot("public").hash == kor_register.snapshot("everything").hash == kor_register.snapshot("JPN").hash


def test_only_links_tell_whether_a_record_is_linked_to(kor_register: Register) -> None:
    assert resolve.is_linked_to(kor_register.tables, "actor", {"KOR"})
    assert resolve.is_linked_to(kor_register.tables, "agreement", {"kor-usa-mutual-defense-treaty-1953"})
    assert not resolve.is_linked_to(kor_register.tables, "agreement", {"kor-usa"})
    assert comity.Register is Register
