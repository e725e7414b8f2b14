"""What the tests of proposing share: a desk with the marked register, more reviewers, and proposals in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from standing_cast import Cast

import comity
from comity.register.snapshot import Snapshot
from comity_desk.accounts.models import User
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.records.proposals.actions import AcceptProposal, SubmitProposal
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.models import ADD, CHANGE, Proposal
from small_package import SmallPackage

NEW = {
    "title_en": "Freedom Shield 25",
    "series": "freedom-shield",
    "start": "2025-03-10",
    "exercise_types": "CPX",
    "participants": "KOR;USA",
    "status": "conducted",
}
ON = {"source": "newspaper", "confidence": "medium"}
Loading = Callable[[SmallPackage], None]


@pytest.fixture
def desk(marked_package: SmallPackage, cast: Cast) -> Cast:
    """The marked register loaded, with the cast."""
    load(marked_package)
    return cast


def load(package: SmallPackage) -> None:
    """Load a package into the empty ledger."""
    LoadPackage(actor=None, register=comity.load(package.write())).run()


def person(name: str, roles: list[str], nationality: str = "KOR", clearance: str = "secret") -> User:
    """Somebody more."""
    return User.objects.create(username=name, name=name.title(), roles=roles, nationality=nationality, clearance=clearance)


def adding(marking: str = "public", kind: str = "exercise", **cells: str) -> Content:
    """A new exercise, with these cells."""
    return Content(ADD, kind, marking, cells={**(NEW if kind == "exercise" else {}), **cells}, basis=dict(ON))


def changing(record: str, marking: str = "public", kind: str = "exercise", beneath: bool = False, **cells: str | None) -> Content:
    """Other values of a record."""
    return Content(CHANGE, kind, marking, record, dict(cells), dict(ON), reason_en="Counted anew.", beneath=beneath)


def propose(actor: Any, content: Content, **more: Any) -> Proposal:
    """Hand it in."""
    return SubmitProposal(actor=actor, content=content, **more).run()


def accept(actor: Any, proposal: Proposal, reason: str = "") -> Proposal:
    """Let it into the record."""
    done = AcceptProposal(actor=actor, key=proposal.key, reason=reason).run()
    done.refresh_from_db()
    return done


def seen_by(actor: Any) -> Snapshot:
    """What somebody sees now."""
    return snapshot_for(actor.reader)
