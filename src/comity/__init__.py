"""Comity: an open system of record and decision support for military diplomacy.

>>> import comity                                     # doctest: +SKIP
>>> snapshot = comity.load("kor").snapshot()          # doctest: +SKIP
>>> comity.tie_strength(snapshot, "KOR", as_of=date(2017, 11, 30))  # doctest: +SKIP

Names load on first use, so that `import comity` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_MEASURES = (
    "activity", "agreements", "balance", "compare", "deployments", "eras", "fill", "interoperability", "network", "opinion", "pressure", "technology", "tempo", "tie_strength", "watch",
)  # fmt: skip
_MODELS = ("diagnostics", "effects", "forecast", "opinion_pool", "stability", "track_record", "what_if")
_FACE = {
    "load": "comity.register.register",
    "open": "comity.register.client",
    "Register": "comity.register.register",
    "Snapshot": "comity.register.snapshot",
    "Record": "comity.register.snapshot",
    "PartialDate": "comity.vocab.dates",
    "ComityError": "comity.vocab.errors",
    "brief": "comity.report.brief",
    "dossier": "comity.report.dossier",
    "search": "comity.register.search",
    **{name: f"comity.measures.{name}" for name in _MEASURES},
    **{name: f"comity.models.{name}" for name in _MODELS},
}

__all__ = sorted(["__version__", *_FACE])


def __getattr__(name: str) -> Any:
    if name in _FACE:
        return getattr(import_module(_FACE[name]), name)
    raise AttributeError(f"module 'comity' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
