"""Tokens: what programs may do in a person's name, for how long, and where a token is looked at at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from comity_desk.accounts.actions import ChangeAccount, ChooseLanguage
from comity_desk.accounts.models import ApiToken
from comity_desk.accounts.token_actions import MakeToken, RevokeToken, scopes_for
from comity_desk.accounts.tokens import digest, takes_token, user_of
from comity_desk.audit.models import Event
from comity_desk.conf import urls as real
from comity_desk.lib import clock
from comity_desk.lib.errors import NotPermitted, Refused

pytestmark = pytest.mark.django_db


def told(request, *_):
    return HttpResponse(f"{request.user.username}:{','.join(sorted(request.user.scopes or ()))}:{request.user.permitted('record.read')}")


@takes_token("feed")
def feed(request):
    return told(request)


PUBLIC = real.PUBLIC
urlpatterns = [path("api/try/", told), path("calendar.ics", feed, name="feed"), path("page/", told, name="page"), path("", include(real.urlpatterns))]


@pytest.fixture(autouse=True)
def _addresses():
    with override_settings(ROOT_URLCONF="test_tokens"):
        yield


def token(user, *scopes: str, days: int = 30) -> str:
    return MakeToken(actor=user, name="script", scopes=scopes or ("read",), days=days).run()[1]


def bearer(secret: str, method: str = "get", where: str = "/api/try/", **more):
    return getattr(Client(enforce_csrf_checks=True), method)(where, headers={"Authorization": f"Bearer {secret}"}, **more)


# Making


def test_a_token_is_shown_once_and_its_hash_kept(cast, signed_in):
    client = signed_in(cast.reader)
    answer = client.post("/account/tokens/new/", {"name": "notebook", "scopes": ["read"], "days": 90})
    secret = answer.content.decode().split('class="once">')[1].split("<")[0]
    kept = ApiToken.objects.get()
    assert kept.digest == digest(secret)
    assert secret.startswith(kept.prefix)
    assert len(secret) - len("comity_") == 32
    assert secret not in client.get("/account/").content.decode()
    assert secret not in "".join(Event.objects.values_list("content", flat=True))
    assert bearer(secret).content == b"reader:read:True"


@pytest.mark.parametrize(
    "asked",
    [{"days": 366}, {"days": 0}, {"days": -1}, {"scopes": []}, {"scopes": ["all"]}, {"scopes": ["metrics"]}, {"name": ""}, {"name": "a\r\nb"}],
)
def test_tokens_that_are_not_made(cast, signed_in, asked):
    answer = signed_in(cast.reader).post("/account/tokens/new/", {"name": "x", "scopes": ["read"], "days": 90, **asked})
    assert answer.status_code == 200
    assert not ApiToken.objects.exists()
    with pytest.raises(Refused):
        MakeToken(actor=cast.reader, **{"name": "x", "scopes": ["read"], "days": 90, **asked}).run()


def test_scopes_are_those_of_which_the_roles_make_use(cast):
    assert scopes_for(["reader"]) == ["read", "write", "feed"]
    assert scopes_for(["administrator"]) == ["metrics"]
    assert scopes_for([]) == []


def test_twenty_living_tokens_are_the_most(cast):
    for _ in range(20):
        token(cast.reader)
    with pytest.raises(Refused, match="twenty"):
        token(cast.reader)
    RevokeToken(actor=cast.reader, token=ApiToken.objects.first()).run()
    token(cast.reader)


# Using


def test_a_token_reads_and_does_not_write_beyond_its_scope(cast):
    secret = token(cast.editor, "read")
    assert bearer(secret).status_code == 200
    for method in ("post", "put", "patch", "delete"):
        answer = bearer(secret, method)
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert bearer(token(cast.editor, "write"), "post").status_code == 200
    assert bearer(token(cast.editor, "write")).status_code == 403  # writing does not bring reading along; ask for both


def test_a_token_never_exceeds_the_roles_and_its_scopes(cast):
    request = RequestFactory().get("/api/try/", headers={"Authorization": f"Bearer {token(cast.editor, 'read')}"})
    user, scopes = user_of(request)
    assert scopes == {"read"}
    assert user.permitted("record.read")
    assert not user.permitted("record.propose")  # a role, but not the scope
    request = RequestFactory().get("/api/try/", headers={"Authorization": f"Bearer {token(cast.reader, 'read', 'write')}"})
    user, _ = user_of(request)
    assert not user.permitted("record.propose")  # the scope, but no role
    ChangeAccount(actor=cast.administrator, user=cast.reader, values={"roles": []}, reason="x").run()
    fresh = RequestFactory().get("/api/try/", headers={"Authorization": request.headers["Authorization"]})
    assert not user_of(fresh)[0].permitted("record.read")


def test_a_token_reaches_no_account(cast):
    secret = token(cast.administrator, "metrics")
    for where in ("/people/", "/account/", "/account/tokens/new/", "/page/"):
        assert bearer(secret, where=where).status_code == 302  # not looked at there: sent to sign in
    user, _ = user_of(RequestFactory().get("/api/try/", headers={"Authorization": f"Bearer {secret}"}))
    assert not user.permitted("account.manage")
    for act in (
        MakeToken(actor=user, name="x", scopes=["metrics"], days=1),
        ChooseLanguage(actor=user, language="ko"),
        RevokeToken(actor=user, token=ApiToken.objects.get()),
    ):
        with pytest.raises(NotPermitted):
            act.run()


@pytest.mark.parametrize("spoilt", ["", "x", "comity_", "comity_" + "a" * 32, "Bearer", "\x00", "ü" * 10])
def test_words_that_are_no_token(cast, spoilt):
    token(cast.reader)
    answer = Client().get("/api/try/", headers={"Authorization": f"Bearer {spoilt}"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Basic cmVhZGVyOng=", "Token x", "Bearer", "bearer  "])
def test_other_ways_to_say_who_one_is_are_not_heard(cast, header):
    assert Client().get("/api/try/", headers={"Authorization": header}).status_code == 401


def test_a_token_expires(cast, still_clock):
    secret = token(cast.reader, days=1)
    still_clock.shift(timedelta(days=1) - timedelta(seconds=1))
    assert bearer(secret).status_code == 200
    still_clock.shift(1)
    assert bearer(secret).status_code == 401


def test_a_withdrawn_token_opens_nothing(cast, signed_in):
    secret = token(cast.reader)
    kept = ApiToken.objects.get()
    assert signed_in(cast.editor).post(f"/account/tokens/{kept.pk}/withdraw/").status_code == 404
    assert bearer(secret).status_code == 200
    signed_in(cast.reader).post(f"/account/tokens/{kept.pk}/withdraw/")
    assert bearer(secret).status_code == 401
    with pytest.raises(Refused):
        RevokeToken(actor=cast.reader, token=ApiToken.objects.get()).run()


@pytest.mark.parametrize("values", [{"is_active": False}])
def test_a_token_dies_with_the_account(cast, values):
    secret = token(cast.reader)
    ChangeAccount(actor=cast.administrator, user=cast.reader, values=values, reason="left").run()
    assert bearer(secret).status_code == 401


def test_a_token_waits_while_a_one_time_password_does(cast):
    secret = token(cast.reader)
    cast.reader.set_one_time_password("x")
    cast.reader.save()
    assert bearer(secret).status_code == 401


def test_a_token_sees_what_the_person_sees_now(cast):
    secret = token(cast.reader)
    ChangeAccount(actor=cast.administrator, user=cast.reader, values={"clearance": "unclassified"}, reason="x").run()
    user, _ = user_of(RequestFactory().get("/api/try/", headers={"Authorization": f"Bearer {secret}"}))
    assert user.reader.clearance == "unclassified"


def test_the_day_of_use_is_noted_once_a_day(cast, still_clock, django_assert_num_queries):
    secret = token(cast.reader)
    bearer(secret)
    assert ApiToken.objects.get().last_used == clock.today()
    with django_assert_num_queries(1):
        user_of(RequestFactory().get("/api/try/", headers={"Authorization": f"Bearer {secret}"}))


# Feeds


def test_a_feed_takes_its_token_in_the_address(cast):
    secret = token(cast.reader, "feed")
    assert Client().get(f"/calendar.ics?token={secret}").content == b"reader:feed:False"
    assert bearer(secret, where="/calendar.ics").status_code == 200


def test_no_other_token_and_no_other_place_takes_one_in_the_address(cast):
    reading, feeding = token(cast.reader, "read"), token(cast.reader, "feed")
    assert Client().get(f"/calendar.ics?token={reading}").status_code == 403
    assert Client().get(f"/api/try/?token={reading}").status_code == 401
    assert Client().get(f"/page/?token={feeding}").status_code == 302
    assert bearer(feeding).status_code == 403
    assert Client().get("/calendar.ics?token=").status_code == 401


# Browsers at the API


def test_a_signed_in_person_reaches_the_api_and_strangers_do_not(cast, signed_in):
    assert signed_in(cast.reader).get("/api/try/").content == b"reader::True"
    answer = Client().get("/api/try/")
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


def test_a_forged_form_does_not_reach_the_api_by_cookie(cast, signed_in):
    assert signed_in(cast.editor, enforce_csrf_checks=True).post("/api/try/").status_code == 403


def test_a_token_counts_and_not_the_cookie_beside_it(cast, signed_in):
    client = signed_in(cast.administrator)
    answer = client.get("/api/try/", headers={"Authorization": f"Bearer {token(cast.reader)}"})
    assert answer.content.startswith(b"reader:")
    assert client.get("/api/try/", headers={"Authorization": "Bearer wrong"}).status_code == 401
