"""Settings of the balance between blocs, with the reason for each default, and the blocs that a package names.

Which countries make a bloc is a judgement of the package (`blocs` in package.yaml), not of the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.measures.tie_settings import TieSettings
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text


@dataclass(frozen=True)
class BalanceSettings:
    """Parameters of the balance between blocs (method 8)."""

    tie: TieSettings = field(default_factory=lambda: TieSettings(draws=300))  # 36 days are drawn: 300 hold the band's ends to about two points
    years: int = 35  # back to the opening of relations with the other side at the end of the Cold War
    strongest: int = 3  # the mean of all members would fall with every minor one named; the union of ties is full, near 100, for any large bloc
    move_types: tuple[str, ...] = ("AGREE", "CONCEDE", "COOPERATE", "SANCTION", "COERCE", "MOBILIZE", "RETREAT")  # acts; words move no balance
    move_subtypes: tuple[str, ...] = ("sanctions", "export_control", "trade_restriction", "tourism_restriction", "force_posture")
    cooperative: tuple[str, ...] = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT")
    conflictual: tuple[str, ...] = ("ACCUSE", "REJECT", "THREATEN", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT")  # REQUEST is neither
    window_days: int = 90  # a quarter: long enough for a government to answer, short enough for few other moves
    apart_days: int = 30  # moves closer than this count as one
    least_events: int = 30  # events of a third party towards home below which no change is told
    least_moves: int = 10
    placebos: int = 1000
    seed: int = 20261122
    interval: tuple[float, float] = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Bloc:
    """A named bloc of a package and its members, without the home country."""

    name: str
    label: Text
    members: list[str]


def blocs_of(snapshot: Snapshot, home: str) -> list[Bloc]:
    """The blocs of the package in its order; those that have no member beside the home country are left out."""
    named = []
    for name, told in (snapshot.settings.get("blocs") or {}).items():
        label = told.get("label") or {}
        members = [member for member in told.get("members", []) if member != home]
        if members:
            named.append(Bloc(name, Text(label.get("en", name), label.get("ko", name)), members))
    return named
