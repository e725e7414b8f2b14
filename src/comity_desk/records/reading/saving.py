"""Keeping a question under a name, and dropping it; each person's own, told to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.addresses import records_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused
from comity_desk.lib.language import lang
from comity_desk.records.models_reading import SavedView
from comity_desk.records.reading.asked import asked_of
from comity_desk.records.reading.exports import MEDIA, ExportList
from comity_desk.records.reading.lists import kind_asked
from comity_desk.records.reading.permits import reading

MOST, NAME_LENGTH, QUERY_LENGTH = 100, 80, 2000


@dataclass(kw_only=True)
class SaveView(Action[SavedView]):
    """Keep a question under a name; under a name that the person has for the kind already, it takes the other's place."""

    permission: ClassVar[str] = "view.save"
    audit_event: ClassVar[str] = "view-saved"

    kind: str
    name: str
    query: str

    @property
    def target(self) -> str:
        """The kind."""
        return self.kind

    def check(self) -> None:
        """It has a name, means something, and there is room."""
        if self.kind not in kinds():
            raise NotFound(NOTHING_HERE)
        self.name = " ".join(self.name.split())[:NAME_LENGTH]
        if not self.name:
            raise Refused(_NO_NAME)
        self.query = asked_of(kinds()[self.kind], QueryDict(self.query)).at(1).query(kinds()[self.kind])
        own = SavedView.objects.filter(owner=self.actor)
        if len(self.query) > QUERY_LENGTH or own.exclude(kind=self.kind, name=self.name).count() >= MOST:
            raise Refused(_TOO_MANY.format(n=MOST))

    def perform(self, event: Event) -> SavedView:
        """Keep it."""
        view, _ = SavedView.objects.update_or_create(owner=self.actor, kind=self.kind, name=self.name, defaults={"query": self.query})
        return view


@dataclass(kw_only=True)
class DropView(Action[None]):
    """Keep a question no longer."""

    permission: ClassVar[str] = "view.save"
    audit_event: ClassVar[str] = "view-dropped"

    key: str

    def check(self) -> None:
        """It is the person's own."""
        found = SavedView.objects.filter(owner=self.actor, key=self.key).first()
        if found is None:
            raise NotFound(NOTHING_HERE)
        self.view = found

    def perform(self, event: Event) -> None:
        """Drop it."""
        self.view.delete()


@require_POST
def view_save(request: HttpRequest, plural: str) -> HttpResponse:
    """Keep the question of this list."""
    kind = kind_asked(request, plural)
    view = SaveView(actor=request.user, kind=kind.name, name=request.POST.get("name", ""), query=request.POST.get("query", "")).run()
    return redirect(view.address)


@require_POST
def view_drop(request: HttpRequest, key: str) -> HttpResponse:
    """Drop one."""
    reading(request)
    action = DropView(actor=request.user, key=key)
    action.run()
    return redirect(records_address(action.view.kind))


@require_POST
def export(request: HttpRequest, plural: str) -> HttpResponse:
    """The list as a file."""
    kind = kind_asked(request, plural)
    form = request.POST.get("form", "")
    asked = asked_of(kind, QueryDict(request.POST.get("query", "")))
    action = ExportList(actor=request.user, snapshot=snapshot_of(request), kind=kind, asked=asked, form=form, lang=lang(), today=clock.today())
    response = HttpResponse(action.run(), content_type=MEDIA.get(form))
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.plural}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


_NO_NAME = Text("Give the view a name.", "보기의 이름을 적으십시오.")
_TOO_MANY = Text("No more than {n} views are kept. Drop one first.", "보기는 {n}개까지 저장할 수 있습니다. 먼저 하나를 지우십시오.")
