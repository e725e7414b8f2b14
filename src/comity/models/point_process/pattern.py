"""What was seen: events at points in time, each in one dimension, within a window; and covariates that are constant within the cells of a grid.

The data of the point process of `models.hawkes`. The window is (start, end]: events up to `start` are history, which excites and is not
itself explained. Ties are allowed. Nothing here knows registers or calendars; time is a number in whatever unit the caller chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from comity.vocab.errors import NotAPointPattern
from comity.vocab.text import Text

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pattern:
    """Events `times` (n,), sorted, in dimensions `marks` (n,) of 0 … `size`−1, seen on (start, end].

    Times up to `start` are history. Equal times are ties. Raises `NotAPointPattern` for anything else: unsorted or missing times,
    a mark outside the dimensions, events after `end`, an empty window.

    >>> Pattern(times=[0.5, 0.5, 2.0], marks=[0, 1, 0], size=2, end=3.0).counts.tolist()
    [2, 1]
    """

    times: Floats
    marks: Integers
    size: int
    end: float
    start: float = 0.0

    def __post_init__(self) -> None:
        times, marks = np.ascontiguousarray(self.times, dtype=np.float64), np.asarray(self.marks)
        if marks.size == 0:
            marks = marks.astype(np.int64)
        _require(np.isfinite([self.start, self.end]).all() and self.start < self.end, _WINDOW, start=self.start, end=self.end)
        _require(self.size >= 1, _NO_DIMENSION, size=self.size)
        _require(times.ndim == 1 and times.shape == marks.shape, _SHAPES, times=times.shape, marks=marks.shape)
        bad = np.flatnonzero(~np.isfinite(times))
        _require(bad.size == 0, _MISSING, at=bad[:1])
        back = np.flatnonzero(np.diff(times) < 0)
        _require(back.size == 0, _UNSORTED, at=back[:1] + 1)
        _require(marks.dtype.kind in "iu" and (marks.size == 0 or (marks.min() >= 0 and marks.max() < self.size)), _MARKS, last=self.size - 1)
        _require(times.size == 0 or times[-1] <= self.end, _AFTER, end=self.end)
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "marks", np.ascontiguousarray(marks, dtype=np.int64))

    @cached_property
    def first(self) -> int:
        """Index of the first event within the window; those before it are history."""
        return int(np.searchsorted(self.times, self.start, side="right"))

    @cached_property
    def counts(self) -> Integers:
        """Events within the window by dimension (size,)."""
        return np.bincount(self.marks[self.first :], minlength=self.size)

    @cached_property
    def grouped(self) -> Integers:
        """The order that puts the events within the window by dimension, each in time (n,), counted from `first`."""
        return np.argsort(self.marks[self.first :], kind="stable")

    @property
    def tied(self) -> int:
        """Events within the window that stand at the same time as the event before them."""
        return int((np.diff(self.times[self.first :]) == 0).sum())


@dataclass(frozen=True, eq=False)
class Covariates:
    """Covariates `values` (m, p), constant within each of m cells (edges[c], edges[c+1]] of a grid `edges` (m+1,).

    The grid must cover whatever window it is used on. Raises `NotAPointPattern` for edges that do not rise and for missing values.
    """

    edges: Floats
    values: Floats

    def __post_init__(self) -> None:
        edges, values = np.asarray(self.edges, dtype=np.float64), np.asarray(self.values, dtype=np.float64)
        values = values[:, None] if values.ndim == 1 else values
        _require(edges.ndim == 1 and values.ndim == 2 and len(edges) == len(values) + 1, _GRID, edges=edges.shape, values=values.shape)
        _require(bool(np.isfinite(edges).all() and np.isfinite(values).all() and (np.diff(edges) > 0).all()), _GRID_VALUES)
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "values", values)

    def cells(self, times: Floats) -> Integers:
        """The cell in which each time lies (n,)."""
        return np.searchsorted(self.edges, times, side="left") - 1

    def widths(self, start: float, end: float) -> Floats:
        """How much of (start, end] each cell holds (m,), in units of time; `NotAPointPattern` when the grid does not cover it."""
        _require(self.edges[0] <= start and self.edges[-1] >= end, _UNCOVERED, start=start, end=end, first=self.edges[0], last=self.edges[-1])
        return np.asarray(np.maximum(0.0, np.minimum(self.edges[1:], end) - np.maximum(self.edges[:-1], start)))


def _require(holds: bool | np.bool_, text: Text, **values: object) -> None:
    if not holds:
        plain = {name: value.item() if isinstance(value, np.ndarray) and value.size == 1 else value for name, value in values.items()}
        raise NotAPointPattern(text.format(**plain))


_WINDOW = Text("The window must be finite and start before it ends: {start} to {end}.", "관측 구간은 유한하고 시작이 끝보다 빨라야 한다: {start} – {end}.")
_NO_DIMENSION = Text("A point process has one dimension or more, not {size}.", "점과정의 차원은 1 이상이어야 한다. 주어진 값: {size}.")
_SHAPES = Text("Times and marks are two lists of equal length: {times} and {marks}.", "시각과 차원 표시는 길이가 같은 두 목록이어야 한다: {times}, {marks}.")
_MISSING = Text("The time of event {at} is missing or not finite.", "{at}번 사건의 시각이 비어 있거나 유한한 수가 아니다.")
_UNSORTED = Text("Times must not fall; event {at} lies before the one that precedes it.", "시각은 감소할 수 없다. {at}번 사건이 바로 앞 사건보다 이르다.")
_MARKS = Text("Each mark is a whole number from 0 to {last}.", "차원 표시는 0부터 {last}까지의 정수여야 한다.")
_AFTER = Text("An event lies after the end of the window, {end}.", "관측 구간의 끝({end}) 뒤에 사건이 있다.")
_GRID = Text(
    "A grid of m cells has m+1 edges and values of shape (m, p): {edges} and {values}.",
    "칸이 m개인 격자에는 경계 m+1개와 (m, p) 꼴의 값이 필요하다: {edges}, {values}.",
)
_GRID_VALUES = Text("Edges of a grid rise, and no edge or value is missing.", "격자의 경계는 증가해야 하며 경계와 값에 빈 곳이 없어야 한다.")
_UNCOVERED = Text(
    "The covariates stand from {first} to {last} and do not cover {start} to {end}.",
    "공변량은 {first} – {last} 구간에만 있어 {start} – {end} 구간을 덮지 못한다.",
)
