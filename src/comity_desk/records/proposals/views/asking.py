"""Who asks, and may that person do this at all? Answers before anything is looked up."""

from __future__ import annotations

from django.http import HttpRequest

from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownKind
from comity.vocab.kinds import Kind, kind_of
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.asking import looking_as, snapshot_of
from comity_desk.lib.errors import NOTHING_HERE, NotFound, NotPermitted
from comity_desk.records.proposals.models import JUDGE, WITHDRAW
from comity_desk.records.proposals.tasks import MARK, Task


def person(request: HttpRequest, *permissions: str) -> User:
    """Who asks, where one of these permissions is held."""
    user = request.user
    if not isinstance(user, User) or not any(user.permitted(one) for one in permissions):
        raise NotPermitted(_NOT_PERMITTED)
    return user


def writer(request: HttpRequest, *permissions: str) -> User:
    """Who writes; nobody does while looking as another."""
    user = person(request, *permissions)
    if looking_as(request) is not None:
        raise NotPermitted(_LOOKING)
    return user


def proposing(request: HttpRequest, task: Task) -> User:
    """Who proposes that; see `SubmitProposal.permit`."""
    wanted = ["record.propose"]
    wanted += ["record.judge"] if task.change in (JUDGE, WITHDRAW) else []
    wanted += ["marking.set"] if task.change == MARK or task.kind.name == "marking" else []
    return writer(request, *wanted)


def kind_named(plural: str) -> Kind:
    """The kind of that plural; claims are made on cells and not by themselves."""
    try:
        kind = kind_of(plural)
    except UnknownKind:
        raise NotFound(NOTHING_HERE) from None
    if kind.plural != plural or kind.name == "claim":
        raise NotFound(NOTHING_HERE)
    return kind


def there(request: HttpRequest, ref: str) -> Snapshot:
    """What the person sees, if that record is in it."""
    seen = snapshot_of(request)
    if not seen.has_record(ref):
        raise NotFound(NOTHING_HERE)
    return seen


_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
_LOOKING = Text("You are looking as another reader. End that first, then write.", "다른 열람자의 눈으로 보는 중입니다. 먼저 이를 끝낸 뒤 작성하십시오.")
