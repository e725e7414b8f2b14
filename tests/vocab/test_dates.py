"""Partial dates against an independent implementation of EDTF (undate), and the two writings of interval logic against each other."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from undate import Undate

from comity.vocab.date_columns import FAR, holds_certainly, holds_possibly, is_date, midpoint, with_bounds
from comity.vocab.dates import OPEN, PartialDate, Span, written
from comity.vocab.errors import NotADate

quick = settings(max_examples=50, deadline=None)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
near = st.dates(date(1990, 1, 1), date(1994, 12, 31))


def texts(of: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    return st.builds(lambda day, length: day.isoformat()[:length], of, st.sampled_from([4, 7, 10]))


ends = st.none() | st.just(OPEN) | texts(near)
spans = st.tuples(st.none() | texts(near), ends, st.none() | texts(near))


def bounds(text: str) -> tuple[date | None, date | None]:
    row = with_bounds(pl.DataFrame({"d": [text]}, schema={"d": pl.String}), ["d"]).row(0, named=True)
    return row["d_earliest"], row["d_latest"]


def partial(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def span(cells: tuple[str | None, str | None, str | None]) -> Span:
    return Span(*(partial(cell) for cell in cells))


def span_frame(rows: list[tuple[str | None, str | None, str | None]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("start", "end", "attested"), pl.String), orient="row")
    return with_bounds(frame, ["start", "end", "attested"])


def refused(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except NotADate:
        return True
    return False


def oracle_refuses(text: str) -> bool:
    try:
        Undate.parse(text, "EDTF")
    except Exception:  # lark's errors have no common public base
        return True
    return False


@quick
@given(texts(days))
@example("1900-02")
@example("2000-02")
@example("2024-02")
@example("2024-02-29")
@example("0001")
@example("9999-12")
def test_bounds_are_those_of_the_oracle(text: str) -> None:
    ours, theirs = PartialDate.parse(text), Undate.parse(text, "EDTF")
    assert (ours.earliest.isoformat(), ours.latest.isoformat()) == (str(theirs.earliest), str(theirs.latest))
    assert bounds(text) == (ours.earliest, ours.latest)
    assert str(ours) == text


@pytest.mark.parametrize("year", [1900, 1904, 2000, 2023, 2024, 2100])
def test_every_month_of_a_year_has_its_days(year: int) -> None:
    months = [PartialDate.parse(f"{year}-{month:02}") for month in range(1, 13)]
    assert sum((month.latest - month.earliest).days + 1 for month in months) == (PartialDate.parse(str(year)).latest - date(year, 1, 1)).days + 1
    assert all(earlier.latest + timedelta(1) == later.earliest for earlier, later in pairwise(months))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1953-13",
        "1953-00",
        "1953-02-29",
        "1900-02-29",
        "2024-02-30",
        "1953-10-00",
        "1953-10-32",
        "1953-10-0",
        "1953/10",
        "1953-10-01T00",
        "...",
        ".",
    ],
)
def test_what_the_oracle_refuses_is_refused_twice(text: str) -> None:
    assert oracle_refuses(text)
    assert refused(text)
    assert bounds(text) == (None, None)


@pytest.mark.parametrize(
    "text", ["53-10", "196X", "1953~", "1953?", "1953/1954", "19531", "-1953", "0000", "１９５３", "١٩٥٣", "1953-10-01\n", " 1953", "1953 ", "../1953"]
)
def test_finer_edtf_than_level_zero_is_refused_alike_by_both_writings(text: str) -> None:
    assert refused(text)
    assert bounds(text) == (None, None)


loose = st.text(alphabet="0123456789-./X~ ٣３T", max_size=11) | st.from_regex(r"\d{4}-\d{2}-\d{2}", fullmatch=True) | st.text(max_size=12)


@settings(max_examples=300, deadline=None)
@given(loose)
def test_a_text_is_a_date_in_both_writings_or_in_none(text: str) -> None:
    column = pl.DataFrame({"d": [text]}).select(is_date(pl.col("d"))).item()
    assert column is not refused(text)
    if oracle_refuses(text) and text != OPEN:
        assert refused(text)


def test_the_open_end_lies_beyond_every_day() -> None:
    still = PartialDate.parse(OPEN)
    assert (still.earliest, still.latest, str(still)) == (date.max, date.max, OPEN)
    assert bounds(OPEN) == (FAR, FAR)


def test_errors_speak_both_languages_and_name_the_text() -> None:
    with pytest.raises(NotADate) as caught:
        PartialDate.parse("autumn 1953")
    assert "autumn 1953" in caught.value.in_("en")
    assert "날짜가 아닙니다" in caught.value.in_("ko")


@quick
@given(texts(days))
def test_the_midpoint_lies_in_the_middle_on_both_writings(text: str) -> None:
    parsed = PartialDate.parse(text)
    before, after = parsed.midpoint - parsed.earliest, parsed.latest - parsed.midpoint
    assert timedelta(0) <= after - before <= timedelta(1)
    assert with_bounds(pl.DataFrame({"d": [text]}), ["d"]).select(midpoint("d")).item() == parsed.midpoint


@pytest.mark.parametrize(
    ("text", "en", "ko"),
    [
        ("1953", "1953", "1953년"),
        ("1953-10", "Oct 1953", "1953년 10월"),
        ("1953-10-01", "1 Oct 1953", "1953년 10월 1일"),
        ("..", "still", "계속"),
        ("", "", ""),
    ],
)
def test_dates_are_written_as_people_write_them(text: str, en: str, ko: str) -> None:
    assert (written(text, "en"), written(text, "ko")) == (en, ko)
    if text and text != OPEN:
        assert PartialDate.parse(text).in_("ko") == ko


@quick
@given(st.lists(spans, min_size=1, max_size=12), near)
def test_columns_say_what_spans_say(rows: list[tuple[str | None, str | None, str | None]], day: date) -> None:
    said = span_frame(rows).select(
        c=holds_certainly("start", "end", day, attested="attested"),
        p=holds_possibly("start", "end", day, attested="attested"),
        c2=holds_certainly("start", "end", day),
        p2=holds_possibly("start", "end", day),
    )
    whole = [span(row) for row in rows]
    plain = [span((start, end, None)) for start, end, _ in rows]
    assert said["c"].to_list() == [one.holds_certainly_on(day) for one in whole]
    assert said["p"].to_list() == [one.holds_possibly_on(day) for one in whole]
    assert said["c2"].to_list() == [one.holds_certainly_on(day) for one in plain]
    assert said["p2"].to_list() == [one.holds_possibly_on(day) for one in plain]


@quick
@given(st.lists(spans, min_size=1, max_size=8), st.lists(near, min_size=8, max_size=8))
def test_a_column_of_days_says_the_same_as_each_day(rows: list[tuple[str | None, str | None, str | None]], on: list[date]) -> None:
    frame = span_frame(rows).with_columns(pl.Series("on", on[: len(rows)]))
    each = [span((start, end, None)).holds_certainly_on(day) for (start, end, _), day in zip(rows, on, strict=False)]
    assert frame.select(holds_certainly("start", "end", pl.col("on"))).to_series().to_list() == each


@quick
@given(spans, near)
def test_certain_implies_possible(cells: tuple[str | None, str | None, str | None], day: date) -> None:
    if span(cells).holds_certainly_on(day):
        assert span(cells).holds_possibly_on(day)


@quick
@given(near, near, near, st.sampled_from([4, 7]), st.sampled_from([4, 7]))
def test_a_finer_date_never_turns_certain_or_impossible_around(start: date, end: date, day: date, coarse_start: int, coarse_end: int) -> None:
    coarse = Span(PartialDate.parse(start.isoformat()[:coarse_start]), PartialDate.parse(end.isoformat()[:coarse_end]))
    fine = Span(PartialDate.parse(start.isoformat()), PartialDate.parse(end.isoformat()))
    if coarse.holds_certainly_on(day):
        assert fine.holds_certainly_on(day)
    if fine.holds_possibly_on(day):
        assert coarse.holds_possibly_on(day)


@quick
@given(near, near, near)
def test_days_known_to_the_day_leave_no_doubt(start: date, end: date, day: date) -> None:
    known = Span(PartialDate.parse(start.isoformat()), PartialDate.parse(end.isoformat()))
    assert known.holds_certainly_on(day) is known.holds_possibly_on(day) is (start <= day <= end)


DAY = date(1992, 6, 15)


@pytest.mark.parametrize(
    ("cells", "certainly", "possibly"),
    [
        ((None, None, None), False, False),  # nothing is known: evidence of no day
        (("1990", None, None), False, True),  # an unknown end makes no day certain
        (("1990", OPEN, None), True, True),
        (("1992", OPEN, None), False, True),  # it may have begun after
        (("1993", OPEN, None), False, False),
        (("1990", None, "1993"), True, True),  # a later source saw it
        (("1990", None, "1992-06-15"), True, True),
        (("1990", None, "1992"), False, True),  # the source may have looked before
        (("1990", None, "1991"), False, True),
        ((None, "1993", None), False, True),  # an unknown start is no evidence of an earlier day
        ((None, "1991", None), False, False),
        ((None, "1993", "1991"), True, True),
        ((None, None, "1991"), False, True),
        (("1990", "1992", None), False, True),
        (("1990", "1992-06-15", None), True, True),
        (("1992-06-15", "1992-06-15", None), True, True),
        (("1992-06-16", "1993", None), False, False),
    ],
)
def test_open_and_unknown_ends(cells: tuple[str | None, str | None, str | None], certainly: bool, possibly: bool) -> None:
    assert (span(cells).holds_certainly_on(DAY), span(cells).holds_possibly_on(DAY)) == (certainly, possibly)
