"""Scenarios: what a file may say, every fault with its line and all at once, and what changes do to a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.scenarios.applying import changed
from comity.models.scenarios.calendar import Calendar, Entry
from comity.models.scenarios.reading import parsed
from comity.models.scenarios.scenario import AddExercise, AddTalks, Cancel, Change, Day, Move, Remove, Scale, Scenario, Which, read_scenario, scenarios_of
from comity.vocab.errors import NoScenario
from comity.vocab.text import Text

AS_OF = date(2026, 11, 22)
TITLE = "title: {en: A, ko: 가}\n"
KOR = Path(__file__).resolve().parents[2] / "src" / "comity" / "data" / "kor"


def entry(series: str, start: date, days: int = 10, *, main: bool = True) -> Entry:
    return Entry("exercise", f"exercise:{series}-{start.year}", start, start + timedelta(days=days), main, "expected", series, f"exercise:{series}-2026")


SPRING, AUTUMN = entry("spring", date(2027, 3, 9)), entry("autumn", date(2027, 8, 17))
BASE: Calendar = (SPRING, AUTUMN)


def scenario(*changes: Change, days: int = 365) -> Scenario:
    return Scenario(Text("A", "가"), changes, days)


def after(*changes: Change, days: int = 365) -> Calendar:
    made, faults = changed(BASE, scenario(*changes, days=days), AS_OF)
    assert not faults
    return made


def codes(text: str) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.field) for fault in parsed(text.encode(), "x.yaml").faults]


def test_every_kind_of_change_is_read() -> None:
    text = TITLE + (
        "horizon_days: 200\nchanges:\n- cancel: spring-2027\n- cancel: {series: spring, from: 03-01, to: 2027-04-01}\n"
        "- move: {exercise: 'exercise:x', by_days: -7}\n- move: {series: spring, to: 05-02}\n- scale: {series: spring, main: no}\n"
        "- add_exercise: {start: 06-01, end: 06-05, main: false}\n- add_talks: {date: 2027-03-10, summit: true}\n- add_talks: {days: [03-10, 03-12]}\n"
        "- add_summit: {date: 07-01}\n- remove: {what: talks, from: 05-01, to: 06-01}\n"
    )
    found = parsed(text.encode(), "x.yaml")
    assert not found.faults
    assert (found.title, found.horizon_days) == (Text("A", "가"), 200)
    place = [{"line": 4 + at, "field": f"changes[{at + 1}].{name}"} for at, name in enumerate(
        ["cancel", "cancel", "move", "move", "scale", "add_exercise", "add_talks", "add_talks", "add_summit", "remove"]
    )]  # fmt: skip
    assert found.changes == (
        Cancel(Which("spring-2027"), **place[0]),
        Cancel(Which(series="spring", first=Day(3, 1), last=Day(4, 1, 2027)), **place[1]),
        Move(Which("exercise:x"), -7, **place[2]),
        Move(Which(series="spring"), None, Day(5, 2), **place[3]),
        Scale(Which(series="spring"), False, **place[4]),
        AddExercise(Day(6, 1), Day(6, 5), False, **place[5]),
        AddTalks((Day(3, 10, 2027),), True, **place[6]),
        AddTalks((Day(3, 10), Day(3, 12)), **place[7]),
        AddTalks((Day(7, 1),), True, **place[8]),
        Remove("talks", Day(5, 1), Day(6, 1), **place[9]),
    )


def test_all_faults_of_a_file_are_told_at_once_with_their_lines() -> None:
    text = (
        "titel: x\nhorizon_days: 0\nchanges:\n- move: {series: a}\n- move: {series: a, by_days: 3, to: 03-01}\n- scale: {series: a, main: perhaps}\n"
        "- add_exercise: {start: 13-40, ende: 3}\n- add_talks: {days: [02-29, 02-30]}\n- frob: 3\n- {}\n- {cancel: a, remove: b}\n- cancel: {exercise: a, series: b}\n"
        "- remove: {what: all, from: 03-01}\n- 3\n"
    )
    assert codes(text) == [
        ("unknown-field", 1, "titel"), ("missing", 1, "title"), ("no-number", 2, "horizon_days"), ("one-of-two", 4, "changes[1].move"),
        ("one-of-two", 5, "changes[2].move"), ("no-flag", 6, "changes[3].scale.main"), ("unknown-field", 7, "changes[4].add_exercise.ende"),
        ("no-day", 7, "changes[4].add_exercise.start"), ("no-day", 8, "changes[5].add_talks.days[2]"), ("unknown-field", 9, "changes[6].frob"),
        ("one-change", 10, "changes[7]"), ("one-change", 11, "changes[8]"), ("one-of-two", 12, "changes[9].cancel"), ("unknown-value", 13, "changes[10].remove.what"),
        ("missing", 13, "changes[10].remove.to"), ("no-mapping", 14, "changes[11]"),
    ]  # fmt: skip
    for fault in parsed(text.encode(), "x.yaml").faults:
        assert fault.file == "x.yaml"
        assert fault.what.ko != fault.what.en
        assert fault.mend.ko


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "no-mapping"), (b"a: [", "not-yaml"), (b"\xff\xfe\x00", "not-yaml"), (b"title: {en: A}\nchanges: []", "missing"),
        (b"title: {en: A, ko: B}", "missing"), (b"title: {en: A, ko: B}\nchanges: {a: 1}", "no-list"), (b"title: {en: A, ko: B}\ntitle: x\nchanges: []", "field-twice"),
        (b"title: {en: '', ko: B}\nchanges: []", "no-words"), (b"title: {en: [1], ko: B}\nchanges: []", "no-value"), (b"[" * 3000, "not-yaml"),
        (b"a: &a [*a]", "unknown-field"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_a_fault_and_no_crash(text: bytes, code: str) -> None:
    assert code in [fault.code for fault in parsed(text, "x.yaml").faults]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_give_a_scenario_with_its_faults(data: bytes) -> None:
    found = parsed(data, "x.yaml")
    assert found.changes == () or found.title


yaml_words = st.sampled_from(
    ["cancel", "move", "series", "exercise", "by_days", "to", "03-10", "2027-02-30", "-5", "main", "true", "[]", "{}", "null", "~", "1e9"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(yaml_words, yaml_words, yaml_words), max_size=4))
def test_near_scenarios_give_faults_and_no_crash(items: list[tuple[str, str, str]]) -> None:
    text = TITLE + "changes:\n" + "".join(f"- {one}: {{{other}: {value}}}\n" for one, other, value in items)
    found = parsed(text.encode(), "x.yaml")
    made, faults = changed(BASE, found, AS_OF)
    assert len(found.changes) + len(found.faults) + len(faults) >= len(items) or not items
    assert set(made) <= set(BASE) or found.changes


def test_days_of_the_year_mean_the_next_one() -> None:
    assert Day(11, 22).after(AS_OF) == date(2027, 11, 22)
    assert Day(11, 23).after(AS_OF) == date(2026, 11, 23)
    assert Day(2, 29).after(AS_OF) == date(2028, 2, 29)
    assert Day(3, 1, 2020).after(AS_OF) == date(2020, 3, 1)


def test_changes_do_what_they_say() -> None:
    assert after() == BASE
    assert after(Cancel(Which(series="spring"))) == (AUTUMN,)
    assert after(Cancel(Which("spring-2027"))) == after(Cancel(Which("exercise:spring-2027"))) == (AUTUMN,)
    assert after(Cancel(Which(series="spring", first=Day(3, 1), last=Day(3, 31)))) == (AUTUMN,)
    assert after(Move(Which(series="spring"), 31)) == (SPRING.shifted(31), AUTUMN)
    assert after(Move(Which(series="spring"), to=Day(9, 1))) == (AUTUMN, SPRING.shifted(176))
    assert after(Scale(Which(series="spring"), False))[0].main is False
    added = after(AddExercise(Day(6, 1), Day(6, 5), False))[1]
    assert (added.what, added.start, added.end, added.main, added.basis) == ("exercise", date(2027, 6, 1), date(2027, 6, 5), False, "added")
    talks = after(AddTalks((Day(5, 1), Day(5, 8)), True))
    assert [(one.what, one.start, one.main) for one in talks if one.basis == "added"] == [("talks", date(2027, 5, 1), True), ("talks", date(2027, 5, 8), True)]
    assert after(Remove("main_exercises", Day(3, 1), Day(12, 31))) == ()
    assert after(Remove("other_drills", Day(3, 1), Day(12, 31))) == BASE
    assert after(AddTalks((Day(5, 1),)), Remove("talks", Day(4, 1), Day(6, 1))) == BASE


def test_later_changes_see_earlier_ones() -> None:
    assert after(Move(Which(series="spring"), 31), Cancel(Which(series="spring", first=Day(4, 1), last=Day(4, 30)))) == (AUTUMN,)


def test_a_span_may_run_over_the_new_year() -> None:
    assert after(AddExercise(Day(12, 28), Day(1, 3)))[0].days == 7


def test_what_does_not_fit_the_calendar_is_told_and_the_rest_is_done() -> None:
    twice = (*BASE, entry("spring", date(2027, 9, 1)))
    wrong = scenario(
        Cancel(Which("nothing"), line=3), Move(Which(series="spring"), to=Day(5, 1), line=4), AddTalks((Day(1, 1, 2031),), line=5),
        AddExercise(Day(6, 5, 2027), Day(6, 1, 2027), line=6), Move(Which(series="autumn"), -366, line=7), Cancel(Which(series="autumn")),
    )  # fmt: skip
    made, faults = changed(twice, wrong, AS_OF)
    assert [(fault.code, fault.row) for fault in faults] == [
        ("not-in-calendar", 3),
        ("several", 4),
        ("outside-horizon", 5),
        ("ends-first", 6),
        ("outside-horizon", 7),
    ]
    assert "spring-2027" in faults[0].mend.en
    assert made == (SPRING, twice[2])


def test_the_digest_is_that_of_what_it_says() -> None:
    one, other = scenario(Cancel(Which("a"), line=3)), scenario(Cancel(Which("a"), line=9, field="changes[4].cancel"))
    assert one.digest == other.digest
    assert one.digest != scenario(Cancel(Which("b"))).digest
    assert one.digest != scenario(Cancel(Which("a")), days=200).digest


def test_scenarios_are_found_by_path_or_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TITLE + "changes: []\n", encoding="utf-8")
    assert read_scenario(path).title == Text("A", "가")
    for name in scenarios_of(KOR):
        assert not read_scenario(name, KOR).faults
    assert len(scenarios_of(KOR)) >= 3
    with pytest.raises(NoScenario) as error:
        read_scenario("none", KOR)
    assert "talks-in-march" in error.value.in_("ko")
    with pytest.raises(NoScenario):
        read_scenario("../kor/scenarios/talks-in-march", KOR / "none")
    with pytest.raises(NoScenario):
        read_scenario(tmp_path)
