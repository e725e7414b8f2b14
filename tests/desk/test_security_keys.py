"""Security keys in a real browser, under the desk's content security policy: set up, sign in, confirm, keep one. The key is the browser's own virtual one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from standing_cast import PASSWORD, sign_in

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture
def page(live_server, monkeypatch) -> Iterator:
    """A page of a browser that holds a security key, and that notes whatever the policy stopped."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"), locale="en")
        made = context.new_page()
        keys = context.new_cdp_session(made)
        keys.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True}
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
        made.stopped = []
        made.on("console", lambda message: made.stopped.append(message.text) if message.type == "error" else None)
        yield made
        browser.close()


def test_a_key_is_set_up_and_opens_the_desk(page, cast, live_server):
    url = live_server.url.replace("127.0.0.1", "localhost")
    page.context.add_cookies([{"name": "sessionid", "value": sign_in(Client(), cast.editor).session.session_key, "url": url}])
    page.goto("/account/second-factor/keys/add/")
    page.fill("#id_name", "Blue key")
    page.click("#add-key")
    page.wait_for_url("**/account/second-factor/**")
    assert Authenticator.objects.get(user=cast.editor, type="webauthn").wrap().name == "Blue key"
    page.goto("/account/second-factor/keys/")
    assert "Blue key" in page.content()

    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.fill("#id_login", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("button.main")
    page.wait_for_selector("#use-key")
    page.click("#use-key")
    page.wait_for_url(url + "/")
    page.goto("/account/")
    assert page.title().startswith("My account")

    Authenticator.objects.filter(user=cast.editor, type="totp").delete()  # the key is now the only second factor, and stays
    key = Authenticator.objects.get(user=cast.editor, type="webauthn")
    page.goto(f"/account/second-factor/keys/{key.pk}/remove/")
    page.click("button.danger")
    assert "cannot be removed" in page.content()
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert [told for told in page.stopped if "Content Security Policy" in told] == []


def test_a_key_that_does_not_answer_is_said(page, cast, live_server):
    url = live_server.url.replace("127.0.0.1", "localhost")
    page.context.add_cookies([{"name": "sessionid", "value": sign_in(Client(), cast.editor).session.session_key, "url": url}])
    page.goto("/account/second-factor/keys/add/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }")
    page.click("#add-key")
    page.wait_for_selector("#key-failed", state="visible")
    assert not Authenticator.objects.filter(user=cast.editor, type="webauthn").exists()
