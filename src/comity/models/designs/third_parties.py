"""What did other states do towards the home country after it moved: after each marked move, and after own moves taken together?

Marked moves are the events of `balance` (force posture, sanctions, trade and export curbs) that the home country did, alone or with others. For
each and each third party: cooperative less conflictual events towards the home country before and after, beside the same around placebo
days. A retaliation may come months later, so two widths are shown. Few states have enough events on the record; of the others the
counts are told and no more. What followed is not what the move caused.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.measures.balance import balance
from comity.measures.balance_settings import BalanceSettings
from comity.measures.tie_settings import TieSettings
from comity.models.designs.randomisation import two_sided
from comity.models.designs.settings import EffectSettings
from comity.models.provocations.act_series import Floats
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

SCHEMA: dict[str, pl.DataType] = {
    "third_party": pl.String(), "scope": pl.String(), "bloc": pl.String(), "day": pl.Date(), "move": pl.String(), "width": pl.Int64(), "moves": pl.Int64(),
    "events": pl.Int64(), "before": pl.Float64(), "after": pl.Float64(), "change": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(),
    "p": pl.Float64(), "mde": pl.Float64(), "reason_en": pl.String(), "reason_ko": pl.String(), "records": pl.List(pl.String()),
}  # fmt: skip
SEASON = 45


def third_parties(snapshot: Snapshot, home: str, as_of: date, settings: EffectSettings) -> pl.DataFrame:
    """Rows of scope `all_moves` (from `measures.reactions`) and `one_move` (each marked move, each third party, each width in days).

    `before`, `after`: cooperative less conflictual events in the window; `change`; `low`, `high`: 2.5-97.5 % of the change around placebo days of
    the same season in other years; `p` two-sided; `mde`: change found four times in five. Null with `reason_…` where a dyad has too few events.
    """
    roots = BalanceSettings(tie=TieSettings(draws=2))
    told = balance(snapshot, home, as_of=as_of, days=[min(settings.series.first, as_of)], settings=roots)
    joined = told.tables["reactions"].with_columns(scope=pl.lit("all_moves"), width=pl.lit(roots.window_days, dtype=pl.Int64), p=pl.col("p"))
    marked = told.tables["moves"].filter(pl.col("by").list.contains(home))
    others = sorted(set(joined["third_party"]) | set(_neighbours(snapshot, home, roots)))
    answers = {other: _answers(snapshot, home, other, as_of, roots) for other in others}
    rows: list[dict[str, Any]] = []
    for move in marked.unique("record", keep="first", maintain_order=True).iter_rows(named=True):
        for other in others:
            if other in move["by"] or not answers[other].height:
                continue
            rows += [_reaction(move, other, answers[other], width, as_of, settings, roots) for width in settings.reaction_days]
    single = pl.DataFrame(rows, schema=SCHEMA)
    return pl.concat([joined.select(name for name in SCHEMA if name in joined.columns), single], how="diagonal").select(SCHEMA.keys())


def _neighbours(snapshot: Snapshot, home: str, roots: BalanceSettings) -> list[str]:
    """States with events towards home that belong to no bloc and are no adversary: at least three, or nothing could be said of them."""
    towards = snapshot.counted("event").filter(
        pl.col("target_actors").list.contains(home) & pl.col("event_type").is_in([*roots.cooperative, *roots.conflictual])
    )
    counts = towards.explode("source_actors").group_by("source_actors").len().filter((pl.col("len") >= 3) & (pl.col("source_actors") != home))
    return counts["source_actors"].to_list()


def _answers(snapshot: Snapshot, home: str, third: str, as_of: date, roots: BalanceSettings) -> pl.DataFrame:
    """Events of the third party towards home, known to the month: `day`, `sign`, `ref`."""
    events = snapshot.counted("event").with_columns(day=midpoint("start"))
    known = ((pl.col("start_latest") - pl.col("start_earliest")).dt.total_days() < 31) & (pl.col("day") <= as_of)
    by = pl.col("source_actors").list.contains(third) & ~pl.col("source_actors").list.contains(home) & pl.col("target_actors").list.contains(home)
    sign = pl.when(pl.col("event_type").is_in(roots.cooperative)).then(1).when(pl.col("event_type").is_in(roots.conflictual)).then(-1)
    return events.filter(known & by).select("day", sign=sign, ref="event:" + pl.col("id")).drop_nulls("sign").sort("day", "ref")


def _reaction(
    move: dict[str, Any], third: str, answers: pl.DataFrame, width: int, as_of: date, settings: EffectSettings, roots: BalanceSettings
) -> dict[str, Any]:
    day: date = move["day"]
    near = answers.filter(pl.col("day").is_between(day - timedelta(days=width), day + timedelta(days=width - 1)))
    row: dict[str, Any] = dict.fromkeys(SCHEMA) | {"third_party": third, "scope": "one_move", "bloc": move["bloc"], "day": day, "move": move["record"]}
    row |= {"width": width, "moves": 1, "events": answers.height, "records": [move["record"], *near["ref"]]}
    if day + timedelta(days=width) > as_of + timedelta(days=1):
        return row | {"reason_en": _SOON.en, "reason_ko": _SOON.ko}
    before, after = (float(near.filter(side)["sign"].sum()) for side in (pl.col("day") < day, pl.col("day") >= day))
    row |= {"before": before, "after": after}
    if answers.height < roots.least_events:
        reason = _FEW.format(events=answers.height, least=roots.least_events)
        return row | {"reason_en": reason.en, "reason_ko": reason.ko}
    placebo = _placebo(answers, day, width, as_of)
    if len(placebo) < SEASON:
        return row | {"reason_en": _SOON.en, "reason_ko": _SOON.ko}
    low, high = np.quantile(placebo, [0.025, 0.975])
    change = after - before
    return row | {"change": change, "low": float(low), "high": float(high), "p": two_sided(change, placebo), "mde": float(2.8 * placebo.std())}


def _placebo(answers: pl.DataFrame, day: date, width: int, as_of: date) -> Floats:
    """Change around every day within 45 days of the same day of other years, both windows inside the dyad's span."""
    at = np.array([one.toordinal() for one in answers["day"]], dtype=np.int64)
    total = np.concatenate([[0.0], np.cumsum(answers["sign"].to_numpy())])
    first, last = int(at.min()) + width, as_of.toordinal() - width + 1
    years = np.array([turn for turn in range(-80, 81) if turn])
    days = (day.toordinal() + np.rint(years * 365.25).astype(np.int64)[:, None] + np.arange(-SEASON, SEASON + 1)).ravel()
    days = days[(days >= first) & (days <= last)]
    edges = [total[np.searchsorted(at, days + shift)] for shift in (-width, 0, width)]
    return np.asarray((edges[2] - edges[1]) - (edges[1] - edges[0]), dtype=np.float64)


_SOON = Text("The windows are not whole on this day.", "기준일 현재 비교 기간이 다 차지 않았음.")
_FEW = Text(
    "Not enough data: {events} dated events towards the home country ({least} wanted); the counts are told, no change is tested.",
    "자료 부족: 자국에 대한 일자 확인 사건 {events}건(기준 {least}건). 건수만 적고 변화는 검정하지 않음.",
)
