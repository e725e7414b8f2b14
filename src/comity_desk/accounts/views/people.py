"""The keeping of accounts: who is here, what they may do and see, resets. For administrators, and never upon themselves."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from comity_desk.accounts import second_factor
from comity_desk.accounts.actions import MEANWHILE, ChangeAccount, CreateAccount, ResetPassword, ResetSecondFactor, told
from comity_desk.accounts.asked_again import asked_again
from comity_desk.accounts.describing import described
from comity_desk.accounts.models import ApiToken, User
from comity_desk.accounts.people_forms import ChangedAccount, NewAccount, Reasoned, initial_of, tell
from comity_desk.accounts.token_actions import RevokeToken
from comity_desk.accounts.wording import said
from comity_desk.audit.allowed import allowed
from comity_desk.audit.chain import canonical
from comity_desk.lib.errors import NOTHING_HERE, Conflict, NotFound, Refused
from comity_desk.lib.pages import page

RESETS = {"password": ResetPassword, "second-factor": ResetSecondFactor}


@allowed("account.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account."""
    sought = request.GET.get("q", "").strip()
    found = User.objects.select_related("directorate").order_by("-is_active", "username")
    if sought:
        found = found.filter(Q(username__icontains=sought) | Q(name__icontains=sought))
    with_factor = set(Authenticator.objects.filter(type__in=second_factor.MEANS).values_list("user_id", flat=True))
    rows = [(described(user), user.pk in with_factor) for user in found]
    return page(request, "accounts/people.html", {"rows": rows, "sought": sought})


@allowed("account.manage")
@asked_again
def new_person(request: HttpRequest) -> HttpResponse:
    """Make an account and show its one-time password, once: it is on this answer alone."""
    form = NewAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        act = CreateAccount(
            actor=request.user,
            username=cleaned["username"],
            values=form.values(),
            by_provider=cleaned.get("by_provider", False),
            reason=cleaned["reason"],
        )
        try:
            user, password = act.run()
            return page(request, "accounts/one_time.html", {"person": user, "password": password, "made": True})
        except Refused as refused:
            tell(form, refused)
    return page(request, "accounts/person_new.html", {"form": form})


@allowed("account.manage")
@asked_again
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person's account, and the form to change it."""
    user = _user(user_id)
    form = ChangedAccount(request.POST or None, initial=initial_of(user))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen") != canonical(told(user)):
            raise Conflict(MEANWHILE)
        try:
            ChangeAccount(actor=request.user, user=user, values=form.values(), seen=told(user), reason=form.cleaned_data["reason"]).run()
            messages.success(request, said("The account is changed.", "계정을 변경했습니다."))
            return HttpResponseRedirect(reverse("person", args=[user.pk]))
        except Refused as refused:
            tell(form, refused)
    context = {
        "person": user,
        "described": described(user),
        "form": form,
        "seen": canonical(told(user)),
        "oneself": user.pk == request.user.pk,
        "reset": Reasoned(prefix="reset"),
        "means": Authenticator.objects.filter(user_id=user.pk).order_by("type"),
        "tokens": user.tokens.all(),
    }
    return page(request, "accounts/person.html", context)


@allowed("account.manage")
@asked_again
@require_POST
def reset(request: HttpRequest, user_id: int, what: str) -> HttpResponse:
    """Reset a password or the second factor, and show the new one-time password, once."""
    user, form = _user(user_id), Reasoned(request.POST, prefix="reset")
    if what not in RESETS:
        raise NotFound(NOTHING_HERE)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    password = RESETS[what](actor=request.user, user=user, reason=reason).run()
    return page(request, "accounts/one_time.html", {"person": user, "password": password, "made": False})


@allowed("account.manage")
@require_POST
def revoke_persons_token(request: HttpRequest, user_id: int, token_id: int) -> HttpResponse:
    """Withdraw somebody's token."""
    token = ApiToken.objects.select_related("user").filter(pk=token_id, user_id=user_id).first()
    if token is None:
        raise NotFound(NOTHING_HERE)
    RevokeToken(actor=cast("User", request.user), token=token).run()
    messages.success(request, said("The token is withdrawn.", "토큰을 폐기했습니다."))
    return HttpResponseRedirect(reverse("person", args=[user_id]))


def _user(user_id: int) -> User:
    found = User.objects.select_related("directorate").filter(pk=user_id).first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found
