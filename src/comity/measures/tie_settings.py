"""Settings of tie strength, with the reason for each default.

Weights say what binds more, in the order that practice and the literature on alliances and defence cooperation give (mutual defence
before consultation before information security before logistics before a memorandum: Leeds et al. 2002; Kinne 2018; a field exercise
before a command-post one before a table-top). They are judgements: the interval of every tie carries their uncertainty, and
`docs/explanation/measures/tie_strength.md` shows how the ranking moves with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MECHANISMS = ("agreements", "exercises", "dialogues", "deployments", "technology", "information", "visits")

AGREEMENT_WEIGHTS = {
    "mutual_defense": 10.0, "status_of_forces": 5.0, "nuclear_deterrence": 4.0, "cost_sharing": 3.0, "information_security": 4.0,
    "information_arrangement": 3.0, "logistics": 3.0, "visiting_forces": 3.0, "defense_cooperation": 2.0, "confidence_building": 2.0,
    "partnership_programme": 2.0, "peacekeeping": 1.5, "cyber": 1.5, "space": 1.5, "research_technology": 1.5, "defense_industry": 1.5,
    "armistice": 0.0, "other": 1.0,
}  # fmt: skip
EXERCISE_WEIGHTS = {
    "LIVEX": 1.2, "FTX": 1.0, "MARITIME": 1.0, "MISSILE_DEFENSE": 1.0, "AIR": 0.9, "SOF": 0.9, "CPX": 0.8, "CYBER": 0.6, "HADR": 0.6, "PKO": 0.5, "TTX": 0.4,
}  # fmt: skip
LEVEL_WEIGHTS = {
    "head_of_state": 5.0, "two_plus_two": 4.5, "minister": 4.0, "chief_of_defence": 3.0, "vice_minister": 2.5, "deputy": 1.8,
    "service_chief": 1.5, "director_general": 1.2, "working": 0.7,
}  # fmt: skip
DEPLOYMENT_WEIGHTS = {
    "combat": 3.0, "reconstruction": 1.5, "pko": 1.5, "anti_piracy": 1.5, "training": 2.0, "medical": 1.0, "humanitarian": 0.6, "evacuation": 0.4,
}  # fmt: skip
TRANSFER_WEIGHTS = {"codevelopment": 2.0, "licence": 1.5, "import": 1.0, "export": 1.0, "mro": 0.8, "donation": 0.6}


@dataclass(frozen=True)
class TieSettings:
    """Parameters of tie strength (method 3)."""

    draws: int = 1000
    seed: int = 20261122
    gamma: float = 0.5
    mechanism_weights: dict[str, float] = field(
        default_factory=lambda: {
            "agreements": 0.22,
            "exercises": 0.24,
            "dialogues": 0.18,
            "deployments": 0.08,
            "technology": 0.12,
            "information": 0.10,
            "visits": 0.06,
        }
    )
    half_life_years: dict[str, float] = field(
        default_factory=lambda: {
            "agreements": 1.0,
            "exercises": 2.0,
            "dialogues": 1.5,
            "deployments": 2.0,
            "technology": 8.0,
            "information": 1.0,
            "visits": 1.0,
        }
    )  # agreements and information stand while in force: their half-life is never used
    saturation: dict[str, float] = field(
        default_factory=lambda: {
            "agreements": 14.0,
            "exercises": 16.0,
            "dialogues": 12.0,
            "deployments": 5.0,
            "technology": 9.0,
            "information": 4.0,
            "visits": 3.0,
        }
    )  # fixed constants, never the sample's maximum, so that scores compare over time and across countries
    dirichlet_concentration: float = 60.0
    log_sd: float = 0.25  # of half-lives and saturation: a factor of 1.6 either way at the 5-95 % ends
    confidence: dict[str, float] = field(default_factory=lambda: {"high": 0.97, "medium": 0.85, "low": 0.5})  # audits found 3.4 % wrong among sourced rows
    typical_personnel: dict[str, float] = field(
        default_factory=lambda: {
            "CPX": 10000.0,
            "FTX": 5000.0,
            "LIVEX": 3000.0,
            "MARITIME": 2000.0,
            "AIR": 1000.0,
            "TTX": 50.0,
            "HADR": 500.0,
            "CYBER": 100.0,
            "SOF": 300.0,
            "MISSILE_DEFENSE": 1000.0,
            "PKO": 500.0,
        }
    )  # stands in when the size is unknown: fixed, so that a new record never changes another's weight
    typical_deployment: float = 50.0
    typical_value_usd_m: float = 50.0
    scaled_down: float = 0.6
    suspended: dict[str, float] = field(
        default_factory=lambda: {"suspended": 0.0, "suspended_in_part": 0.5, "conditionally_continued": 0.75, "terminated": 0.0}
    )
    presumed_years: float = 30.0  # an agreement without term that nobody attests is presumed in force this long with full, later with half probability
    presumed_deployment_years: float = 5.0  # White Papers list every mission every two years: five years of silence are two papers missed
    interval: tuple[float, float] = (0.05, 0.95)
