"""Signing in: password, second factor, first steps of a new person, lock-out, sessions, and what strangers learn (nothing)."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from standing_cast import PASSWORD, TOTP_SECRET, sign_in

from comity_desk.accounts.models import User
from comity_desk.audit.models import Event
from comity_desk.conf.urls import PUBLIC

pytestmark = pytest.mark.django_db


def code(secret: str = TOTP_SECRET) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def by_password(client: Client, name: str, password: str = PASSWORD, **more):
    return client.post("/sign-in/", {"login": name, "password": password}, **more)


def by_both(client: Client, name: str):
    by_password(client, name)
    return client.post("/sign-in/code/", {"code": code()})


def actions() -> list[str]:
    return list(Event.objects.order_by("number").values_list("action", flat=True))


def names(patterns=None, space="") -> list[tuple[str, URLPattern]]:
    found = []
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            found += names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            found.append((f"{space}{one.name}", one))
    return found


# Getting in


def test_password_then_code(cast):
    client = Client()
    assert by_password(client, "editor").headers["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302  # the password alone opens nothing
    answer = client.post("/sign-in/code/", {"code": code()})
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert actions()[-1] == "signed-in"


@pytest.mark.parametrize("spelling", ["EDITOR", " editor ", "ｅditor"])
def test_any_spelling_of_a_name_is_one_name(cast, spelling):
    assert by_password(Client(), spelling).headers["Location"] == "/sign-in/code/"


def test_a_wrong_code_opens_nothing(cast):
    client = Client()
    by_password(client, "editor")
    answer = client.post("/sign-in/code/", {"code": "000000"})
    assert answer.status_code == 200
    assert client.get("/account/").status_code == 302
    assert actions()[-1] == "second-factor-failed"


def test_a_code_is_used_once(cast):
    by_both(Client(), "editor")
    client = Client()
    by_password(client, "editor")
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 200
    assert client.get("/account/").status_code == 302


def test_recovery_code_opens_once(cast):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    one = RecoveryCodes.activate(cast.editor).get_unused_codes()[0]
    for expected in (200, 302):
        client = Client()
        by_password(client, "editor")
        client.post("/sign-in/code/", {"code": one})
        assert client.get("/account/").status_code == expected


def test_five_wrong_codes_lock_the_second_factor(cast):
    client = Client()
    by_password(client, "editor")
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    assert "fifteen minutes" in client.post("/sign-in/code/", {"code": code()}).content.decode()
    assert client.get("/account/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_first_steps_of_a_new_person():
    user = User(username="new", name="New", roles=["reader"])
    user.set_one_time_password("one-time")
    user.save()
    client = Client()
    by_password(client, "new", "one-time")
    for path in ("/", "/account/", "/people/", "/account/second-factor/", "/nowhere/"):
        assert client.get(path).headers["Location"] == "/account/password/", path
    assert client.get("/api/anything").status_code == 403
    refused = client.post("/account/password/", {"oldpassword": "one-time", "password1": "short", "password2": "short"})
    assert refused.status_code == 200
    client.post("/account/password/", {"oldpassword": "one-time", "password1": PASSWORD, "password2": PASSWORD})
    for path in ("/", "/account/", "/account/second-factor/", "/account/password/", "/nowhere/"):
        assert client.get(path).headers["Location"] == "/account/second-factor/application/", path
    page = client.get("/account/second-factor/application/")
    secret = re.search(r'class="secret">(\w+)<', page.content.decode()).group(1)
    made = client.post("/account/second-factor/application/", {"code": code(secret)})
    assert made.headers["Location"] == "/account/second-factor/codes/"
    assert client.get("/account/second-factor/codes/").content.decode().count("<li><code>") == 10
    assert client.get("/account/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.one_time_until is None
    assert actions() == ["signed-in", "password-changed", "second-factor-added", "second-factor-added"]


def test_a_one_time_password_runs_out(db):
    user = User(username="new", roles=["reader"])
    user.set_one_time_password("one-time")
    user.save()
    with time_machine.travel(time.time() + 3 * 24 * 3600 + 60):
        assert by_password(Client(), "new", "one-time").status_code == 200
    assert by_password(Client(), "new", "one-time").status_code == 302


def test_a_session_from_before_the_second_factor_stays_shut(db):
    """Whoever knows the password alone, and signed in with it before a second factor was set up, gains nothing by the person's setting one up."""
    user = User(username="new", roles=["reader"])
    user.set_password(PASSWORD)
    user.save()
    early = Client()
    by_password(early, "new")
    TOTP.activate(user, TOTP_SECRET)
    assert early.get("/account/").headers["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in early.session


def test_an_idle_account_is_answered_as_a_wrong_password(cast):
    idle, wrong = by_password(Client(), "idle"), by_password(Client(), "reader", "wrong wrong wrong")
    assert idle.status_code == wrong.status_code == 200
    assert _plain(idle, "idle") == _plain(wrong, "reader")


def test_nobody_is_offered_a_way_anywhere_before_the_gate(db):
    user = User.objects.create(username="new", roles=["administrator"], must_change_password=True)
    client = Client()
    client.force_login(user, backend="comity_desk.accounts.backends.DeskBackend")
    assert "<nav" not in client.get("/account/password/").content.decode()
    User.objects.update(must_change_password=False)
    assert "<nav" not in client.get("/account/confirm/?next=/account/second-factor/application/", follow=True).content.decode()
    assert "<nav" in sign_in(Client(), user).get("/account/").content.decode()


# Staying out


def _plain(answer, name: str) -> str:
    """An answer without what must differ: the form's token and the name that was typed."""
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+', "", answer.content.decode().replace(f'value="{name}"', ""))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_lock_out_is_the_same_for_names_that_nobody_has(cast, lang):
    answers = {}
    for name in ("editor", "nobody-here"):
        client = Client(headers={"accept-language": lang})
        answers[name] = [by_password(client, name, "wrong wrong wrong") for _ in range(6)]
    known, unknown = ([(answer.status_code, _plain(answer, name)) for answer in answers[name]] for name in ("editor", "nobody-here"))
    assert known == unknown
    assert [status for status, _ in known] == [200] * 4 + [429] * 2
    assert ("15분" if lang == "ko" else "fifteen minutes") in known[-1][1]
    assert by_password(Client(), "editor").status_code == 429  # the right password does not help now


def test_a_lock_out_ends_after_fifteen_minutes_and_wrong_tries_do_not_prolong_it(cast):
    now = time.time()
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(5):
            by_password(Client(), "editor", "wrong wrong wrong")
        clock.shift(10 * 60)
        assert by_password(Client(), "EDITOR").status_code == 429
        clock.shift(6 * 60)
        assert by_password(Client(), "editor").headers["Location"] == "/sign-in/code/"


def test_wrong_tries_are_on_the_trail_without_unknown_names(cast):
    by_password(Client(), "editor", "wrong wrong wrong")
    by_password(Client(), "my secret password", "wrong wrong wrong")
    first, second = Event.objects.order_by("number")
    assert first.action == second.action == "sign-in-failed"
    assert '"target":"editor"' in first.content
    assert "secret" not in second.content


def test_another_person_is_not_locked(cast):
    for _ in range(6):
        by_password(Client(), "editor", "wrong wrong wrong")
    assert by_password(Client(), "reader").headers["Location"] == "/sign-in/code/"


def test_nobody_registers_and_nothing_goes_by_mail():
    listed = {name for name, _ in names()}
    shut = {"account_signup", "account_email", "account_reset_password", "account_confirm_email", "account_request_login_code", "mfa_login_webauthn"}
    assert not listed & shut


@pytest.mark.parametrize("path", ["/sign-in/register/", "/account/identity-providers/", "/account/password/set/"])
def test_pages_that_the_desk_does_not_have(cast, signed_in, path):
    assert signed_in(cast.reader).get(path).status_code == 404


def test_every_address_is_shut_to_strangers():
    """All that is registered, by itself: a new address is shut unless it is named in PUBLIC."""
    client = Client(raise_request_exception=True)
    seen = 0
    for name, pattern in names():
        if name in PUBLIC:
            continue
        path = _path(name, pattern)
        if path is None:
            continue
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(client, method)(path)
            api = path.startswith(settings.API_PREFIX)  # which answers 429 after many strangers
            assert answer.status_code in (401, 429) if api else answer.headers["Location"].startswith("/sign-in/"), (name, method, answer.status_code)
        seen += 1
    assert seen > 30


def _path(name: str, pattern: URLPattern) -> str | None:
    filled = {
        key: {"IntConverter": 1, "SlugConverter": "x", "StringConverter": "x", "PathConverter": "x/y"}.get(type(one).__name__, "x")
        for key, one in pattern.pattern.converters.items()
    }
    try:
        return reverse(name, kwargs=filled)
    except Exception:
        return None  # addresses by regular expression; covered by the crawler


@pytest.mark.parametrize("path", ["/nowhere/", "/%2e%2e/etc/passwd", "/sign-in/../people/", "/people"])
def test_unknown_addresses_are_shut_to_strangers(path):
    assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_the_public_addresses_are_few():
    assert {
        *("account_login", "account_logout", "account_inactive", "mfa_authenticate", "set_language", "health", "readiness", "metrics"),
        *("openid_connect_login", "openid_connect_callback", "socialaccount_login_error", "socialaccount_login_cancelled"),
    } == PUBLIC


def test_a_fragment_is_sent_to_sign_in_as_a_whole_page():
    answer = Client().get("/account/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"})
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Faccount%2F"


# Sessions


def test_signing_in_changes_the_session_key(cast):
    client = Client()
    client.get("/sign-in/")
    client.cookies["sessionid"] = "a" * 32  # a key that somebody else chose
    by_password(client, "editor")
    between = client.cookies["sessionid"].value
    client.post("/sign-in/code/", {"code": code()})
    after = client.cookies["sessionid"].value
    assert "a" * 32 not in (between, after)
    assert between != after
    stale = Client()
    stale.cookies["sessionid"] = between
    assert stale.get("/account/").status_code == 302


def test_a_session_lasts_twelve_hours_and_ends_with_the_browser(cast):
    client = Client()
    by_both(client, "editor")
    cookie = client.cookies["sessionid"]
    assert not cookie["expires"]
    assert not cookie["max-age"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    with time_machine.travel(time.time() + 12 * 3600 + 60):
        assert client.get("/account/").status_code == 302


def test_signing_out_ends_the_session_and_only_by_post(cast, signed_in):
    client = signed_in(cast.editor)
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    client.cookies["sessionid"] = key
    assert client.get("/account/").status_code == 302


def test_own_sessions_are_listed_and_the_others_end(cast):
    here, there = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "<b>There</b>"})
    by_both(here, "editor")
    with time_machine.travel(time.time() + 90):
        by_both(there, "editor")
        page = here.get("/account/").content.decode()
        assert "Here" in page
        assert "&lt;b&gt;There" in page
        here.post("/account/sessions/end-others/")
        assert here.get("/account/").status_code == 200
        assert there.get("/account/").status_code == 302
        assert "There" not in here.get("/account/").content.decode()
    assert UserSession.objects.filter(user=cast.editor).count() == 1


def test_changing_the_password_ends_the_other_sessions(cast, signed_in):
    here, there = signed_in(cast.editor), signed_in(cast.editor)
    new = "another long password, this"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert by_password(Client(), "editor", new).status_code == 302


# What forms and redirects may be made to do


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"])
def test_no_open_redirect(cast, signed_in, there):
    client = Client()
    client.post(f"/sign-in/?next={there}", {"login": "editor", "password": PASSWORD, "next": there})
    assert "evil" not in client.post("/sign-in/code/", {"code": code(), "next": there}).headers["Location"]
    assert "evil" not in client.post("/language/", {"language": "ko", "next": there}).headers["Location"]
    assert "evil" not in signed_in(cast.reader).post("/sign-out/", {"next": there}).headers["Location"]
    assert "javascript" not in client.post("/language/", {"language": "en", "next": there}).headers["Location"]


def test_signing_in_leads_back_to_where_one_was_going(cast):
    client = Client()
    sent = client.get("/account/second-factor/").headers["Location"]
    assert sent == "/sign-in/?next=%2Faccount%2Fsecond-factor%2F"
    client.post(sent, {"login": "editor", "password": PASSWORD, "next": "/account/second-factor/"})
    assert client.post("/sign-in/code/", {"code": code()}).headers["Location"] == "/account/second-factor/"


def test_every_form_needs_its_token(cast):
    client = sign_in(Client(enforce_csrf_checks=True), cast.administrator)
    for name, pattern in names():
        path = _path(name, pattern)
        if path is None or path.startswith(settings.API_PREFIX) or name in ("health", "readiness", "metrics"):
            continue
        assert client.post(path).status_code in (403, 405), name


def test_a_forged_form_is_refused_in_the_readers_language(cast):
    client = sign_in(Client(enforce_csrf_checks=True), cast.reader)
    client.cookies["django_language"] = "ko"
    answer = client.post("/account/sessions/end-others/")
    assert answer.status_code == 403
    assert "처리하지 않았습니다" in answer.content.decode()


@pytest.mark.parametrize("path", ["/sign-in/", "/account/", "/nowhere/"])
def test_headers_of_every_answer(cast, signed_in, path):
    answer = signed_in(cast.reader).get(path) if path != "/sign-in/" else Client().get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/account/", "/account/password/", "/account/second-factor/", "/account/second-factor/keys/add/", "/account/tokens/new/"]
)
def test_pages_keep_to_the_policy(cast, signed_in, path):
    """No script, style or handler of events stands in a page itself."""
    page = (signed_in(cast.reader) if path != "/sign-in/" else Client()).get(path).content.decode()
    inline = [found for found in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) if 'type="application/json"' not in found]
    assert not inline
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)


# One's own second factor


def test_security_pages_ask_again_after_fifteen_minutes(cast, signed_in):
    client = signed_in(cast.editor, recently=False)
    for path in (
        "/account/second-factor/application/replace/",
        "/account/second-factor/codes/make/",
        "/account/second-factor/keys/add/",
        "/account/tokens/new/",
    ):
        assert client.get(path).headers["Location"].startswith("/account/confirm/"), path
    asked = client.get("/account/tokens/new/").headers["Location"]
    assert client.post(asked, {"password": "wrong wrong wrong"}).status_code == 200
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == "/account/tokens/new/"
    assert client.get("/account/tokens/new/").status_code == 200


def test_the_only_second_factor_stays(cast, signed_in):
    client = signed_in(cast.editor)
    client.post("/account/second-factor/application/remove/")
    assert Authenticator.objects.filter(user=cast.editor, type="totp").exists()


def test_an_application_is_replaced_in_one_step(cast, signed_in):
    client = signed_in(cast.editor)
    page = client.get("/account/second-factor/application/replace/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page).group(1)
    assert client.post("/account/second-factor/application/replace/", {"code": "000000"}).status_code == 200
    assert Authenticator.objects.get(user=cast.editor, type="totp").wrap().validate_code(code())
    assert client.post("/account/second-factor/application/replace/", {"code": code(secret)}).status_code == 302
    assert not Authenticator.objects.get(user=cast.editor, type="totp").wrap().validate_code(code())
    assert client.get("/account/").status_code == 200
    assert {"second-factor-removed", "second-factor-added"} <= set(actions())


def test_secrets_of_second_factors_do_not_lie_readable(cast):
    assert TOTP_SECRET not in str(Authenticator.objects.get(user=cast.editor, type="totp").data)


# Languages


def test_the_language_is_kept_with_the_person(cast, signed_in):
    client = signed_in(cast.editor)
    answer = client.post("/language/", {"language": "ko", "next": "/account/"})
    assert answer.cookies["django_language"].value == "ko"
    cast.editor.refresh_from_db()
    assert cast.editor.language == "ko"
    other = Client(headers={"accept-language": "en"})
    assert "ko" not in by_password(other, "editor").cookies.get("django_language", "")
    with time_machine.travel(time.time() + 90):
        assert other.post("/sign-in/code/", {"code": code()}).cookies["django_language"].value == "ko"
    assert "내 계정" in other.get("/account/").content.decode()


def test_an_unknown_language_is_not_kept(cast, signed_in):
    answer = signed_in(cast.editor).post("/language/", {"language": "ko\r\nSet-Cookie: a=b"})
    assert "django_language" not in answer.cookies
    cast.editor.refresh_from_db()
    assert cast.editor.language == "en"


def test_cookies_say_no_more_than_they_must(cast):
    client = Client()
    client.get("/sign-in/")
    by_both(client, "editor")
    flags = {name: (bool(cookie["httponly"]), cookie["samesite"]) for name, cookie in client.cookies.items()}
    assert flags == {"csrftoken": (True, "Strict"), "sessionid": (True, "Lax"), "django_language": (True, "Lax")}


# Deployment


def test_passwords_are_kept_by_argon2_alone():
    from comity_desk.conf import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert real.DEBUG is False


def test_a_desk_behind_tls_passes_the_check_for_deployment(tmp_path):
    import os
    import subprocess
    import sys

    told = {
        "COMITY_DESK_HTTPS": "1",
        "COMITY_DESK_HOME": str(tmp_path),
        "COMITY_DESK_HOSTS": "desk.example",
        "DJANGO_SETTINGS_MODULE": "comity_desk.conf.settings",
    }
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('check', deploy=True, fail_level='WARNING')\n"
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    ran = subprocess.run([sys.executable, "-c", program], env={**os.environ, **told}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split()[-5:] == ["True", "True", "True", "31536000", "False"]


def test_no_step_of_the_tables_is_missing():
    call_command("makemigrations", "--check", "--dry-run", "accounts", "audit", verbosity=0)
