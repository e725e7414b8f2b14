"""The keeping of accounts: who may, what it does, what it must never do."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from standing_cast import PASSWORD, sign_in

from comity.register.readers import Reader
from comity_desk.accounts.actions import ChangeAccount, ChangeDirectorate, CreateAccount, CreateDirectorate, ResetPassword, ResetSecondFactor
from comity_desk.accounts.models import ApiToken, Directorate, User
from comity_desk.accounts.policies import nationalities, reader_classes, readers_of
from comity_desk.accounts.roles import ROLES, SCOPES, permissions_of, permissions_of_token
from comity_desk.accounts.token_actions import MakeToken
from comity_desk.audit.models import Event
from comity_desk.lib.errors import Conflict, NotPermitted, Refused

pytestmark = pytest.mark.django_db
FORM = {"name": "Hong Gildong", "language": "ko", "nationality": "KOR", "clearance": "secret", "roles": ["editor"], "reason": "joined the division"}


def change(cast, user, **values):
    return ChangeAccount(actor=cast.administrator, user=user, values=values, reason="by order").run()


def page_and_seen(client: Client, user: User) -> tuple[str, str]:
    page = client.get(f"/people/{user.pk}/").content.decode()
    import html

    return page, html.unescape(re.search(r'name="seen" value="([^"]*)"', page).group(1))


# Roles


def test_what_each_role_may_do_is_as_decided():
    """Written out, so that a change of the table is a change of this list too."""
    assert permissions_of(["reader"]) == {"record.read", "board.read", "export.make", "view.save", "job.run", "token.make", "feed.read"}
    assert permissions_of(["administrator"]).isdisjoint({"record.read", "record.propose", "record.review", "audit.read"})
    assert permissions_of(["auditor"]).isdisjoint({"record.read", "account.manage"})
    assert "record.review" not in permissions_of(["editor"])
    assert "record.propose" not in permissions_of(["reviewer"])
    assert [role for role in ROLES if "account.manage" in permissions_of([role])] == ["administrator"]
    assert [role for role in ROLES if "audit.read" in permissions_of([role])] == ["auditor"]
    assert [role for role in ROLES if "marking.set" in permissions_of([role])] == ["release_officer"]
    assert permissions_of(["emperor"]) == frozenset()
    for scope in SCOPES:
        assert permissions_of_token([scope]).isdisjoint({"account.manage", "directorate.manage", "desk.manage", "token.make", "spill.order"})


def test_an_idle_account_may_do_nothing(cast):
    assert not cast.idle.permitted("record.read")
    assert not cast.reader.permitted("record.propose")
    assert not cast.reader.permitted("")


def test_classes_of_readers_are_distinct_and_of_active_people(cast):
    classes = reader_classes()
    assert len(classes) == len(set(classes))
    assert {
        Reader("KOR", "secret"),
        Reader("KOR", "unclassified"),
        Reader("KOR", "top_secret"),
        Reader("USA", "secret"),
        Reader("JPN", "restricted"),
        Reader("public"),
    } == set(classes)
    korean = [one.clearance for one in classes if one.name == "KOR"]
    assert korean == ["top_secret", "secret", "unclassified"]
    assert cast.idle not in readers_of(Reader("KOR", "secret"))
    assert cast.editor in readers_of(Reader("KOR", "secret"))


def test_nationalities_are_present_states_first():
    assert nationalities()["KOR"].ko == "대한민국" or nationalities()["KOR"].ko == "한국"
    assert "SUN" not in nationalities()


# Making accounts


def test_an_account_is_made_with_a_password_that_is_shown_once(cast, signed_in):
    client = signed_in(cast.administrator)
    answer = client.post("/people/new/", {**FORM, "username": "Hong.Gildong"})
    password = re.search(r'class="once">([^<]+)<', answer.content.decode()).group(1)
    user = User.objects.get(username="hong.gildong")
    assert user.check_password(password)
    assert user.must_change_password
    assert (user.nationality, user.clearance, user.roles) == ("KOR", "secret", ["editor"])
    event = Event.objects.first()
    assert (event.action, event.said()["target"], event.said()["reason"]) == ("account-created", "hong.gildong", "joined the division")
    assert password not in "".join(Event.objects.values_list("content", flat=True))
    assert password not in client.get(f"/people/{user.pk}/").content.decode()
    assert Client().post("/sign-in/", {"login": "hong.gildong", "password": password}).status_code == 302


@pytest.mark.parametrize("name", ["a", "has space", "Ünicode", "-dash", "x" * 61, "new\nline", "<b>", "editor", "EDITOR", "한글이름"])
def test_names_that_are_no_user_names(cast, signed_in, name):
    before = User.objects.count()
    answer = signed_in(cast.administrator).post("/people/new/", {**FORM, "username": name})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "values",
    [
        {"roles": ["emperor"]},
        {"clearance": "cosmic"},
        {"nationality": "ATLANTIS"},
        {"clearance": "secret", "nationality": ""},
        {"name": "line\r\nSet-Cookie: a=b"},
        {"name": "\u202eevil"},
        {"language": "xx"},
    ],
)
def test_values_that_no_account_can_have(cast, values):
    with pytest.raises(Refused) as caught:
        CreateAccount(actor=cast.administrator, username="new", values={"name": "New", "roles": ["reader"], **values}, reason="x").run()
    assert caught.value.faults[0].field in values
    assert not User.objects.filter(username="new").exists()


def test_a_reason_is_needed(cast, signed_in):
    answer = signed_in(cast.administrator).post("/people/new/", {**FORM, "username": "hong", "reason": " "})
    assert not User.objects.filter(username="hong").exists()
    assert "errorlist" in answer.content.decode()


# Rights


@pytest.mark.parametrize("who", ["reader", "editor", "reviewer", "release_officer", "auditor", "top", "american"])
def test_only_administrators_keep_accounts(cast, signed_in, who):
    client = signed_in(getattr(cast, who))
    pk = cast.low.pk
    for path in ("/people/", "/people/new/", f"/people/{pk}/", "/people/999999/", "/directorates/", "/directorates/new/"):
        assert client.get(path).status_code == 403, path
    for path in (
        "/people/new/",
        f"/people/{pk}/",
        f"/people/{pk}/reset/password/",
        f"/people/{pk}/reset/second-factor/",
        f"/people/{pk}/tokens/1/withdraw/",
        "/directorates/new/",
    ):
        assert client.post(path, {**FORM, "reset-reason": "x"}).status_code == 403, path
    for act in (
        CreateAccount(actor=getattr(cast, who), username="mine", values={"roles": ["administrator"]}, reason="x"),
        ChangeAccount(actor=getattr(cast, who), user=cast.low, values={"roles": ["administrator"]}, reason="x"),
        ResetPassword(actor=getattr(cast, who), user=cast.low, reason="x"),
        ResetSecondFactor(actor=getattr(cast, who), user=cast.low, reason="x"),
        CreateDirectorate(actor=getattr(cast, who), name_en="A", name_ko="가"),
    ):
        with pytest.raises(NotPermitted):
            act.run()
    assert not Event.objects.exists()
    cast.low.refresh_from_db()
    assert cast.low.roles == ["reader"]
    assert cast.low.check_password(PASSWORD)


def test_nobody_changes_their_own_account(cast, signed_in):
    client, own = signed_in(cast.administrator), cast.administrator
    assert "own account" in client.get(f"/people/{own.pk}/").content.decode()
    for path in (f"/people/{own.pk}/reset/password/", f"/people/{own.pk}/reset/second-factor/"):
        assert client.post(path, {"reset-reason": "x"}).status_code == 403
    for values in ({"roles": ["administrator", "auditor"]}, {"clearance": "top_secret"}, {"nationality": "USA"}, {"name": "Other"}, {"is_active": False}):
        with pytest.raises(NotPermitted):
            ChangeAccount(actor=own, user=own, values=values, reason="x").run()
    own.refresh_from_db()
    assert (own.roles, own.clearance, own.nationality) == (["administrator"], "secret", "KOR")


def test_fields_that_a_form_does_not_have_change_nothing(cast, signed_in):
    client = signed_in(cast.administrator)
    _, seen = page_and_seen(client, cast.editor)
    client.post(
        f"/people/{cast.editor.pk}/", {**FORM, "is_active": "on", "seen": seen, "password": "x", "session_round": 9, "is_superuser": "on", "username": "other"}
    )
    cast.editor.refresh_from_db()
    assert (cast.editor.username, cast.editor.name) == ("editor", "Hong Gildong")
    assert cast.editor.check_password(PASSWORD)


def test_the_last_active_administrator_stays(cast):
    change(cast, cast.other_administrator, is_active=False)
    cast.other_administrator.refresh_from_db()
    assert not cast.other_administrator.is_active
    for values in ({"is_active": False}, {"roles": ["reader"]}, {"roles": []}):
        with pytest.raises(Refused, match="last active administrator"):
            ChangeAccount(actor=None, user=cast.administrator, values=values, reason="x").run()
    ChangeAccount(actor=None, user=cast.administrator, values={"roles": ["administrator", "reader"]}, reason="x").run()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_remove_each_other_at_once(cast):
    from threading import Barrier, Thread

    from django.db import connections

    together = Barrier(2)

    def remove(actor: User, user: User) -> None:
        try:
            together.wait()
            ChangeAccount(actor=User.objects.get(pk=actor.pk), user=user, values={"is_active": False}, reason="x").run()
        except (Refused, NotPermitted):
            pass
        finally:
            connections.close_all()

    both = [Thread(target=remove, args=pair) for pair in ((cast.administrator, cast.other_administrator), (cast.other_administrator, cast.administrator))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [user.is_active for user in User.objects.filter(username__contains="administrator")].count(True) >= 1


# Changing accounts


def test_a_change_is_on_the_trail_from_and_to(cast):
    change(cast, cast.editor, roles=["editor", "reviewer"], name=cast.editor.name, clearance="top_secret")
    said = Event.objects.first().said()
    assert said["details"] == {"from": {"roles": ["editor"], "clearance": "secret"}, "to": {"roles": ["editor", "reviewer"], "clearance": "top_secret"}}
    assert (said["actor"], said["target"], said["reason"]) == ("administrator", "editor", "by order")


def test_a_change_of_nothing_is_refused(cast):
    with pytest.raises(Refused):
        change(cast, cast.editor, name=cast.editor.name)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"roles": ["reader"]}, True),
        ({"clearance": "unclassified"}, True),
        ({"nationality": "USA"}, True),
        ({"is_active": False}, True),
        ({"name": "Another Name"}, False),
        ({"language": "ko"}, False),
    ],
)
def test_sessions_end_when_what_a_person_may_do_or_see_changes(cast, signed_in, values, ends):
    first, second = signed_in(cast.editor), signed_in(cast.editor)
    other = signed_in(cast.reader)
    change(cast, cast.editor, **values)
    assert {client.get("/account/").status_code for client in (first, second)} == ({302} if ends else {200})
    assert other.get("/account/").status_code == 200


def test_a_reset_password_ends_sessions_and_opens_once(cast, signed_in):
    session, admin = signed_in(cast.editor), signed_in(cast.administrator)
    answer = admin.post(f"/people/{cast.editor.pk}/reset/password/", {"reset-reason": "forgotten"})
    password = re.search(r'class="once">([^<]+)<', answer.content.decode()).group(1)
    assert session.get("/account/").status_code == 302
    cast.editor.refresh_from_db()
    assert cast.editor.must_change_password
    assert not cast.editor.check_password(PASSWORD)
    assert cast.editor.check_password(password)
    assert Authenticator.objects.filter(user=cast.editor, type="totp").exists()
    assert Event.objects.first().action == "password-reset"
    assert password not in Event.objects.first().content


def test_a_reset_second_factor_takes_the_password_along(cast, signed_in):
    session, admin = signed_in(cast.editor), signed_in(cast.administrator)
    admin.post(f"/people/{cast.editor.pk}/reset/second-factor/", {"reset-reason": "phone lost"})
    assert session.get("/account/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.editor).exists()
    cast.editor.refresh_from_db()
    assert not cast.editor.check_password(PASSWORD)  # whoever knew it could have set up a second factor in the person's place
    assert [event.action for event in Event.objects.order_by("number")] == ["second-factor-reset", "second-factor-removed"]


def test_a_reset_without_a_reason_is_refused(cast, signed_in):
    assert signed_in(cast.administrator).post(f"/people/{cast.editor.pk}/reset/password/", {"reset-reason": ""}).status_code == 422
    cast.editor.refresh_from_db()
    assert cast.editor.check_password(PASSWORD)


def test_an_administrator_is_asked_again_after_fifteen_minutes(cast, signed_in):
    client = signed_in(cast.administrator, recently=False)
    for path in ("/people/new/", f"/people/{cast.editor.pk}/"):
        assert client.get(path).headers["Location"].startswith("/account/confirm/")
    sent = client.post(f"/people/{cast.editor.pk}/reset/password/", {"reset-reason": "forgotten"})
    assert sent.headers["Location"].startswith("/account/confirm/")
    cast.editor.refresh_from_db()
    assert cast.editor.check_password(PASSWORD)
    answer = client.post(sent.headers["Location"], {"password": PASSWORD})  # what was asked for goes on from here
    assert answer.status_code == 200
    cast.editor.refresh_from_db()
    assert not cast.editor.check_password(PASSWORD)


def test_two_administrators_at_one_account_do_not_overwrite_each_other(cast, signed_in):
    client = signed_in(cast.administrator)
    _, seen = page_and_seen(client, cast.editor)
    ChangeAccount(actor=cast.other_administrator, user=cast.editor, values={"roles": ["reader"]}, reason="x").run()
    answer = client.post(f"/people/{cast.editor.pk}/", {**FORM, "is_active": "on", "seen": seen})
    assert answer.status_code == 409
    cast.editor.refresh_from_db()
    assert cast.editor.roles == ["reader"]
    with pytest.raises(Conflict):
        ChangeAccount(actor=cast.administrator, user=cast.editor, values={"name": "Z"}, seen={"name": "other"}, reason="x").run()


def test_the_form_changes_the_account(cast, signed_in):
    client = signed_in(cast.administrator)
    page, seen = page_and_seen(client, cast.editor)
    assert 'value="editor" id="id_roles_1" checked' in page or re.search(r'value="editor"[^>]*checked', page)
    answer = client.post(f"/people/{cast.editor.pk}/", {**FORM, "roles": ["editor", "reviewer"], "is_active": "on", "seen": seen})
    assert answer.status_code == 302
    cast.editor.refresh_from_db()
    assert (cast.editor.name, cast.editor.roles, cast.editor.language, cast.editor.is_active) == ("Hong Gildong", ["editor", "reviewer"], "ko", True)


def test_names_are_shown_as_text(cast, signed_in):
    change(cast, cast.editor, name='<script>alert("x")</script>')
    client = signed_in(cast.administrator)
    for path in ("/people/", f"/people/{cast.editor.pk}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_people_are_found_by_name(cast, signed_in):
    client = signed_in(cast.administrator)
    assert client.get("/people/?q=amer").content.decode().count('scope="row"') == 1
    assert client.get("/people/").content.decode().count('scope="row"') == len(cast.everybody())


# Directorates


def test_directorates_are_set_up_changed_and_given_people(cast, signed_in):
    client = signed_in(cast.administrator)
    client.post("/directorates/new/", {"name_en": "Exercises", "name_ko": "연습과", "kinds": ["exercise"], "partners": ["USA", "JPN"]})
    made = Directorate.objects.get()
    assert (made.kinds, made.partners) == (["exercise"], ["USA", "JPN"])
    assert client.post(f"/directorates/{made.pk}/", {"name_en": "Combined exercises", "name_ko": "연합연습과", "reason": "renamed"}).status_code == 302
    made.refresh_from_db()
    assert made.name_en == "Combined exercises"
    change(cast, cast.editor, directorate_id=made.pk)
    assert ">1</td>" in client.get("/directorates/").content.decode()
    assert "연합연습과" in signed_in(cast.editor, lang="ko").get("/account/").content.decode()
    assert {"directorate-created", "directorate-changed", "account-changed"} == set(Event.objects.values_list("action", flat=True))


def test_a_directorate_needs_both_names_and_a_reason_to_change(cast):
    with pytest.raises(Refused):
        CreateDirectorate(actor=cast.administrator, name_en="A", name_ko=" ").run()
    made = CreateDirectorate(actor=cast.administrator, name_en="A", name_ko="가").run()
    with pytest.raises(Refused):
        ChangeDirectorate(actor=cast.administrator, directorate=made, name_en="B", name_ko="나").run()


# The first administrator


def test_the_first_administrator_is_made_once(db):
    said = StringIO()
    call_command("createadmin", stdout=said)
    user = User.objects.get()
    password = re.search(r"One-time password:\s+(\S+)", said.getvalue()).group(1)
    assert user.roles == ["administrator", "reader"]
    assert user.check_password(password)
    assert user.must_change_password
    again = StringIO()
    call_command("createadmin", stdout=again)
    assert "already" in again.getvalue()
    assert User.objects.count() == 1
    assert Event.objects.get().actor is None


def test_the_first_administrator_in_korean(db, monkeypatch):
    monkeypatch.setenv("COMITY_LANG", "ko")
    said = StringIO()
    call_command("createadmin", "gwanrija", stdout=said)
    assert "일회용 비밀번호" in said.getvalue()
    assert User.objects.get().language == "ko"


def test_a_name_that_somebody_has_is_refused(cast):
    User.objects.filter(roles__icontains="administrator").update(is_active=False)
    with pytest.raises(CommandError, match="Somebody has this user name"):
        call_command("createadmin", "editor")


# Tokens of others


def test_an_administrator_withdraws_anybodys_token(cast, signed_in):
    token, _ = MakeToken(actor=cast.editor, name="script", scopes=["read"], days=30).run()
    client = signed_in(cast.administrator)
    assert token.prefix in client.get(f"/people/{cast.editor.pk}/").content.decode()
    assert client.post(f"/people/{cast.reader.pk}/tokens/{token.pk}/withdraw/").status_code == 404
    client.post(f"/people/{cast.editor.pk}/tokens/{token.pk}/withdraw/")
    assert ApiToken.objects.get().revoked_at is not None


def test_pages_of_accounts_in_korean(cast, signed_in):
    client = signed_in(cast.administrator, lang="ko")
    for path, words in {
        "/people/": "사용자",
        "/people/new/": "계정 발급",
        f"/people/{cast.editor.pk}/": "비밀취급 등급",
        "/directorates/": "부서",
        "/account/": "내 계정",
    }.items():
        assert words in client.get(path).content.decode()


def test_a_session_without_the_second_factor_reaches_no_administration(cast):
    client = Client()
    client.force_login(cast.administrator, backend="comity_desk.accounts.backends.DeskBackend")
    assert client.get("/people/").headers["Location"].startswith("/sign-in/")
    assert sign_in(Client(), cast.administrator).get("/people/").status_code == 200
