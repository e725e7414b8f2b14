"""Strength of all ties with 1,000 draws: the command from a cold start, the computation alone, and a plain pandas loop over the draws.

The plain version takes the same table of contributions and draws weights, half-lives, constants and records from the same distributions,
one data frame a draw: what a person would write in a notebook. Its draws are other draws, so its medians differ by Monte Carlo error.
"""

from __future__ import annotations

import json
import time
from typing import Any

from bench.clock import comity, median, python
from bench.results import Measured, Section, under

DRAWS = 1000


def measure(times: int = 5) -> Section:
    """Cold command, computation alone, plain version."""
    cold = median(comity("ties", "--draws", str(DRAWS)), times)
    inner = median(python("-m", "bench.ties"), times, answers=True)
    answer = inner.answer
    lines = [
        under(f"comity ties, {DRAWS:,} draws, cold", cold.wall, 2.5, cpu=cold.cpu, peak_mb=cold.peak_mb),
        under("tie_strength alone", answer["ours"], 1.0, cpu=answer["ours_cpu"]),
        Measured("the draws as a pandas loop, same table", answer["plain"], answer["plain_cpu"], peer=True),
    ]
    notes = [
        f"Medians of {times} processes; {answer['records']:,} contributions to {answer['partners']} ties.",
        f"Largest difference of the two versions' median scores among the first fifteen: {answer['difference']:.2f} points of 100.",
    ]
    return Section("ties", "Ties with intervals", lines, notes)


def inner() -> dict[str, Any]:
    """Both versions in one process, after a first call that loads the libraries."""
    from datetime import date

    import comity
    from comity.measures.contributions import contributions
    from comity.measures.tie_settings import TieSettings
    from comity.measures.tie_strength import standing, tie_strength

    snapshot, settings = comity.load("kor").snapshot(), TieSettings(draws=DRAWS)
    as_of = snapshot.settings["until"]
    assert isinstance(as_of, date)
    tie_strength(snapshot, as_of=as_of, settings=TieSettings(draws=10))
    began = time.perf_counter(), time.process_time()
    rows = tie_strength(snapshot, as_of=as_of, settings=settings).rows
    ours = time.perf_counter() - began[0], time.process_time() - began[1]
    parts = standing(contributions(snapshot, snapshot.home, settings), as_of)
    began = time.perf_counter(), time.process_time()
    plain = plain_scores(parts.to_dicts(), settings)
    other = time.perf_counter() - began[0], time.process_time() - began[1]
    first = rows.filter(rows["rank"] <= 15).select("partner", "score").iter_rows()
    difference = max(abs(score - plain[partner]) for partner, score in first)
    return {
        "ours": ours[0],
        "ours_cpu": ours[1],
        "plain": other[0],
        "plain_cpu": other[1],
        "records": parts.height,
        "partners": rows.height,
        "difference": difference,
    }


def plain_scores(parts: list[dict[str, Any]], settings: Any) -> dict[str, float]:
    """Median score of each partner over the draws, by pandas, one data frame a draw."""
    import numpy as np
    import pandas as pd

    frame, rng = pd.DataFrame(parts), np.random.default_rng(settings.seed)
    names = list(settings.mechanism_weights)
    weights = np.array([settings.mechanism_weights[name] for name in names])
    draws = []
    for _ in range(settings.draws):
        share = dict(zip(names, rng.dirichlet(settings.dirichlet_concentration * weights / weights.sum()), strict=True))
        half = {name: settings.half_life_years[name] * np.exp(rng.normal(0, settings.log_sd)) for name in names}
        scale = {name: settings.saturation[name] * np.exp(rng.normal(0, settings.log_sd)) for name in names}
        kept = rng.random(len(frame)) < frame["probability"]
        value = frame["weight"] * 0.5 ** (frame["age"] / frame["mechanism"].map(half)) * kept
        amount = value.groupby([frame["partner"], frame["mechanism"]]).sum().reset_index(name="amount")
        filled = 1 - np.exp(-amount["amount"] / amount["mechanism"].map(scale))
        draws.append((100 * filled * amount["mechanism"].map(share)).groupby(amount["partner"]).sum())
    medians: dict[str, float] = pd.concat(draws, axis=1).median(axis=1).to_dict()
    return medians


if __name__ == "__main__":
    print(json.dumps(inner()))
