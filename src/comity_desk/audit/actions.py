"""One class for each change of state: permission, transaction, audit event, effect. Pages, API and commands call the same one.

>>> class Close(Action):                              # doctest: +SKIP
...     permission, audit_event = "room.close", "room-closed"
...     def perform(self, event): ...
>>> Close(actor=user, reason="stood down").run()      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.db import OperationalError, transaction

from comity.vocab.text import Text
from comity_desk.audit.models import Event, Head
from comity_desk.lib.errors import Busy, NotPermitted, Refused

T = TypeVar("T")


@dataclass(kw_only=True)
class Action(Generic[T]):
    """A named, permitted, transactional and logged change. `actor` is a user, or None for the desk's own commands."""

    permission: ClassVar[str]
    audit_event: ClassVar[str]
    reason_needed: ClassVar[bool] = False

    actor: Any
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """What the event names: a record, a user, a job."""
        return ""

    def check(self) -> None:
        """Refuse what cannot be done, before anything is written; runs inside the transaction."""

    def perform(self, event: Event) -> T:
        """Do it."""
        raise NotImplementedError

    def run(self) -> T:
        """Check permission, then write event and effect in one transaction."""
        self.permit()
        if self.reason_needed and not self.reason.strip():
            raise Refused(_NO_REASON)
        try:
            with transaction.atomic():
                Head.locked("audit")  # one writer at a time: what is checked is what stands when it is written
                self.check()
                event = Event.record(self.actor, self.audit_event, target=self.target, reason=self.reason, details=self.details)
                return self.perform(event)
        except OperationalError as error:
            raise Busy(_BUSY) from error

    def permit(self) -> None:
        """Refuse actors whose roles do not allow it."""
        if self.actor is not None and not self.actor.permitted(self.permission):
            raise NotPermitted(NOT_PERMITTED)


def after_commit(effect: Callable[[], None]) -> None:
    """Run an effect outside the database once what was written stands."""
    transaction.on_commit(effect)


_NO_REASON = Text("Say why, in a sentence.", "이유를 한 문장으로 적으십시오.")
NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
_BUSY = Text(
    "The desk could not write just now. Nothing was saved; try again in a moment.", "지금은 저장할 수 없습니다. 저장된 것은 없으니 잠시 후 다시 시도하십시오."
)
