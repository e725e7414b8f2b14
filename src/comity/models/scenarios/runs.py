"""Many futures with and without the change, from the same random numbers, in this process, in several, or on a Ray cluster.

Both scenarios share the days before the day, all uniforms, and every day until the calendars first differ. Futures are run in blocks; each block
draws its numbers from the seed, the origin and its own number alone, so that the answer is the same however blocks are shared out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats
from comity.models.provocations.simulation import Counts, Parameters, simulate
from comity.vocab.errors import EngineMissing
from comity.vocab.text import Text

Small = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Job:
    """One block of futures: everything that a worker needs, plain arrays only.

    `echo` (sets, classes) before the first day of `gap` (days, classes; NaN where to be drawn); `before` its design (days, p); `without` and `with_`
    (horizon, p); `month` (horizon,) the bucket of each day; runs `first` to `last` (exclusive), the set of run r being r modulo their number.
    """

    sets: Parameters
    echo: Floats
    gap: Floats
    before: Floats
    without: Floats
    with_: Floats
    month: npt.NDArray[np.int64]
    seed: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Futures:
    """What happened in each run: `acts` (runs, months, classes); `until` (runs, classes + 1) days before the first act of each class and, last, of any.

    A run without an act has `until` equal to the horizon.
    """

    acts: Small
    until: Small


@dataclass(frozen=True)
class Pair:
    """The same runs without and with the change."""

    without: Futures
    with_: Futures


def run(job: Job) -> Pair:
    """Run one block both ways."""
    rng = np.random.default_rng(list(job.seed))
    runs, classes, horizon = job.last - job.first, job.echo.shape[1], len(job.without)
    of = np.arange(job.first, job.last) % len(job.echo)
    _, echo = simulate(job.sets, of, job.echo[of], job.before, rng.random((len(job.gap), runs, classes)), job.gap)
    uniforms = rng.random((horizon, runs, classes))
    parted = first_difference(job.without, job.with_)
    head, echo = simulate(job.sets, of, echo, job.without[:parted], uniforms[:parted])
    kept, _ = simulate(job.sets, of, echo, job.without[parted:], uniforms[parted:])
    without = _told(np.concatenate([head, kept], axis=1), job.month)
    if parted == horizon:
        return Pair(without, without)
    changed, _ = simulate(job.sets, of, echo, job.with_[parted:], uniforms[parted:])
    return Pair(without, _told(np.concatenate([head, changed], axis=1), job.month))


def first_difference(one: Floats, other: Floats) -> int:
    """First row in which two designs differ; their length where they do not."""
    rows = np.flatnonzero((one != other).any(axis=1))
    return int(rows[0]) if len(rows) else len(one)


def _told(counts: Counts, month: npt.NDArray[np.int64]) -> Futures:
    """Acts by month, and days until the first act."""
    runs, days, classes = counts.shape
    starts = np.flatnonzero(np.r_[True, np.diff(month) > 0])
    acts = np.add.reduceat(counts, starts, axis=1, dtype=np.int16)
    happened = np.concatenate([counts > 0, (counts > 0).any(axis=2, keepdims=True)], axis=2)
    until = np.where(happened.any(axis=1), happened.argmax(axis=1), days).astype(np.int16)
    return Futures(acts.reshape(runs, len(starts), classes), until)


def jobs(job: Job, block: int) -> list[Job]:
    """The blocks of a job, each with its own random numbers."""
    from dataclasses import replace

    starts = range(job.first, job.last, block)
    return [replace(job, first=start, last=min(start + block, job.last), seed=(*job.seed, number)) for number, start in enumerate(starts)]


def run_all(parts: list[Job], *, processes: int = 1, ray_address: str | None = None) -> Pair:
    """Run blocks and lay them end to end: in this process, in so many others, or on the Ray cluster at an address; the answer is the same."""
    if ray_address is not None:
        done = _on_ray(parts, ray_address)
    elif processes > 1:
        done = _in_processes(parts, processes)
    else:
        done = [run(part) for part in parts]
    return Pair(_joined([pair.without for pair in done]), _joined([pair.with_ for pair in done]))


def _joined(parts: list[Futures]) -> Futures:
    return Futures(np.concatenate([part.acts for part in parts]), np.concatenate([part.until for part in parts]))


def _in_processes(parts: list[Job], processes: int) -> list[Pair]:
    """In a pool of fresh processes: forked ones may inherit a lock that a thread of the parent holds."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=get_context("spawn")) as pool:
        return list(pool.map(run, parts))


def _on_ray(parts: list[Job], address: str) -> list[Pair]:
    """On a Ray cluster, which must have the same Comity installed."""
    try:
        import ray  # type: ignore[import-not-found,unused-ignore]  # an optional extra
    except ImportError as error:
        raise EngineMissing(_NO_RAY) from error
    mine = not ray.is_initialized()
    if mine:
        try:
            ray.init(address=None if address == "local" else address, log_to_driver=False)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise EngineMissing(_NO_CLUSTER.format(address=address)) from error
    try:
        remote: Callable[..., Any] = ray.remote(run).remote
        found: list[Pair] = ray.get([remote(part) for part in parts])
    finally:
        if mine:
            ray.shutdown()
    return found


_NO_RAY = Text(
    "Ray is not installed: pip install 'comity[ray]', or leave out --ray.",
    "Ray가 설치되어 있지 않습니다. pip install 'comity[ray]'로 설치하거나 --ray를 빼십시오.",
)
_NO_CLUSTER = Text("No Ray cluster answers at {address}.", "{address}에서 응답하는 Ray 클러스터가 없습니다.")
