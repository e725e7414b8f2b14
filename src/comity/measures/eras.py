"""In which eras did military diplomacy go faster or slower, and which mechanisms and partners made the difference?

Read from acts of series believed complete (see `coverage`). Each year's count is set against what the series covered in that year would
have held at their own usual rates; the eras are spans in which that ratio is constant. So a series that enters the record, with its
founding or with better recording, raises the expectation as much as the count and makes no era by itself. The table `with_foundings`
reads foundings and endings as rises and falls. It does not say why a rate changed, nor anything of what is not covered.
Conditioning on each series' total as in conditional Poisson regression: Hausman, Hall & Griliches (1984, Econometrica).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.activity import MECHANISM_LABELS, ActivitySettings, acts
from comity.measures.coverage import covered_spans, covered_years, left_out
from comity.measures.result import Result, result
from comity.measures.segmentation import Segmentation, SegmentationSettings, segmentation
from comity.measures.tie_settings import MECHANISMS
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

Floats = npt.NDArray[np.float64]
OVER = ("ended", "renamed", "merged", "suspended")
CHANGE = pl.List(pl.Struct({"name": pl.String, "before": pl.Float64, "after": pl.Float64, "change": pl.Float64}))
ROWS: dict[str, Any] = {
    "start": pl.Int64, "end": pl.Int64, "start_low": pl.Int64, "start_high": pl.Int64, "rate": pl.Float64, "rate_before": pl.Float64,
    "ratio": pl.Float64, "ratio_low": pl.Float64, "ratio_high": pl.Float64, "mechanisms": CHANGE, "partners": CHANGE, "count": pl.Int64,
    "coverage_share": pl.Float64, "records": pl.List(pl.String),
}  # fmt: skip
YEARS: dict[str, Any] = {"year": pl.Int64, "count": pl.Int64, "expected": pl.Float64, "fitted": pl.Float64, "scopes": pl.Int64, "records": pl.List(pl.String)}
SENSITIVITY: dict[str, Any] = {"reading": pl.String, "factor": pl.Float64, "penalty": pl.Float64, "breaks": pl.Int64}


@dataclass(frozen=True)
class EraSettings:
    """Parameters of eras (method 7)."""

    segmentation: SegmentationSettings = field(default_factory=SegmentationSettings)
    activity: ActivitySettings = field(default_factory=ActivitySettings)
    top: int = 5  # mechanisms and partners named in each era


@dataclass(frozen=True)
class Panel:
    """Covered acts by series (or kind) and year, and the share of each year in which it is covered."""

    years: npt.NDArray[np.int64]
    keys: pl.DataFrame
    counts: Floats
    exposure: Floats
    covered: pl.DataFrame
    every: pl.DataFrame

    @property
    def usual(self) -> Floats:
        """Each series' own acts a covered year."""
        rates: Floats = self.counts.sum(axis=1) / self.exposure.sum(axis=1)
        return rates

    @property
    def expected(self) -> Floats:
        """Acts a year that the covered series would hold at their usual rates."""
        expected: Floats = self.usual @ self.exposure
        return expected


def eras(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: EraSettings | None = None) -> Result:
    """Eras of the covered activity of `home` up to `as_of`, first to last.

    Rows: `start`, `end` (years), `start_low`, `start_high` (90 % interval; null for the first), `rate` (acts a covered series and year, at
    the mix of series of the whole window), `rate_before`, `ratio`, `ratio_low`, `ratio_high` (conditional on each series' total, widened by
    the overdispersion; null where no series spans both eras), `mechanisms` and `partners` that changed most (`before`, `after`: acts over
    what was usual; `change`: acts a year above or below it), `count`, `coverage_share` (covered among all dated acts), `records`.
    Tables: `mechanisms` (the same for each mechanism that is covered), `with_foundings`, `years`, `sensitivity`, `left_out`.
    """
    chosen, country = settings or EraSettings(), home or snapshot.home
    done = acts(snapshot, country, as_of, chosen.activity)
    panel = _panel(done, covered_years(covered_spans(snapshot, trusted=chosen.activity.trusted), as_of), as_of)
    if panel is None:
        empty = pl.DataFrame(schema=ROWS)
        return result(
            "eras", snapshot, empty, as_of=as_of, home=country, settings=chosen, notes=(_NOT_ENOUGH,), tables={"left_out": left_out(done, "mechanism")}
        )
    readings = {"covered": panel, "with_foundings": _with_foundings(panel, snapshot, as_of)} | {name: _only(panel, name) for name in _mechanisms(panel)}
    cuts = {name: _cut(part, chosen) for name, part in readings.items()}
    rows = {name: _rows(part, cuts[name], chosen) for name, part in readings.items()}
    apart = [rows[name].with_columns(mechanism=pl.lit(name)) for name in _mechanisms(panel)]
    tables = {
        "mechanisms": pl.concat(apart),
        "with_foundings": rows["with_foundings"],
        "years": _years(panel, cuts["covered"]),
        "sensitivity": _sensitivity(cuts),
        "left_out": left_out(done, "mechanism"),
    }
    return result("eras", snapshot, rows["covered"], as_of=as_of, home=country, settings=chosen, notes=_notes(panel, rows), tables=tables)


def _panel(done: pl.DataFrame, open_years: pl.DataFrame, as_of: date) -> Panel | None:
    """Counts and exposure by series and mechanism; None where nothing is covered."""
    dated = done.filter(pl.col("day").is_not_null())
    covered = dated.filter(pl.col("standing") == "covered")
    if covered.is_empty():
        return None
    keys = covered.select("scope", "mechanism").unique().sort("scope", "mechanism")
    spans = open_years.filter(pl.col("scope").is_in(keys["scope"].implode()))
    years = np.arange(min(spans["year"]), as_of.year + 1)
    at = {key: place for place, key in enumerate(keys.iter_rows())}
    counts, exposure = np.zeros((len(at), len(years))), np.zeros((len(at), len(years)))
    for scope, mechanism, year in covered.select("scope", "mechanism", "year").iter_rows():
        counts[at[scope, mechanism], year - years[0]] += 1
    known: dict[str, list[int]] = {}
    for scope, year in spans.iter_rows():
        known.setdefault(scope, []).append(year - int(years[0]))
    for (scope, _), place in at.items():
        exposure[place, known[scope]] = 1.0
    exposure[:, -1] *= _season(covered, keys, as_of)
    open_now = exposure.sum(axis=0) > 0
    every = dated.filter(pl.col("year").is_in(years[open_now].tolist()))
    return Panel(years[open_now], keys, counts[:, open_now], exposure[:, open_now], covered, every)


def _season(covered: pl.DataFrame, keys: pl.DataFrame, as_of: date) -> Floats:
    """Share of a year's acts that each series holds by the day of `as_of`: its own earlier years, and the calendar as one act more."""
    last = date(as_of.year, 12, 31).timetuple().tm_yday
    passed = as_of.timetuple().tm_yday / last
    earlier = covered.filter(pl.col("year") < as_of.year).with_columns(by_now=pl.col("day").dt.ordinal_day() <= as_of.timetuple().tm_yday)
    seen = earlier.group_by("scope", "mechanism").agg(n=pl.len(), k=pl.col("by_now").sum())
    share = (pl.col("k").fill_null(0) + passed) / (pl.col("n").fill_null(0) + 1)
    return keys.join(seen, on=["scope", "mechanism"], how="left", maintain_order="left").select(share=share)["share"].to_numpy()


def _mechanisms(panel: Panel) -> list[str]:
    present = set(panel.keys["mechanism"])
    return [name for name in MECHANISMS if name in present]


def _only(panel: Panel, mechanism: str) -> Panel:
    """The panel of one mechanism, in the years in which any of its series is covered."""
    chosen = (panel.keys["mechanism"] == mechanism).to_numpy()
    open_now = panel.exposure[chosen].sum(axis=0) > 0
    years = panel.years[open_now]
    one = pl.col("mechanism") == mechanism
    every = panel.every.filter(one & pl.col("year").is_in(years.tolist()))
    return Panel(years, panel.keys.filter(one), panel.counts[chosen][:, open_now], panel.exposure[chosen][:, open_now], panel.covered.filter(one), every)


def _with_foundings(panel: Panel, snapshot: Snapshot, as_of: date) -> Panel:
    """The panel in which a covered series counts as 0 before it was founded and after it ended.

    A series is founded within its coverage when no source puts its first edition earlier; it has ended when its status says so and its
    last edition lies within the coverage. Sound for the series listed; a decade whose short-lived series were never listed looks poorer.
    """
    columns = ["scope", "first_held_earliest", "last_held_latest", "status"]
    series = pl.concat([snapshot.frame(kind).with_columns(scope="series:" + pl.col("id")).select(columns) for kind in ("exercise_series", "dialogue_series")])
    told = {scope: rest for scope, *rest in series.iter_rows()}
    exposure = panel.exposure.copy()
    for place, scope in enumerate(panel.keys["scope"]):
        if scope not in told:
            continue
        first, last, status = told[scope]
        known = np.flatnonzero(panel.exposure[place])
        if first is not None and first.year >= panel.years[known[0]]:
            exposure[place, : known[0]] = 1.0
        if status in OVER and last is not None and last <= as_of and last.year <= panel.years[known[-1]]:
            exposure[place, known[-1] + 1 :] = 1.0
    return replace(panel, exposure=exposure)


def _cut(panel: Panel, settings: EraSettings) -> Segmentation:
    return segmentation(panel.counts.sum(axis=0), panel.expected, settings.segmentation)


def _rows(panel: Panel, cut: Segmentation, settings: EraSettings) -> pl.DataFrame:
    starts = np.array(cut.starts)
    held, open_for = np.add.reduceat(panel.counts, starts, axis=1), np.add.reduceat(panel.exposure, starts, axis=1)
    levels = _levels(held, open_for)
    base = panel.counts.sum() / panel.exposure.sum()
    ends = [*(starts[1:] - 1), len(panel.years) - 1]
    listed = []
    for era, (first, last) in enumerate(zip(starts, ends, strict=True)):
        start, end = int(panel.years[first]), int(panel.years[last])
        inside = pl.col("year").is_between(start, end)
        records = panel.covered.filter(inside)["ref"].sort()
        row = {"start": start, "end": end, "rate": levels[era] * base, "count": int(held[:, era].sum()), "records": records.to_list()}
        row["coverage_share"] = len(records) / panel.every.filter(inside).height
        if era:
            low, high = cut.low[era], cut.high[era]
            row |= {"start_low": int(panel.years[low]), "start_high": int(panel.years[high]), "rate_before": levels[era - 1] * base}
            row |= _ratio(held, open_for, levels, era, cut.dispersion, settings.segmentation.interval)
            row |= {name: _changed(panel, name, starts, era, settings.top) for name in ("mechanisms", "partners")}
        listed.append({name: row.get(name) for name in ROWS})
    return pl.DataFrame(listed, schema=ROWS, orient="row")


def _levels(held: Floats, open_for: Floats) -> Floats:
    """Level of each era against the whole, and with it each series' own rate: maximum likelihood of acts ~ Poisson(level·rate·years), by turns."""
    level = np.ones(held.shape[1])
    for _ in range(200):
        rate = held.sum(axis=1) / (open_for @ level)
        level = held.sum(axis=0) / (rate @ open_for)
        level /= (open_for.sum(axis=0) @ level) / open_for.sum()
    return level


def _ratio(held: Floats, open_for: Floats, level: Floats, era: int, dispersion: float, interval: tuple[float, float]) -> dict[str, float | None]:
    """Ratio to the era before, with the interval of its logarithm.

    Given a series' total, its acts fall on the eras as a multinomial with weights level·years: the series' own rates drop out, and a
    series that lived in one era alone says nothing of the ratio.
    """
    if not level[era - 1] or not level[era]:
        return {"ratio": float(level[era] / level[era - 1]) if level[era - 1] else None, "ratio_low": None, "ratio_high": None}
    weight = open_for * level
    share = weight / weight.sum(axis=1, keepdims=True)
    total = held.sum(axis=1)
    information = np.diag(total @ share) - (share * total[:, None]).T @ share
    contrast = np.zeros(len(level))
    contrast[era - 1], contrast[era] = -1.0, 1.0
    inverse = np.linalg.pinv(information, hermitian=True, rcond=1e-9)
    if not np.allclose(information @ inverse @ contrast, contrast, atol=1e-6):
        return {"ratio": None, "ratio_low": None, "ratio_high": None}
    spread = float(np.sqrt(max(dispersion, 1.0) * contrast @ inverse @ contrast))
    log = float(np.log(level[era] / level[era - 1]))
    low, high = (float(np.exp(log + NormalDist().inv_cdf(edge) * spread)) for edge in interval)
    return {"ratio": float(np.exp(log)), "ratio_low": low, "ratio_high": high}


def _changed(panel: Panel, by: str, starts: npt.NDArray[np.int64], era: int, top: int) -> list[dict[str, Any]]:
    """Mechanisms or partners whose acts moved most against what their series usually hold, from the era before to this one."""
    bounds = [*starts, len(panel.years)]
    before, now = slice(bounds[era - 1], bounds[era]), slice(bounds[era], bounds[era + 1])
    named = panel.covered.explode("partners") if by == "partners" else panel.covered
    named = named.rename({"partners": "name"} if by == "partners" else {"partners": "_", "mechanism": "name"}).drop_nulls("name")
    place = {scope: at for at, scope in enumerate(panel.keys["scope"])}
    lived = panel.exposure.sum(axis=1)
    moved: list[dict[str, Any]] = []
    for (name,), part in named.group_by("name"):
        acts_in = np.array([part.filter(pl.col("year").is_in(panel.years[span].tolist())).height for span in (before, now)], dtype=np.float64)
        usual = np.zeros(2)
        for scope, count in part.group_by("scope").len().iter_rows():
            at = place[scope]
            usual += [count / lived[at] * panel.exposure[at, span].sum() for span in (before, now)]
        years = np.array([before.stop - before.start, now.stop - now.start])
        excess = (acts_in - usual) / years
        index = [float(a / u) if u else None for a, u in zip(acts_in, usual, strict=True)]
        moved.append({"name": str(name), "before": index[0], "after": index[1], "change": float(excess[1] - excess[0])})
    return sorted(moved, key=lambda row: (-abs(row["change"]), row["name"]))[:top]


def _years(panel: Panel, cut: Segmentation) -> pl.DataFrame:
    """Each year's covered count, what was usual, and what the era's rate gives."""
    rates = np.repeat(cut.rates, np.diff([*cut.starts, len(panel.years)]))
    records = panel.covered.group_by("year").agg(records=pl.col("ref").sort())
    frame = pl.DataFrame(
        {
            "year": panel.years,
            "count": panel.counts.sum(axis=0).astype(np.int64),
            "expected": panel.expected,
            "fitted": rates * panel.expected,
            "scopes": (panel.exposure > 0).sum(axis=0),
        }
    )
    return (
        frame.join(records, on="year", how="left")
        .with_columns(pl.col("records").fill_null([]))
        .select([pl.col(name).cast(dtype) for name, dtype in YEARS.items()])
        .sort("year")
    )


def _sensitivity(cuts: dict[str, Segmentation]) -> pl.DataFrame:
    rows = [(name, factor, factor * cut.penalty, breaks) for name, cut in cuts.items() if cut.penalty is not None for factor, breaks in cut.sensitivity]
    return pl.DataFrame(rows, schema=SENSITIVITY, orient="row")


def _notes(panel: Panel, rows: dict[str, pl.DataFrame]) -> tuple[Text, ...]:
    names = [MECHANISM_LABELS[name] for name in MECHANISMS if name not in _mechanisms(panel)]
    listed = Text(", ".join(name.en for name in names), ", ".join(name.ko for name in names))
    share = f"{100 * panel.covered.height / panel.every.height:.0f}"
    first = _COVERED.format(series=panel.keys["scope"].n_unique(), n=panel.covered.height, share=share)
    one = [_ONE_ERA] if rows["covered"].height == 1 else []
    founded = rows["with_foundings"]["start"].to_list()[1:]
    one += [_FOUNDED.format(years=", ".join(map(str, founded)))] if founded else []
    return (first, *one, *((_BARE.format(mechanisms=listed),) if names else ()))


_NOT_ENOUGH = Text(
    "Not enough data for eras: no act belongs to a series believed complete.",
    "시기 구분을 위한 자료 부족: 빠짐없이 수록되었다고 보는 계열에 속한 활동이 없습니다.",
)
_COVERED = Text(
    "Eras are those of {series} covered series with {n} acts, {share} % of the dated acts of these years.",
    "시기 구분은 빠짐없이 수록된 계열 {series}개의 활동 {n}건(해당 기간 날짜가 있는 활동의 {share}%)에 따른 것입니다.",
)
_ONE_ERA = Text(
    "No change of pace within the covered series can be told from chance; foundings and endings of series are read apart.",
    "수록 계열 안에서는 우연과 구별되는 속도 변화가 없습니다. 계열의 신설과 종료는 따로 봅니다.",
)
_FOUNDED = Text(
    "With foundings and endings of the listed series counted, the pace changes in {years}; series that were never listed are missing from this.",
    "수록 계열의 신설과 종료까지 세면 {years}년에 속도가 바뀝니다. 목록에 오르지 않은 계열은 여기에 빠져 있습니다.",
)
_BARE = Text("Without eras, as nothing of them is known to be complete: {mechanisms}.", "빠짐없이 수록된 범위가 없어 시기를 나누지 않은 수단: {mechanisms}.")
