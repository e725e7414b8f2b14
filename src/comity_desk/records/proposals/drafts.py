"""Drafts: what somebody is typing, saved while they type, so that a lost connection or a closed window costs nothing.

A draft is its owner's alone, and only while the owner is in the class of readers in which it was typed. Saving one changes nothing of the
record and is no event of the audit trail; few are kept, and none is larger than a form.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.ledger.snapshots import reader_class
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound, TooLarge
from comity_desk.records.proposals.models import Draft
from comity_desk.records.proposals.tasks import Task
from comity_desk.records.proposals.widgets import Typed

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

KEPT = 40
SIZE = 400_000
KEY = re.compile(r"[2-9a-z]{12}")
FRAME = frozenset({"csrfmiddlewaretoken", "draft", "do"})


def save(user: User, task: Task, key: str, typed: Typed) -> Draft:
    """Keep what was typed under that key, in place of what was kept there."""
    pairs = [[name, value.replace("\x00", "")] for name, values in typed.lists() if name not in FRAME for value in values]
    if not KEY.fullmatch(key):
        raise NotFound(NOTHING_HERE)
    if len(json.dumps(pairs)) > SIZE:
        raise TooLarge(_TOO_LARGE)
    if Draft.objects.filter(pk=key).exclude(owner=user).exists():
        raise NotFound(NOTHING_HERE)
    told = {"reader": reader_class(user.reader), "change": task.change, "kind": task.kind.name, "record": task.record, "field": task.field}
    draft, _ = Draft.objects.update_or_create(pk=key, owner=user, defaults={**told, "typed": pairs, "saved_at": clock.now()})
    for old in drafts_of(user)[KEPT:]:
        old.delete()
    return draft


def drafts_of(user: User) -> list[Draft]:
    """The person's drafts, newest first, that were typed in the class of readers of now."""
    return list(Draft.objects.filter(owner=user, reader=reader_class(user.reader)))


def draft_of(user: User, key: str) -> Draft:
    """One of the person's own drafts, or `NotFound`."""
    draft = Draft.objects.filter(owner=user, reader=reader_class(user.reader), pk=key).first()
    if draft is None:
        raise NotFound(NOTHING_HERE)
    return draft


def latest_for(user: User, task: Task) -> Draft | None:
    """The newest draft of the same task."""
    same = Draft.objects.filter(owner=user, reader=reader_class(user.reader), change=task.change, kind=task.kind.name, record=task.record, field=task.field)
    return same.first()


def discard(user: User, key: str) -> None:
    """Throw a draft away; nothing happens where there is none."""
    Draft.objects.filter(owner=user, pk=key).delete()


def typed_in(draft: Draft) -> Typed:
    """What was typed."""
    typed: Typed = MultiValueDict()
    for name, value in draft.typed:
        typed.appendlist(name, value)
    return typed


def task_of(draft: Draft) -> Task:
    """What the draft is to become."""
    return Task(draft.change, kinds()[draft.kind], draft.record, draft.field)


def key_on_browser(user: User) -> str:
    """The key under which the browser keeps what it cannot send, encrypted with it: one for each person, told to nobody else."""
    return salted_hmac("comity_desk.records.kept", str(user.pk), algorithm="sha256").hexdigest()


_TOO_LARGE = Text("That is more than a form holds.", "양식에 담을 수 있는 양을 넘었습니다.")
