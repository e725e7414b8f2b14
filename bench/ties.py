"""Strength of all ties with 1,000 draws: the command from a cold start, the computation alone, and a plain pandas loop over the draws.

The plain version takes the same table of contributions and draws weights, half-lives, constants and records from the same distributions,
one data frame a draw: what a person would write in a notebook. Its draws are other draws, so its medians differ by Monte Carlo error.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from bench.clock import Stopwatch, comity, median, once, python
from bench.results import Measured, Section, under

DRAWS = 1000


def measure(times: int = 5) -> Section:
    """Cold command, computation alone, plain version."""
    cold = median(comity("ties", "--draws", str(DRAWS)), times)
    answer = median(python("-m", "bench.ties"), times, answers=True).answer
    plain = once(python("-m", "bench.ties", "plain"), answers=True).answer
    lines = [
        under(f"comity ties, {DRAWS:,} draws, cold", cold.wall, 2.5, cpu=cold.cpu, peak_mb=cold.peak_mb),
        under("tie_strength alone", answer["ours"], 1.0, cpu=answer["ours_cpu"]),
        Measured("the draws as a pandas loop, same table", plain["plain"], plain["plain_cpu"], peer=True),
    ]
    notes = [
        f"Medians of {times} processes, the loop once; {answer['records']:,} contributions to {answer['partners']} ties.",
        f"Largest difference of the two versions' median scores among the first fifteen: {plain['difference']:.2f} points of 100.",
    ]
    return Section("ties", "Ties with intervals", lines, notes)


def inner(*, plainly: bool = False) -> dict[str, Any]:
    """Seconds of the computation after a first call that loads the libraries; `plainly` adds the plain version and how far its answer lies."""
    from comity.measures.contributions import contributions
    from comity.measures.tie_settings import TieSettings
    from comity.measures.tie_strength import standing, tie_strength
    from comity.register.register import load

    snapshot, settings = load("kor").snapshot(), TieSettings(draws=DRAWS)
    as_of = snapshot.settings["until"]
    tie_strength(snapshot, as_of=as_of, settings=TieSettings(draws=10))
    watch = Stopwatch()
    rows = tie_strength(snapshot, as_of=as_of, settings=settings).rows
    watch.lap("ours")
    parts = standing(contributions(snapshot, snapshot.home, settings), as_of)
    answer: dict[str, Any] = {"records": parts.height, "partners": rows.height}
    if plainly:
        watch.skip()
        plain = plain_scores(parts.to_dicts(), settings)
        watch.lap("plain")
        first = rows.filter(rows["rank"] <= 15).select("partner", "score").iter_rows()
        answer["difference"] = max(abs(score - plain[partner]) for partner, score in first)
    return answer | watch.wall | {f"{name}_cpu": seconds for name, seconds in watch.cpu.items()}


def plain_scores(parts: list[dict[str, Any]], settings: Any) -> dict[str, float]:
    """Median score of each partner over the draws, by pandas, one data frame a draw."""
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are not worth a dependency

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
    print(json.dumps(inner(plainly="plain" in sys.argv)))
