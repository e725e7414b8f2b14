"""What the API refuses beyond what the desk refuses, one class a status.

DeskError
├── NotRead             400  a body or address that cannot be read
├── NoSuchMethod        405  the address does not do that
├── HasChanged          412  the record is not the one that the change was made from; carries what differs
├── NotJson             415  a body of another form than the address takes
├── Malformed           422  parameters or a body of the wrong form; carries the faults
├── SayWhichOne         428  a change must say from which state of the record it was made
├── TooOften            429  more requests than the limit
└── Broken              500  a fault inside the desk
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase

from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.lib.errors import DeskError


class NotRead(DeskError):
    """A body or address that cannot be read."""

    status = 400
    title = Text("Cannot be read", "읽을 수 없습니다")


class NoSuchMethod(DeskError):
    """The address does not do that."""

    status = 405
    title = Text("Method not allowed", "허용되지 않는 메서드입니다")


class HasChanged(DeskError):
    """The record is not the one that the change was made from; `.differs` says how (field → then and now)."""

    status = 412
    title = Text("The record has changed", "기록이 바뀌었습니다")

    def __init__(self, text: Text, differs: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.differs = dict(differs or {})


class NotJson(DeskError):
    """A body of another form than the address takes."""

    status = 415
    title = Text("Unsupported media type", "지원하지 않는 형식입니다")


class Malformed(DeskError):
    """Parameters or a body of the wrong form; `.faults` says where."""

    status = 422
    title = Text("Malformed request", "요청 형식이 맞지 않습니다")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_MALFORMED)
        self.faults = list(faults)


class SayWhichOne(DeskError):
    """A change must say from which state of the record it was made."""

    status = 428
    title = Text("Precondition required", "전제 조건이 필요합니다")


class TooOften(DeskError):
    """More requests than the limit."""

    status = 429
    title = Text("Too many requests", "요청이 너무 많습니다")


class Broken(DeskError):
    """A fault inside the desk."""

    status = 500
    title = Text("The desk failed", "내부 오류")


class Unchanged(Exception):
    """The caller holds the answer already; `.response` says so."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def fault(where: str, code: str, what: Text, mend: Text) -> Fault:
    """One thing wrong in a request: `where` names the parameter or the place in the body."""
    return Fault("request", None, where, code, what, mend)


_MALFORMED = Text("Something in the request is of the wrong form.", "요청에 형식이 맞지 않는 부분이 있습니다.")
