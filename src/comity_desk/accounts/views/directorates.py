"""Directorates: which part of the ministry keeps which kinds of records and which partners."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from comity_desk.accounts.actions import ChangeDirectorate, CreateDirectorate
from comity_desk.accounts.models import Directorate
from comity_desk.accounts.people_forms import ChangedDirectorate, DirectorateForm, tell
from comity_desk.accounts.wording import said
from comity_desk.audit.allowed import allowed
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused
from comity_desk.lib.pages import page


@allowed("directorate.manage")
def directorates(request: HttpRequest) -> HttpResponse:
    """All directorates, with what they keep and how many people they have."""
    rows = Directorate.objects.annotate(people=Count("members", filter=Q(members__is_active=True)))
    return page(request, "accounts/directorates.html", {"rows": rows})


@allowed("directorate.manage")
def new_directorate(request: HttpRequest) -> HttpResponse:
    """Set one up."""
    form = DirectorateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            CreateDirectorate(actor=request.user, **form.cleaned_data).run()
            messages.success(request, said("The directorate is set up.", "부서를 등록했습니다."))
            return HttpResponseRedirect(reverse("directorates"))
        except Refused as refused:
            tell(form, refused)
    return page(request, "accounts/directorate.html", {"form": form})


@allowed("directorate.manage")
def directorate(request: HttpRequest, directorate_id: int) -> HttpResponse:
    """Change one."""
    kept = Directorate.objects.filter(pk=directorate_id).first()
    if kept is None:
        raise NotFound(NOTHING_HERE)
    initial = {"name_en": kept.name_en, "name_ko": kept.name_ko, "kinds": kept.kinds, "partners": kept.partners}
    form = ChangedDirectorate(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ChangeDirectorate(actor=request.user, directorate=kept, **form.cleaned_data).run()
            messages.success(request, said("The directorate is changed.", "부서를 변경했습니다."))
            return HttpResponseRedirect(reverse("directorates"))
        except Refused as refused:
            tell(form, refused)
    return page(request, "accounts/directorate.html", {"form": form, "directorate": kept})
