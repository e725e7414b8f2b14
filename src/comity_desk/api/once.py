"""A request that changes something may name itself (Idempotency-Key): sent again under that name, it is answered and not done again.

Names are a person's own and are remembered for a week. The name, what was asked for and what came of it stand in the transaction of the change
itself, so that neither is there without the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.api.errors import Malformed, fault
from comity_desk.api.models import Answered
from comity_desk.audit.models import Head
from comity_desk.lib import clock

REMEMBERED = timedelta(days=7)


def once(user: User, name: str | None, asked: bytes, do: Callable[[], str]) -> tuple[str, bool]:
    """What came of a request (a key), and whether it had been done before; `do` does it."""
    if not name:
        return do(), False
    key, request = _digest(name.encode()), _digest(asked)
    with transaction.atomic():
        Head.locked("audit")  # as every change: of two equal requests at once the second finds what the first did
        known = Answered.objects.filter(owner=user, key=key, made_at__gt=clock.now() - REMEMBERED).first()
        if known is not None:
            if known.request != request:
                raise Malformed([fault("Idempotency-Key", "used", _USED, _ANOTHER)])
            return known.target, True
        target = do()
        Answered.objects.filter(owner=user, made_at__lte=clock.now() - REMEMBERED).delete()
        Answered.objects.create(owner=user, key=key, request=request, target=target, made_at=clock.now())
        return target, False


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_USED = Text("This name was used for another request.", "다른 요청에 쓴 이름입니다.")
_ANOTHER = Text("Give every request a name of its own.", "요청마다 다른 이름을 쓰십시오.")
