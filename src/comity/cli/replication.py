"""Bundles that let others recompute a number: which measure, on which edition, with which settings, and what came out."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from comity.cli.ask import Ask
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownKind
from comity.vocab.text import Text

MEASURES = {
    "ties": "tie_strength", "network": "network", "balance": "balance", "eras": "eras", "activity": "activity", "exercises": "tempo", "deployments": "deployments",
    "technology": "technology", "agreements": "agreements", "watch": "watch", "pressure": "pressure", "opinion": "opinion_pool",
    "forecast": "forecast", "effects": "effects",
}  # fmt: skip
MODELS = ("opinion_pool", "forecast", "effects")


def answer_of(snapshot: Snapshot, measure: str, home: str, as_of: date) -> dict[str, Any]:
    """The answer of a measure with its default settings."""
    if measure not in MEASURES:
        raise UnknownKind(
            Text("There is no measure {measure}; there are {all}.", "{measure}라는 측정은 없습니다. 있는 측정: {all}.").format(
                measure=repr(measure), all=", ".join(MEASURES)
            )
        )
    name = MEASURES[measure]
    layer = "models" if name in MODELS else "measures"
    answer: dict[str, Any] = getattr(import_module(f"comity.{layer}.{name}"), name)(snapshot, home, as_of=as_of).answer()
    return answer


def bundle_measure(ask: Ask, measure: str, out: Path) -> Path:
    """Freeze the package as an edition and bundle a measure's answer with it."""
    from comity.register.edition import make_edition
    from comity.register.replication import Request, bundle

    edition = make_edition(ask.package, out, seal=False)
    request = Request(measure, ask.as_of, ask.home, reader=ask.reader, include_unsourced=ask.include_unsourced)
    return bundle(edition.path, request, _compute, out / f"{measure}-{ask.as_of.isoformat()}.replication.zip")


def recompute(path: Path) -> Text:
    """Compute a bundle's answer again; raises `NotReproduced` with the differences."""
    from comity.register.replication import replicate

    again = replicate(path, _compute)
    how = Text("to the last digit", "끝자리까지") if again.exact else Text("to 1e-9, with other versions", "다른 버전으로 1e-9까지")
    return Text("{measure} as of {day} was reproduced {how}.", "{day} 기준 {measure}을(를) {how} 재현했습니다.").format(
        measure=again.request.measure, day=again.request.as_of, how=how
    )


def _compute(snapshot: Snapshot, request: Any) -> Any:
    return answer_of(snapshot, request.measure, request.home or snapshot.home, request.as_of)
