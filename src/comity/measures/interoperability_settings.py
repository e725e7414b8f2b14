"""Settings of interoperability, with the reason for each default.

Five components, after the split of interoperability into procedures, equipment, command and people (Hura et al. 2000, RAND MR-1235;
NATO's AJP-01 names the technical, the procedural and the human side) with practice in front: forces that have not trained together
are not interoperable whatever they signed. Weights and constants are judgements; their uncertainty is in every interval.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.measures.tie_settings import TieSettings

DOMAINS = ("land", "sea", "air", "cyber", "space")
COMPONENTS: dict[str, tuple[str, ...]] = {
    "practice": DOMAINS,
    "procedures": ("logistics", "status", "information"),
    "equipment": ("systems",),
    "command": ("combined_commands", "liaison"),
    "people": ("attaches", "visits", "exchanges"),
}
PROCEDURES = {
    "logistics": "logistics",
    "status_of_forces": "status",
    "visiting_forces": "status",
    "information_security": "information",
    "information_arrangement": "information",
}
SEVERAL = ("land", "sea", "air")  # what an exercise recorded as of several domains trains, for want of more


def _even(component: str) -> dict[str, float]:
    return {name: 1.0 / len(COMPONENTS[component]) for name in COMPONENTS[component]}


@dataclass(frozen=True)
class InteroperabilitySettings:
    """Parameters of interoperability (method 6)."""

    draws: int = 1000
    seed: int = 20261122
    component_weights: dict[str, float] = field(
        default_factory=lambda: {"practice": 0.40, "procedures": 0.20, "equipment": 0.10, "command": 0.20, "people": 0.10}
    )  # practice first: what is not exercised is lost, whatever stands on paper
    input_weights: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "practice": {"land": 0.28, "sea": 0.28, "air": 0.28, "cyber": 0.10, "space": 0.06},
            "procedures": _even("procedures"),
            "equipment": _even("equipment"),
            "command": {"combined_commands": 0.75, "liaison": 0.25},
            "people": {"attaches": 0.40, "visits": 0.35, "exchanges": 0.25},
        }
    )
    half_life_years: dict[str, float] = field(
        default_factory=lambda: {"practice": 2.0, "procedures": 1.0, "equipment": 15.0, "command": 1.0, "people": 1.5}
    )  # practice as in tie strength; half a service life of about thirty years; procedures and commands stand while they hold and never decay
    saturation: dict[str, float] = field(
        default_factory=lambda: {
            "land": 12.0, "sea": 12.0, "air": 12.0, "cyber": 4.0, "space": 4.0,
            "logistics": 0.5, "status": 0.5, "information": 0.5,
            "systems": 9.0,
            "combined_commands": 0.5, "liaison": 1.0,
            "attaches": 0.5, "visits": 3.0, "exchanges": 4.0,
        }
    )  # fmt: skip  # one yearly field exercise of a thousand by two holds a domain at about 0.5; one instrument, command or post gives 0.86
    dirichlet_concentration: float = 60.0
    log_sd: float = 0.25
    interval: tuple[float, float] = (0.05, 0.95)
    seat: dict[str, float] = field(
        default_factory=lambda: {"member": 1.0, "sending_state": 0.4, "partner": 0.3, "associate": 0.3, "observer": 0.1}
    )  # what a seat in a command binds: a member shares its staff and plans, a sending state a liaison group, an observer little
    accredited_from_elsewhere: float = 0.4  # an attaché accredited from a third capital is seldom there
    suspension_years: int = 10  # a series whose latest edition was not held is named for this long; later it is history
    enough: float = 0.30  # share of filled fields below which an input says nothing
    tie: TieSettings = field(default_factory=TieSettings)  # weights of exercises, agreements, transfers and meetings, and what confidence is worth
