"""How did third parties behave towards the home country after it moved towards a bloc?

Own moves are the home country's exercises and signed agreements with members of a bloc; the answer is the change of a third party's
cooperation balance (cooperative less conflictual events towards the home country) from the window before to the window after. Placebo
moves keep the season and draw the year anew. It shows what followed, not what it caused: moves answer events as well, and windows of
later moves overlap. Where a dyad has too few events it says so instead of a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.balance_settings import BalanceSettings, Bloc
from comity.measures.draws import Floats
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

MONTH = 31
YEAR = 365.25
SCHEMA: dict[str, pl.DataType] = {
    "third_party": pl.String(), "bloc": pl.String(), "moves": pl.Int64(), "events": pl.Int64(), "before": pl.Float64(), "after": pl.Float64(),
    "change": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "p": pl.Float64(), "reason_en": pl.String(), "reason_ko": pl.String(),
    "records": pl.List(pl.String),
}  # fmt: skip
Days = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Windows:
    """Sums of an event balance in windows before and after a day, from its running total."""

    total: Floats
    first: int
    last: int
    width: int

    def before(self, days: Days) -> Floats:
        """Balance in the `width` days before each day."""
        return np.asarray(self.total[days - self.first] - self.total[days - self.first - self.width], dtype=np.float64)

    def after(self, days: Days) -> Floats:
        """Balance in the `width` days from each day on."""
        return np.asarray(self.total[days - self.first + self.width] - self.total[days - self.first], dtype=np.float64)

    def inside(self, days: Days) -> npt.NDArray[np.bool_]:
        """Whether both windows of a day lie inside the span."""
        return (days - self.width >= self.first) & (days + self.width - 1 <= self.last)


def reactions(snapshot: Snapshot, home: str, blocs: list[Bloc], as_of: date, settings: BalanceSettings) -> pl.DataFrame:
    """Change of each third party's balance towards `home` after own moves towards each bloc that it is not in.

    Rows: `third_party` (members of the other blocs and the package's adversaries), `bloc`, `moves`, `events` (numbers used), `before`,
    `after` (mean balance in the windows, events), `change`, `low`, `high` (5-95 % of the mean change around placebo moves), `p`
    (two-sided, of the placebo distribution), `reason_en`, `reason_ko` (where there is no number), `records` (moves and events).
    """
    adversaries = [code for code in snapshot.settings.get("adversaries", []) if code != home]
    rows = []
    for bloc in blocs:
        others = dict.fromkeys(member for other in blocs if other.name != bloc.name for member in other.members if member not in bloc.members)
        thirds = dict.fromkeys((*others, *(code for code in adversaries if code not in bloc.members)))
        moves = _own_moves(snapshot, home, bloc, list(thirds), as_of)
        rows += [_reaction(third, bloc, moves, _answers(snapshot, home, third, as_of, settings), as_of, settings) for third in thirds]
    return pl.DataFrame(rows, schema=SCHEMA)


def _dated(frame: pl.DataFrame, field: str, as_of: date) -> pl.DataFrame:
    """Records known to the month at least, begun by the day; coarser dates enter no window."""
    precise = (pl.col(f"{field}_latest") - pl.col(f"{field}_earliest")).dt.total_days() < MONTH
    return frame.with_columns(day=midpoint(field)).filter(precise & (pl.col("day") <= as_of))


def _own_moves(snapshot: Snapshot, home: str, bloc: Bloc, thirds: list[str], as_of: date) -> pl.DataFrame:
    """Exercises held and agreements signed with the bloc and without any third party: a forum of all sides is a move towards none."""
    exercises = _dated(snapshot.counted("exercise"), "start", as_of).filter(pl.col("status").is_in(["conducted", "scaled_down"]))
    agreements = _dated(snapshot.counted("agreement"), "signed", as_of)
    named = [
        exercises.select("day", ref="exercise:" + pl.col("id"), who="participants"),
        agreements.select("day", ref="agreement:" + pl.col("id"), who="parties"),
    ]
    shared = pl.col("who").list.contains(home) & (pl.col("who").list.set_intersection(bloc.members).list.len() > 0)
    apart = pl.col("who").list.set_intersection(thirds).list.len() == 0
    return pl.concat(named).filter(shared & apart).select("day", "ref").sort("day", "ref")


def _answers(snapshot: Snapshot, home: str, third: str, as_of: date, settings: BalanceSettings) -> pl.DataFrame:
    """Events of the third party towards home: +1 for a cooperative, −1 for a conflictual one."""
    events = _dated(snapshot.counted("event"), "start", as_of)
    towards = events.filter(
        pl.col("source_actors").list.contains(third) & ~pl.col("source_actors").list.contains(home) & pl.col("target_actors").list.contains(home)
    )
    sign = pl.when(pl.col("event_type").is_in(settings.cooperative)).then(1).when(pl.col("event_type").is_in(settings.conflictual)).then(-1)
    return towards.select("day", ref="event:" + pl.col("id"), sign=sign).drop_nulls("sign").sort("day", "ref")


def _reaction(third: str, bloc: Bloc, moves: pl.DataFrame, answers: pl.DataFrame, as_of: date, settings: BalanceSettings) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SCHEMA) | {"third_party": third, "bloc": bloc.name, "events": answers.height}
    spaced = _spaced(_numbers(moves["day"]), settings.apart_days)
    if answers.height:
        windows = _windows(answers, as_of, settings)
        spaced = spaced[windows.inside(spaced)]
    row |= {"moves": len(spaced), "records": [*answers["ref"], *moves["ref"]]}
    if answers.height < settings.least_events or len(spaced) < settings.least_moves:
        wanted = {"least_events": settings.least_events, "least_moves": settings.least_moves}
        reason = _NOT_ENOUGH.format(events=answers.height, moves=len(spaced), **wanted)
        return row | {"reason_en": reason.en, "reason_ko": reason.ko}
    before, after = windows.before(spaced), windows.after(spaced)
    change = float((after - before).mean())
    placebo = _placebo(spaced, windows, settings)
    low, middle, high = np.quantile(placebo, [settings.interval[0], 0.5, settings.interval[1]])
    p = (1 + int((np.abs(placebo - middle) >= abs(change - middle)).sum())) / (1 + len(placebo))
    return row | {"before": float(before.mean()), "after": float(after.mean()), "change": change, "low": float(low), "high": float(high), "p": p}


def _numbers(days: pl.Series) -> Days:
    return np.array([day.toordinal() for day in days], dtype=np.int64)


def _spaced(days: Days, apart: int) -> Days:
    """Days without those that follow the last kept one too closely."""
    kept: list[int] = []
    for day in sorted(days.tolist()):
        if not kept or day - kept[-1] >= apart:
            kept.append(day)
    return np.array(kept, dtype=np.int64)


def _windows(answers: pl.DataFrame, as_of: date, settings: BalanceSettings) -> _Windows:
    """The running balance from the first event of the dyad to the day; before it nothing is known."""
    at = _numbers(answers["day"])
    first, last = int(at.min()), as_of.toordinal()
    daily = np.bincount(at - first, weights=answers["sign"].to_numpy(), minlength=last - first + 1)
    return _Windows(np.concatenate([[0.0], np.cumsum(daily)]), first, last, settings.window_days)


def _placebo(days: Days, windows: _Windows, settings: BalanceSettings) -> Floats:
    """Mean change around as many moves in the same seasons of years drawn anew, once for each placebo."""
    rng = np.random.default_rng(settings.seed)
    early = np.ceil((windows.first + windows.width - days) / YEAR)
    late = np.floor((windows.last - windows.width + 1 - days) / YEAR)
    shift = rng.integers(early.astype(np.int64), late.astype(np.int64) + 1, size=(settings.placebos, len(days)))
    drawn = np.clip(days + np.rint(shift * YEAR).astype(np.int64), windows.first + windows.width, windows.last - windows.width + 1)
    return np.asarray((windows.after(drawn) - windows.before(drawn)).mean(axis=1), dtype=np.float64)


_NOT_ENOUGH = Text(
    "Not enough data: {events} dated events towards the home country ({least_events} wanted) and {moves} own moves inside their span ({least_moves} wanted).",
    "자료 부족: 자국에 대한 일자 확인 사건 {events}건(기준 {least_events}건), 그 기간 안의 자국 조치 {moves}건(기준 {least_moves}건).",
)
