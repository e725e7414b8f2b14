"""Chance in measures: how weights, half-lives, saturation constants and records are drawn, the same on every machine.

Intervals of tie strength, interoperability, networks and balances come from these draws. Weights are Dirichlet around their defaults,
half-lives and constants log-normal around theirs, and each record is kept with the probability that its confidence gives. The chance of
a record hangs on its name and the draw alone, so that adding a record leaves every other record's draws as they were. The spread says
how far the answer hangs on judgements and on doubtful records; it says nothing of records that nobody entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Salts = npt.NDArray[np.uint64]
BLOCK = 4096


def mixed(rng: np.random.Generator, weights: Iterable[float], concentration: float, draws: int) -> Floats:
    """Draws of weights that sum to one, draws x weights: Dirichlet with the defaults as its mean."""
    shares = np.array(list(weights))
    return rng.dirichlet(concentration * shares / shares.sum(), draws)


def around(rng: np.random.Generator, values: Iterable[float], log_sd: float, draws: int) -> Floats:
    """Draws of positive constants, draws x values: log-normal with the defaults as their medians."""
    medians = np.array(list(values))
    return np.asarray(np.exp(rng.normal(0, log_sd, (draws, len(medians)))) * medians, dtype=np.float64)


def salts(rng: np.random.Generator, draws: int) -> Salts:
    """One 64-bit number for each draw, from which every record's chance in it is made."""
    return rng.integers(0, 2**63, draws, dtype=np.uint64)


def kept_amounts(parts: pl.DataFrame, half: Floats, column: Integers, salted: Salts, starts: Integers) -> Floats:
    """Σ weight · 2^(−age / half-life) over the records kept in each draw, runs x draws; worked off in blocks so that memory stays bounded.

    `parts` has `ref`, `weight`, `age` (years) and `probability`; its rows stand in runs that begin at `starts`. `half` is draws x half-lives
    and `column` says which of them a row decays by.
    """
    weight, age, chance = (parts[name].to_numpy().astype(np.float64) for name in ("weight", "age", "probability"))
    keys = stable_keys(parts["ref"])
    run_of = np.searchsorted(starts, np.arange(parts.height), side="right") - 1
    total = np.zeros((len(starts), half.shape[0]))
    for first in range(0, parts.height, BLOCK):
        at = slice(first, first + BLOCK)
        kept = uniform(keys[at], salted) < chance[at, None]
        decayed = np.where(age[at, None] > 0, np.exp2(-age[at, None] / half.T[column[at]]), 1.0)
        part = np.where(kept, weight[at, None] * decayed, 0.0)
        runs, where = np.unique(run_of[at], return_index=True)
        total[runs] += np.add.reduceat(part, where, axis=0)
    return total


def stable_keys(refs: pl.Series) -> Salts:
    """A 64-bit key of each record's name, the same on every machine and in every version."""
    unique = {ref: int.from_bytes(blake2b(ref.encode(), digest_size=8).digest(), "little") for ref in refs.unique()}
    return np.array([unique[ref] for ref in refs], dtype=np.uint64)


def uniform(keys: Salts, salted: Salts) -> Floats:
    """A uniform number for each record and draw: SplitMix64 of key and salt (Steele, Lea & Flood 2014, OOPSLA)."""
    with np.errstate(over="ignore"):
        x = keys[:, None] ^ salted[None, :]
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53
