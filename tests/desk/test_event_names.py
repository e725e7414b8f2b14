"""Whoever reads the audit trail reads words, not codes: every act of the desk has a name in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import comity_desk
from comity_desk.audit.actions import Action
from comity_desk.audit.names import NAMES


def acts(of: type = Action) -> Iterator[type]:
    """Every class of acts, however deep."""
    for one in of.__subclasses__():
        yield one
        yield from acts(one)


def test_every_act_has_a_name() -> None:
    root = Path(comity_desk.__file__ or "").parent
    for path in root.rglob("*actions.py"):
        import_module(".".join(("comity_desk", *path.relative_to(root).with_suffix("").parts)))
    codes = {one.__dict__["audit_event"] for one in acts() if one.__module__.startswith("comity_desk.") and "audit_event" in one.__dict__}
    assert len(codes) > 30
    assert sorted(codes - set(NAMES)) == []
    assert all(NAMES[code].ko and NAMES[code].ko != NAMES[code].en for code in codes)
