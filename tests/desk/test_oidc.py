"""Signing in through an identity provider: a tiny one on loopback, whose answers each test makes as it likes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, override_settings
from standing_cast import sign_in as enter

from comity_desk.accounts.checks import identity_provider
from comity_desk.accounts.models import User
from comity_desk.audit.models import Event

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """An identity provider: discovery, keys, tokens. Who signs in there is said by `claims`."""

    def __init__(self, url: str) -> None:
        self.url, self.claims, self.key, self.asked = url, {}, KEY, []

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userinfo", "jwks_uri": "/keys"}
            return {"issuer": self.url, **{name: self.url + end for name, end in ends.items()}}
        if path == "/keys":
            return {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "1", "alg": "RS256"}]}
        if path == "/token":
            self.asked.append(form)
            told = {"iss": self.url, "aud": "desk", "exp": time.time() + 60, "iat": time.time(), **self.claims}
            return {"access_token": "a", "token_type": "bearer", "id_token": jwt.encode(told, self.key, "RS256", headers={"kid": "1"})}
        return None


@pytest.fixture
def provider() -> Iterator[Provider]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            told = here.answer(urlsplit(self.path).path, parse_qs(self.rfile.read(length).decode()))
            self.send_response(200 if told else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    here = Provider(f"http://127.0.0.1:{server.server_port}")
    app = {"provider_id": "ministry", "name": "Ministry", "client_id": "desk", "secret": "s", "settings": {"server_url": here.url, "oauth_pkce_enabled": True}}
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}):
        yield here
    server.shutdown()
    server.server_close()


def sign_in(client: Client, provider: Provider, query: str = "?process=login", **claims: Any):
    """Go to the provider, and come back as whoever the claims say."""
    provider.claims = claims
    sent = client.get(f"/sign-in/with/ministry/{query}")
    assert sent.status_code == 302
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    return client.get("/sign-in/with/ministry/back/", {"code": "c", "state": asked["state"][0]})


def signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_person_is_linked_by_name_and_the_providers_second_factor_counts(cast, provider):
    client = Client()
    answer = sign_in(client, provider, sub="subject-1", preferred_username="Editor", amr=["pwd", "otp", "mfa"])
    assert answer.status_code == 302
    assert signed_in(client)
    assert [event.action for event in Event.objects.order_by("number")] == ["provider-linked", "signed-in"]
    assert SocialAccount.objects.get().user == cast.editor
    assert provider.asked[0]["code_verifier"]


@pytest.mark.parametrize("amr", [None, [], ["pwd"], ["sms"], "mfa", ["otpx"]])
def test_without_a_second_factor_there_the_desk_asks_for_its_own(cast, provider, amr):
    client = Client()
    answer = sign_in(client, provider, sub="subject-1", preferred_username="editor", **({"amr": amr} if amr is not None else {}))
    assert answer.headers["Location"] == "/sign-in/code/"
    assert not signed_in(client)


def test_who_has_no_second_factor_anywhere_sets_one_up(db, provider):
    User.objects.create(username="new", roles=["reader"])
    client = Client()
    sign_in(client, provider, sub="subject-9", preferred_username="new")
    assert client.get("/account/").headers["Location"] == "/account/second-factor/application/"


def test_nobody_is_made(cast, provider):
    before = User.objects.count()
    client = Client()
    answer = sign_in(client, provider, sub="subject-1", preferred_username="stranger", email="editor@example.org", amr=["mfa"])
    assert answer.status_code == 403
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert not signed_in(client)
    assert Event.objects.get().action == "sign-in-failed"


@pytest.mark.parametrize("claims", [{}, {"preferred_username": ""}, {"preferred_username": None}, {"username": "editor"}, {"email": "editor"}])
def test_other_claims_name_nobody(cast, provider, claims):
    assert sign_in(Client(), provider, sub="subject-1", amr=["mfa"], **claims).status_code == 403


def test_an_idle_account_stays_shut(cast, provider):
    client = Client()
    assert sign_in(client, provider, sub="subject-1", preferred_username="idle", amr=["mfa"]).status_code == 403
    sign_in(Client(), provider, sub="subject-2", preferred_username="editor", amr=["mfa"])
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    client = Client()
    assert sign_in(client, provider, sub="subject-2", preferred_username="editor", amr=["mfa"]).status_code == 403
    assert not signed_in(client)


def test_a_name_that_goes_to_somebody_else_opens_nothing(cast, provider):
    sign_in(Client(), provider, sub="subject-1", preferred_username="editor", amr=["mfa"])
    client = Client()
    assert sign_in(client, provider, sub="subject-2", preferred_username="editor", amr=["mfa"]).status_code == 403
    assert not signed_in(client)


def test_a_person_whose_name_changed_there_is_still_the_person(cast, provider):
    sign_in(Client(), provider, sub="subject-1", preferred_username="editor", amr=["mfa"])
    client = Client()
    sign_in(client, provider, sub="subject-1", preferred_username="administrator", amr=["mfa"])
    assert client.get("/account/").context["user"] == cast.editor


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_a_signed_in_person_links_nothing_else(cast, provider, process):
    client = enter(Client(), cast.reader)
    sign_in(client, provider, f"?process={process}", sub="subject-1", preferred_username="editor", amr=["mfa"])
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda provider: setattr(provider, "key", OTHER_KEY),
        lambda provider: provider.claims.update(aud="another desk"),
        lambda provider: provider.claims.update(iss="http://evil.example"),
        lambda provider: provider.claims.update(exp=time.time() - 600),
    ],
    ids=["signature", "audience", "issuer", "expiry"],
)
def test_answers_that_are_not_the_providers(cast, provider, spoil):
    client = Client()
    sent = client.get("/sign-in/with/ministry/?process=login")
    provider.claims = {"sub": "subject-1", "preferred_username": "editor", "amr": ["mfa"]}
    spoil(provider)
    state = parse_qs(urlsplit(sent.headers["Location"]).query)["state"][0]
    assert client.get("/sign-in/with/ministry/back/", {"code": "c", "state": state}).status_code in (401, 403)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_a_way_back_that_nobody_went_out_by(cast, provider):
    provider.claims = {"sub": "subject-1", "preferred_username": "editor", "amr": ["mfa"]}
    client = Client()
    assert client.get("/sign-in/with/ministry/back/", {"code": "c", "state": "x"}).status_code in (401, 403)
    mine, other = Client(), Client()
    state = parse_qs(urlsplit(mine.get("/sign-in/with/ministry/?process=login").headers["Location"]).query)["state"][0]
    assert other.get("/sign-in/with/ministry/back/", {"code": "c", "state": state}).status_code in (401, 403)
    assert not signed_in(other)


def test_a_provider_that_does_not_answer(cast, provider):
    with override_settings(
        SOCIALACCOUNT_PROVIDERS={
            "openid_connect": {"APPS": [{"provider_id": "ministry", "name": "M", "client_id": "desk", "settings": {"server_url": "http://127.0.0.1:9"}}]}
        }
    ):
        answer = Client().get("/sign-in/with/ministry/?process=login")
    assert answer.status_code in (401, 403)
    assert "did not work" in answer.content.decode()


def test_a_provider_that_is_not_set_up(db):
    assert Client().get("/sign-in/with/other/?process=login").status_code == 404
    assert Client().get("/sign-in/with/other/back/").status_code == 404


def test_no_open_redirect_by_the_provider(cast, provider):
    answer = sign_in(Client(), provider, "?process=login&next=https://evil.example/", sub="subject-1", preferred_username="editor", amr=["mfa"])
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize(("url", "faults"), [("http://idp.example", 1), ("https://idp.example", 0), ("http://127.0.0.1:8080", 0), ("ftp://idp.example", 1)])
def test_a_provider_is_reached_by_tls_or_not_at_all(url, faults):
    app = {"provider_id": "ministry", "name": "M", "client_id": "desk", "settings": {"server_url": url}}
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
        assert len(identity_provider(None)) == faults


def test_the_sign_in_page_offers_the_provider(db, provider):
    assert "Sign in with Ministry" in Client().get("/sign-in/").content.decode()
    assert "Ministry 계정으로 로그인" in Client(headers={"accept-language": "ko"}).get("/sign-in/").content.decode()


def test_an_account_for_the_provider_alone_has_no_password(cast, provider):
    admin = enter(Client(), cast.administrator)
    form = {"username": "only", "name": "Only", "language": "en", "clearance": "unclassified", "roles": ["reader"], "by_provider": "on", "reason": "x"}
    assert 'class="once"' not in admin.post("/people/new/", form).content.decode()
    user = User.objects.get(username="only")
    assert not user.has_usable_password()
    client = Client()
    sign_in(client, provider, sub="subject-5", preferred_username="only", amr=["mfa"])
    assert client.get("/account/").status_code == 200
