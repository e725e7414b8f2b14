"""Looking at the desk as another will read it: public, a class of readers that exists, or a nationality with a clearance.

What is then shown is what both may see, so that nobody sees more by it. Nothing can be written meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from comity.register.readers import PUBLIC, Reader
from comity.vocab.text import Text, same
from comity_desk.accounts.policies import clearances, nationalities, reader_classes
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.asking import AS_READER, looking_as
from comity_desk.lib.errors import NotPermitted, Refused
from comity_desk.lib.pages import page
from comity_desk.records.reading.permits import reading

FOR = ("record.propose", "record.review", "release.approve")  # those who write for others, judge what others write, or let others read
_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
_UNKNOWN = Text("There is no such class of readers.", "그런 열람자 구분은 없습니다.")
_PUBLIC = Text("everybody (what is public)", "일반 공개")


@dataclass(kw_only=True)
class LookAs(Action[list[str | None]]):
    """Look as a class of readers; gives what the session keeps."""

    permission: ClassVar[str] = "record.read"
    audit_event: ClassVar[str] = "looked-as"

    name: str
    clearance: str

    def permit(self) -> None:
        """Those whose work is read by others."""
        super().permit()
        if not any(self.actor.permitted(one) for one in FOR):
            raise NotPermitted(_NOT_PERMITTED)

    def check(self) -> None:
        """The class is public, or a nationality with a clearance."""
        if self.name and (self.name not in nationalities() or self.clearance not in clearances()):
            raise Refused(_UNKNOWN)
        self.details = {"nationality": self.name or None, "clearance": self.clearance if self.name else None}

    def perform(self, event: Event) -> list[str | None]:
        """What to keep in the session."""
        return [self.name or PUBLIC, self.clearance if self.name else None]


@require_safe
def looking(request: HttpRequest) -> HttpResponse:
    """The choices."""
    if not may_look(reading(request)):
        raise NotPermitted(_NOT_PERMITTED)
    classes = [(reader, class_words(reader)) for reader in reader_classes() if reader.name != PUBLIC]
    context = {"classes": classes, "nationalities": nationalities(), "clearances": clearances(), "public": _PUBLIC}
    return page(request, "records/as.html", context)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Begin."""
    name, _, clearance = request.POST.get("class", "").partition("/")
    if request.POST.get("class") == "other":
        name, clearance = request.POST.get("nationality", ""), request.POST.get("clearance", "")
    request.session[AS_READER] = LookAs(actor=request.user, name=name, clearance=clearance).run()
    return redirect(reverse("records_overview"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Look with one's own eyes again."""
    reading(request)
    request.session.pop(AS_READER, None)
    return redirect(reverse("records_overview"))


def may_look(user: Any) -> bool:
    """Whether this person may look as others."""
    return any(user.permitted(one) for one in FOR)


def class_words(reader: Reader) -> Text:
    """A class of readers in words."""
    if reader.name == PUBLIC:
        return _PUBLIC
    name = nationalities().get(reader.name, same(reader.name))
    level = clearances().get(reader.clearance or "", same(""))
    return Text("{name}, cleared to: {level}", "{name}, {level}").format(name=name, level=level) if reader.clearance else name


def banner(request: HttpRequest) -> dict[str, Any]:
    """Tells every page as whom the person looks; a context processor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    other = looking_as(request)
    return {"looking_as": class_words(other)} if other is not None else {}
