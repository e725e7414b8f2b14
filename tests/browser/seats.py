"""A person before the desk: one window of the browser with its cookies, and what went wrong in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from .serving import Desk

LISTEN = "document.addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));"
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")
CHOSEN = "correct horse battery staple 9"  # the password that people of these tests choose


class Seat:
    """A window of the browser, in which somebody is signed in or nobody yet."""

    def __init__(self, browser: Any, desk: Desk, who: str = "", *, lang: str = "en", width: int = 1280, dark: bool = False, state: Any = None) -> None:
        self.desk, self.who, self.lang, self.dark = desk, who, lang, dark
        scheme = "dark" if dark else "light"
        self.context = browser.new_context(base_url=desk.base, viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state)
        cookies = {"django_language": lang} | ({"sessionid": desk.standing["sessions"][who]} if who else {})
        self.context.add_cookies([{"name": name, "value": value, "url": desk.base} for name, value in cookies.items()])
        self.context.add_init_script(LISTEN)
        self.context.set_default_timeout(30_000)
        self.wrong: list[str] = []
        self.told: list[str] = []  # what pages said when something was done on them
        self.forgiven: tuple[str, ...] = ()
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self._note(said.type, said.text, said.location.get("url", "")))
        self.page.on("pageerror", lambda error: self._note("error", str(error), self.page.url))

    def _note(self, kind: str, words: str, where: str) -> None:
        if kind == "error" and not any(one in words for one in self.forgiven):
            self.wrong.append(f"{where}: {words}")

    def words(self, en: str, ko: str) -> str:
        """In this person's language."""
        return ko if self.lang == "ko" else en

    def open(self, path: str) -> Any:
        """Go somewhere; gives the answer."""
        return self.page.goto(path)

    def leave_by(self, locator: Any) -> None:
        """Click something that leads to another page, and wait until that stands."""
        with self.page.expect_navigation():
            locator.click()

    def button(self, en: str, ko: str, within: str = "main") -> Any:
        """The button of that name."""
        return self.page.locator(within).get_by_role("button", name=self.words(en, ko), exact=True)

    def press(self, en: str, ko: str, within: str = "main") -> None:
        """Press the button of that name, which leads to another page."""
        self.note()
        self.leave_by(self.button(en, ko, within))

    def follow(self, en: str, ko: str) -> None:
        """Follow the link of that name."""
        self.note()
        self.leave_by(self.page.get_by_role("link", name=self.words(en, ko), exact=True).first)

    def note(self) -> None:
        """Keep what the page says, menu and all."""
        self.told.append(self.page.locator("body").inner_text())

    @property
    def said(self) -> str:
        """What the page says."""
        told: str = self.page.locator("main").inner_text()
        return told

    def begin(self, name: str, one_time: str) -> None:
        """The first sign-in of all: one-time password, a password of one's own, an application for codes."""
        page = self.page
        page.goto("/sign-in/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", one_time)
        self.leave_by(page.locator("main form button").first)
        page.fill("[name=oldpassword]", one_time)
        page.fill("[name=password1]", CHOSEN)
        page.fill("[name=password2]", CHOSEN)
        self.leave_by(page.locator("main form button").first)
        self.note()
        secret = SECRET.search(page.locator("main").inner_text().replace(" ", ""))
        assert secret, page.url
        page.fill("[name=code]", code_of(secret[0]))
        self.leave_by(page.locator("main form button").first)
        self.follow("They are kept; go on", "보관했습니다. 계속")


def code_of(secret: str) -> str:
    """The six digits that an application would show now (RFC 6238)."""
    seal = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = seal[-1] & 15
    return f"{(struct.unpack('>I', seal[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
