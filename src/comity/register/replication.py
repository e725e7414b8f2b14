"""Does a number come out again: the same edition, the same request, another day or machine?

A replication bundle is one zip file: the edition, the request (measure, home, day, settings, seed, reader), the versions that computed it, and
the answer as JSON. `replicate` computes the answer again from the edition and compares: to the last digit where the versions are equal,
to 1e-9 where they differ. The caller passes the function, as the register knows no measures.
"""

from __future__ import annotations

import dataclasses
import json
import math
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from comity.register.edition import load_edition, replace_bytes, unpack, zip_bytes
from comity.register.readers import PUBLIC
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault, NotReproduced, PackageFaults
from comity.vocab.kinds import VOCABULARY_VERSION
from comity.vocab.text import Text

TOLERANCE = 1e-9
SHOWN = 10  # differences that the error names
PACKAGES = ("comity", "numpy", "polars", "scipy")


@dataclass(frozen=True)
class Request:
    """What was asked: everything that the answer depends on beside the edition and the code."""

    measure: str
    as_of: date
    home: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    reader: str = PUBLIC
    known_at: date | None = None
    include_unsourced: bool = False


@dataclass(frozen=True)
class Replication:
    """A replication that succeeded: what was asked, with which versions then and now, and the answer."""

    request: Request
    then: dict[str, str]
    now: dict[str, str]
    exact: bool
    answer: Any


Compute = Callable[[Snapshot, Request], Any]


def bundle(edition: str | Path, request: Request, compute: Compute, out: str | Path) -> Path:
    """Compute the answer to a request from an edition and freeze both as a replication bundle at `out`.

    `compute(snapshot, request)` gives the answer as plain values (`Result.answer()`); dates become text, other numbers stay as they are.
    """
    answer = plain(compute(_snapshot(Path(edition), request), request))
    files = {
        f"edition/{Path(edition).name}": Path(edition).read_bytes(),
        "request.json": _json(dataclasses.asdict(request)),
        "versions.json": _json(versions()),
        "answer.json": _json(answer),
    }
    target = Path(out)
    replace_bytes(target, zip_bytes(target.stem, files))
    return target


def replicate(path: str | Path, compute: Compute) -> Replication:
    """Compute a bundle's answer again and compare; `NotReproduced` names the differences, `PackageFaults` a bundle that was altered."""
    with tempfile.TemporaryDirectory() as folder:
        root = unpack(path, Path(folder))
        try:
            request = _request(json.loads((root / "request.json").read_bytes()))
            then = {str(name): str(value) for name, value in json.loads((root / "versions.json").read_bytes()).items()}
            answered = json.loads((root / "answer.json").read_bytes())
            (edition,) = (root / "edition").iterdir()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise PackageFaults([Fault(Path(path).name, None, None, "no-bundle", _NO_BUNDLE, _FETCH)], str(path)) from error
        again = plain(compute(_snapshot(edition, request), request))
    now = versions()
    exact = then == now
    found = list(differences(answered, json.loads(_json(again)), tolerance=0.0 if exact else TOLERANCE))
    if found:
        raise NotReproduced(_differing(found, then, now))
    return Replication(request, then, now, exact, again)


def versions() -> dict[str, str]:
    """Versions on which a number may depend: Python, the machine's architecture, the vocabulary and the packages that compute."""
    head = {"python": platform.python_version(), "machine": platform.machine(), "vocabulary": VOCABULARY_VERSION}
    return head | {name: version(name) for name in PACKAGES}


def differences(then: Any, now: Any, *, tolerance: float, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two JSON values differ: path, value then, value now. Numbers may differ by `tolerance`, absolutely or relatively.

    >>> list(differences({"rows": [{"score": 1.0}]}, {"rows": [{"score": 1.5}]}, tolerance=1e-9))
    [('rows[0].score', 1.0, 1.5)]
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted({*then, *now}):
            yield from differences(then.get(name, ABSENT), now.get(name, ABSENT), tolerance=tolerance, at=f"{at}.{name}" if at else name)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, two) in enumerate(zip(then, now, strict=True)):
            yield from differences(one, two, tolerance=tolerance, at=f"{at}[{place}]")
    elif isinstance(then, list) and isinstance(now, list):
        yield f"len({at})", len(then), len(now)
    elif not _equal(then, now, tolerance):
        yield at, then, now


def plain(value: Any) -> Any:
    """A value as JSON holds it: days as text, tuples as lists, texts by language, numbers that are none as their names."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, Text):
        return {"en": value.en, "ko": value.ko}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if hasattr(value, "item"):  # a number of numpy
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _equal(then: Any, now: Any, tolerance: float) -> bool:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (then, now))
    if numbers and tolerance:
        return math.isclose(then, now, rel_tol=tolerance, abs_tol=tolerance)
    return type(then) is type(now) and bool(then == now)


def _snapshot(edition: Path, request: Request) -> Snapshot:
    return load_edition(edition).snapshot(request.reader, request.known_at, include_unsourced=request.include_unsourced)


def _request(told: dict[str, Any]) -> Request:
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("as_of", "known_at")}
    return Request(**{**told, **days})


def _json(value: Any) -> bytes:
    return (json.dumps(plain(value), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def _differing(found: list[tuple[str, Any, Any]], then: dict[str, str], now: dict[str, str]) -> Text:
    shown = "; ".join(f"{at}: {_short(one)} → {_short(two)}" for at, one, two in found[:SHOWN])
    changed = ", ".join(f"{name} {then.get(name, '–')} → {now.get(name, '–')}" for name in sorted({*then, *now}) if then.get(name) != now.get(name))
    return _NOT_REPRODUCED.format(n=len(found), shown=shown, versions=_VERSIONS.format(changed=changed) if changed else _SAME_VERSIONS)


def _short(value: Any) -> str:
    text = "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


ABSENT = object()
_NO_BUNDLE = Text("The file is no replication bundle.", "재현 묶음 파일이 아닙니다.")
_FETCH = Text("Fetch the bundle again from where it was published.", "발행처에서 묶음을 다시 받으십시오.")
_NOT_REPRODUCED = Text("{n} values differ: {shown}. {versions}", "값 {n}개가 다릅니다: {shown}. {versions}")
_VERSIONS = Text("Versions differ too: {changed}.", "버전도 다릅니다: {changed}.")
_SAME_VERSIONS = Text("The versions are the same.", "버전은 같습니다.")
