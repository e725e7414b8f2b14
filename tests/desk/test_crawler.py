"""A crawler as each role: it follows every link that it is offered, then tries every address that any role was offered.

No link that is offered fails; and no answer, whoever asks and however the address was come by, holds a word that the person may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from standing_cast import Cast

import comity
from comity_desk.ledger.loading import LoadPackage
from small_package import SmallPackage

LIMIT = 260  # pages a person; the small register has fewer
FOLLOWED = {"a": "href", "img": "src", "link": "href", "script": "src", "use": "href"}
SECRETS = {"Xylophon restricted": "kor-restricted", "Xylophon partner": "kor-jpn", "Xylophon ally": "kor-usa", "Xylophon home": "kor-only"}
SKIPPED = ("/sign-out/", "/static/", "/account/sessions", "/metrics/", "/language/")


class Links(HTMLParser):
    """Every address that a page offers for reading."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what is followed."""
        told = dict(attrs)
        for name in (FOLLOWED.get(tag), "hx-get", "xlink:href"):
            if name and told.get(name):
                self.found.append(str(told[name]))
        if tag == "form" and (told.get("method") or "get").lower() == "get" and told.get("action"):
            self.found.append(str(told["action"]))


@pytest.fixture
def world(marked_package: SmallPackage, cast: Cast) -> Cast:
    """A register with a word of its own under each marking: in records, in claims on visible records, in sources."""
    for at, (word, marking) in enumerate(SECRETS.items()):
        marked_package.edit(
            "exercise",
            f"hidden-{at}",
            title_en=word,
            title_ko=word,
            series="freedom-shield",
            start=f"2025-0{at + 1}-03",
            end=f"2025-0{at + 1}-05",
            marking=marking,
        )
        marked_package.edit(
            "claim",
            f"hidden-claim-{at}",
            record_kind="agreement",
            record="mutual-defence",
            field="title_en",
            value=word,
            status="competing",
            source="newspaper",
            marking=marking,
        )
        marked_package.edit("source", f"hidden-source-{at}", title=word, url=f"https://example.org/{at}", marking=marking)
    LoadPackage(actor=None, register=comity.load(marked_package.write())).run()
    return cast


def people(cast: Cast) -> dict[str, Any]:
    """Everybody who can sign in."""
    return {one.name: getattr(cast, one.name) for one in fields(cast) if one.name != "idle"}


def crawled(client: Client, begin: str = "/") -> dict[str, Any]:
    """Every page that can be come to by links, breadth first: address → answer."""
    waiting, found = [begin], {}
    while waiting and len(found) < LIMIT:
        path = waiting.pop(0)
        if path in found:
            continue
        response = client.get(path)
        found[path] = response
        if response.status_code in (301, 302):
            waiting.append(urljoin(path, response["Location"]))
        elif response.get("Content-Type", "").startswith("text/html"):
            waiting += [one for one in links(path, response.content.decode()) if one not in found and not one.startswith(SKIPPED)]
    return found


def links(path: str, page: str) -> Iterator[str]:
    """The addresses of the desk that a page offers."""
    reader = Links()
    reader.feed(page)
    for one in dict.fromkeys(reader.found):
        target = urlsplit(urljoin(f"http://testserver{path}", one))
        if target.netloc == "testserver" and target.scheme == "http":
            yield target.path + (f"?{target.query}" if target.query else "")


def body_of(response: Any) -> bytes:
    """All of an answer."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.django_db
@pytest.mark.one_database  # what a role may open rests on no database; the other tests here run on both
def test_no_role_comes_upon_what_it_may_not_see(world: Cast, signed_in: Callable[..., Client], still: Any) -> None:
    """By links of its own, or by an address that another was given."""
    offered: dict[str, str] = {}
    for name, person in people(world).items():
        visible = set(person.reader.visible(comity.load("world").tables["marking"]))  # made sure below by the register's own markings
        assert visible
        for path, response in crawled(signed_in(person)).items():
            assert response.status_code in (200, 301, 302), f"{name}: {path} {response.status_code}"
            assert_nothing_hidden(name, person, path, response)
            offered.setdefault(path, name)
    assert len(offered) > 40
    for name, person in people(world).items():
        client = signed_in(person)
        for path, first in offered.items():
            response = client.get(path)
            assert response.status_code in (200, 301, 302, 403, 404), f"{name}: {path} of {first} {response.status_code}"
            assert_nothing_hidden(name, person, path, response)


def assert_nothing_hidden(name: str, person: Any, path: str, response: Any) -> None:
    """None of the words under markings that the person may not see stands in the answer or its headers."""
    from comity_desk.ledger.register import current

    visible = set(person.reader.visible(current().register.tables["marking"]))
    told = body_of(response) + repr(sorted(response.headers.items())).encode()
    for word, marking in SECRETS.items():
        assert marking in visible or word.encode() not in told, f"{name} read {word!r} at {path}"


@pytest.mark.django_db
def test_nobody_reads_without_signing_in(world: Cast, signed_in: Callable[..., Client]) -> None:
    """Every address that somebody was offered leads to signing in, or refuses."""
    stranger = Client()
    for path in crawled(signed_in(world.top)):
        response = stranger.get(path)
        assert response.status_code in (302, 401, 403, 404), path
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/"), path


@pytest.mark.django_db
def test_the_crawler_sees_what_may_be_seen(world: Cast, signed_in: Callable[..., Client]) -> None:
    """The words are come upon by those who may see them: the crawler does look."""
    told = b"".join(body_of(response) for response in crawled(signed_in(world.top)).values())
    for word in SECRETS:
        assert word.encode() in told, word
