"""Forecasts of provocations: how long they take, and the plain reference run on the coded list of provocations repeated with the product's pool.

The reference: all categories but `other` from 1990, at least one act in the 28 days from the first of each month, 2005-01 to 2024-07. The pool
is run as shipped, without covariates, with everything before the origin known. Differences have intervals from a block bootstrap.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bench.clock import Stopwatch, comity, once, python
from bench.results import Measured, Section, under

LIST = Path(__file__).resolve().parents[2] / "shared" / "reference" / "nk-provocations-csis-coded" / "records_to_2024-08-20.csv"
FIRST, LAST = date(1990, 1, 1), date(2024, 8, 20)


def measure() -> Section:
    """The track record, the command cold and warm, and the reference run."""
    record = once(python("-m", "bench.forecasts"), answers=True).answer
    once(comity("forecast"))  # computes the track record and keeps it
    warm = once(comity("forecast"))
    lines = [
        under("full track record 2005-2026: 4 classes and all together, 28 and 90 days, 7 models", record["record"], 60.0, cpu=record["record_cpu"]),
        Measured("forecast of the day, alone", record["forecast"], record["forecast_cpu"]),
        Measured("comity forecast, its track record kept from before", warm.wall, warm.cpu, warm.peak_mb),
    ]
    notes = [f"{record['forecasts']:,} forecasts kept with their outcomes."]
    if LIST.is_file():
        answer = once(python("-m", "bench.forecasts", "reference"), answers=True).answer
        lines.append(Measured("the reference run: 235 origins, pool and six rivals", answer["wall"]))
        notes += [_told(row) for row in answer["rows"]]
    return Section("forecasts", "Forecasts of provocations", lines, notes)


def _told(row: dict[str, Any]) -> str:
    difference = "" if row["brier_difference"] is None else (
        f"; less the pool {row['brier_difference']:+.4f} ({row['brier_difference_low']:+.4f} to {row['brier_difference_high']:+.4f})"
    )  # fmt: skip
    return (
        f"Reference, {row['model']}: Brier {row['brier']:.4f} ({row['brier_low']:.3f} to {row['brier_high']:.3f}), log score {row['log_score']:.4f}, "
        f"AUC {row['auc']:.3f}, mean probability {row['mean_probability']:.3f} against {row['base_rate']:.3f} over {row['origins']} origins{difference}."
    )


def inner() -> dict[str, Any]:
    """Seconds of the track record and of one forecast, after a first call that loads the libraries."""
    from comity.models.forecast import forecast
    from comity.models.provocations.forecast_settings import ForecastSettings
    from comity.models.track_record import track_record
    from comity.register.register import load

    snapshot = load("kor").snapshot()
    as_of = snapshot.settings["until"]
    forecast(snapshot, as_of=as_of, settings=ForecastSettings(runs=2))
    watch = Stopwatch()
    found = track_record(snapshot, as_of=as_of)
    watch.lap("record")
    forecast(snapshot, as_of=as_of)
    watch.lap("forecast")
    return {"forecasts": found.tables["forecasts"].height} | watch.wall | {f"{name}_cpu": seconds for name, seconds in watch.cpu.items()}


def reference(path: Path = LIST) -> dict[str, Any]:
    """Scores of the pool and its rivals on the reference origins."""
    import time
    from dataclasses import replace

    import numpy as np
    import polars as pl

    from comity.models.provocations.act_series import ActSeries
    from comity.models.provocations.forecast_settings import ForecastSettings
    from comity.models.provocations.rolling import rolling_forecasts
    from comity.models.track_record import scored

    acts = pl.read_csv(path).filter(pl.col("cat") != "other").with_columns(pl.col("date").str.to_date()).filter(pl.col("date").is_between(FIRST, LAST))
    counts = np.zeros(((LAST - FIRST).days + 1, 1))
    counts[(acts["date"] - FIRST).dt.total_days().unique().to_numpy(), 0] = 1.0  # days with a provocation, as in the reference
    series = ActSeries(FIRST, ("provocation",), counts, np.ones_like(counts, dtype=bool), pl.DataFrame())
    settings = replace(ForecastSettings(), lag_days=0, horizons=(28,))
    began = time.perf_counter()
    forecasts = rolling_forecasts(series, settings)
    wall = time.perf_counter() - began
    for half_life in settings.half_lives:
        alone = replace(settings, half_lives=(half_life,), harmonics=(0,), memories=(None,))
        one = rolling_forecasts(series, alone).filter(pl.col("model") == "pool")
        forecasts = forecasts.vstack(one.with_columns(model=pl.lit(f"one member: echo of {half_life:g} days, no season, all days alike")))
    rows, _ = scored(forecasts, settings)
    return {"wall": wall, "rows": rows.to_dicts()}


if __name__ == "__main__":
    print(json.dumps(reference() if "reference" in sys.argv else inner(), default=str))
