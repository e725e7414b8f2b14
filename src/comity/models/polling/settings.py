"""The parameters of pooled opinion, with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class OpinionPoolSettings:
    """Parameters of opinion_pool, with the reason for each."""

    design_effect: float = 1.5
    """As for raw points: weighted quota and panel samples tell as much as a random one of two thirds their size."""
    houses: int = 2
    """Under two houses a house's habit cannot be told from opinion, and the question stays raw points."""
    unknown_sample: Literal["assume", "leave_out"] = "assume"
    """Polls that state no sample are given the median sample of their house, else of all polls (`assume`), or are left out (`leave_out`)."""
    drift_scale: float = 0.5
    """Scale of the half-t prior (3 degrees of freedom) of the drift in a year on the logit scale: near the middle it is 12 points."""
    house_scale: float = 0.15
    """Scale of the half-t prior (3 degrees of freedom) of the spread of house effects on the logit scale: near the middle it is 4 points."""
    carry_days: int = 365
    """For so long after its last poll a question has a support; later nothing is said of today."""
    sensitivity: bool = True
    """Whether each question is pooled again under other assumptions, for the table `sensitivity`."""
