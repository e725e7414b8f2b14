"""The arithmetic of terms: closed forms worked out by hand, and properties for any term."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.measures.terms import Duration, Rules, ends_if_notice_on, next_noticeable, period, period_on, shift

YEAR = Duration(months=12)
GSOMIA = Rules(term=YEAR, automatic=True, renewal_term=YEAR, notice=Duration(days=90))
BEGAN = date(2016, 11, 23)

days = st.dates(date(1950, 1, 1), date(2060, 12, 31))
lengths = st.builds(Duration, months=st.integers(1, 120), days=st.integers(0, 40))
notices = st.one_of(st.none(), st.builds(Duration, months=st.integers(0, 24), days=st.integers(1, 200)))
renewing = st.builds(Rules, term=lengths, automatic=st.just(True), renewal_term=st.one_of(st.none(), lengths), notice=notices)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P5Y", Duration(60)),
        ("P90D", Duration(days=90)),
        ("P1Y6M", Duration(18)),
        ("P2W", Duration(days=14)),
        ("", None),
        (None, None),
        ("P", None),
        ("5 years", None),
        ("P0D", None),
    ],
)
def test_durations_are_read_or_refused(text: str | None, expected: Duration | None) -> None:
    assert Duration.parse(text) == expected


def test_durations_read_as_people_say_them() -> None:
    assert (Duration(18, 1).words.en, Duration(18, 1).words.ko) == ("1 year 6 months 1 day", "1년 6개월 1일")


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert shift(date(2024, 8, 31), Duration(6)) == date(2025, 2, 28)
    assert shift(date(2024, 2, 29), YEAR) == date(2025, 2, 28)
    assert shift(date(2024, 3, 31), Duration(1), back=True) == date(2024, 2, 29)


def test_a_period_of_one_year_ends_on_the_eve_of_its_day() -> None:
    first = period(BEGAN, GSOMIA, 0)
    assert first is not None
    assert (first.end, first.renewal) == (date(2017, 11, 22), date(2017, 11, 23))


def test_notice_days_of_2019_and_2026_are_the_24th_of_august() -> None:
    """In 2019 the press gave 24 August as the last day for notice; 31 + 30 + 29 days lie between 24 August and 22 November."""
    for year in (2019, 2026):
        found = period_on(BEGAN, GSOMIA, date(year, 6, 1))
        assert found is not None
        assert found.notice == date(year, 8, 24)
        assert (found.end - found.notice).days == 90


def test_a_missed_notice_reaches_the_next_period() -> None:
    missed = next_noticeable(BEGAN, GSOMIA, date(2026, 8, 25))
    assert missed is not None
    assert missed.notice == date(2027, 8, 24)
    assert ends_if_notice_on(BEGAN, GSOMIA, date(2026, 8, 24)) == date(2026, 11, 22)
    assert ends_if_notice_on(BEGAN, GSOMIA, date(2026, 8, 25)) == date(2027, 11, 22)


def test_month_ends_do_not_drift_over_renewals() -> None:
    leap = Rules(term=YEAR, automatic=True)
    ends = [found.end for n in range(5) if (found := period(date(2020, 2, 29), leap, n))]
    assert ends == [date(2021, 2, 27), date(2022, 2, 27), date(2023, 2, 27), date(2024, 2, 28), date(2025, 2, 27)]


def test_a_fixed_last_day_beats_the_length_and_does_not_renew() -> None:
    fixed = Rules(term=Duration(60), expires=date(2030, 12, 31))
    assert [period(date(2024, 11, 29), fixed, n) is None for n in (0, 1)] == [False, True]
    over = period_on(date(2024, 11, 29), fixed, date(2035, 1, 1))
    assert over is not None
    assert (over.end, over.renewal) == (date(2030, 12, 31), None)


def test_what_is_unknown_has_no_period() -> None:
    assert period_on(BEGAN, Rules(), date(2026, 1, 1)) is None
    assert period_on(None, GSOMIA, date(2026, 1, 1)) is None
    assert next_noticeable(BEGAN, Rules(term=YEAR, automatic=True), date(2026, 1, 1)) is None
    assert ends_if_notice_on(BEGAN, Rules(indefinite=True), date(2026, 1, 1)) is None


@given(start=days, rules=renewing, later=st.integers(0, 20000))
def test_every_day_lies_in_one_period(start: date, rules: Rules, later: int) -> None:
    day = start + timedelta(days=later)
    found = period_on(start, rules, day)
    assert found is not None
    assert found.renewal == found.end + timedelta(days=1)
    assert day <= found.end
    walked = []
    while not walked or walked[-1].end < day:
        walked.append(period(start, rules, len(walked)) or found)
    assert walked[-1] == found
    assert all(earlier.end < later_one.end for earlier, later_one in pairwise(walked))


@given(start=days, rules=renewing, later=st.integers(0, 8000))
def test_notice_given_on_a_day_ends_it_no_sooner_than_the_notice(start: date, rules: Rules, later: int) -> None:
    day = start + timedelta(days=later)
    end = ends_if_notice_on(start, rules, day)
    if rules.notice is None:
        assert end is None
    else:
        assert end is not None
        assert shift(end, rules.notice, back=True) >= day
