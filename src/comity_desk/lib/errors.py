"""What the desk refuses, named by its condition and said in both languages.

    DeskError
    ├── NotPermitted   403  the person's roles do not allow the act
    ├── NotFound       404  there is no such thing for this reader; the same words whether it is hidden or was never there
    ├── Conflict       409  somebody else changed it meanwhile
    ├── TooLarge       413  more than the desk takes at once
    ├── Refused        422  what was asked for cannot be done as it stands; carries the faults
    └── Busy           503  the desk cannot write or compute just now; nothing was lost

A middleware renders them, as a page or as problem details (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.vocab.errors import ComityError, Fault
from comity.vocab.text import Text


class DeskError(ComityError):
    """Anything that the desk refuses."""

    status = 500
    title = Text("The desk could not do that", "처리할 수 없습니다")


class NotPermitted(DeskError):
    """The person's roles do not allow the act."""

    status = 403
    title = Text("Not permitted", "권한이 없습니다")


class NotFound(DeskError):
    """There is no such thing for this reader."""

    status = 404
    title = Text("Not found", "찾을 수 없습니다")


class Conflict(DeskError):
    """Somebody else changed it meanwhile."""

    status = 409
    title = Text("Changed meanwhile", "그사이 바뀌었습니다")


class TooLarge(DeskError):
    """More than the desk takes at once."""

    status = 413
    title = Text("Too large", "너무 큽니다")


class Refused(DeskError):
    """What was asked for cannot be done as it stands; `.faults` says why, place by place."""

    status = 422
    title = Text("Cannot be done as it stands", "그대로는 처리할 수 없습니다")

    def __init__(self, text: Text, faults: Sequence[Fault] = ()) -> None:
        super().__init__(text)
        self.faults = list(faults)


class Busy(DeskError):
    """The desk cannot write or compute just now; nothing was lost."""

    status = 503
    title = Text("Try again shortly", "잠시 후 다시 시도하십시오")


NOTHING_HERE = Text("There is nothing here, or nothing that you may see.", "해당 내용이 없거나 열람 권한이 없습니다.")
