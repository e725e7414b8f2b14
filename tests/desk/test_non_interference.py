"""What a reader may not see changes nothing that this reader gets: every address of the desk, byte by byte, header by header.

Two worlds hold the same visible register and different hidden parts. Clock and chance stand still. Every address is asked in both, reading
and writing, and the answers must be equal. Addresses are listed from the desk itself: one that is not described here fails the test.
Claims that set markings, clearances or accounts are policy: they are the same in both worlds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from routes import CASES, POLICY, Asked, Visible, described
from standing_cast import Cast
from worlds import MARK, with_hidden, without_hidden

from comity.register.register import Register
from comity_desk.api import rates
from comity_desk.ledger import register as held
from comity_desk.ledger import snapshots
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for

Answer = tuple[int, tuple[tuple[str, str], ...], bytes]
LONG = (pytest.mark.long, pytest.mark.one_database)
READERS = (
    pytest.param("japanese", marks=pytest.mark.one_database),
    pytest.param("low", marks=pytest.mark.one_database),
    *(pytest.param(one, marks=LONG) for one in ("stateless", "american", "editor")),
)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address that the desk answers, as its patterns are written."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)
        else:
            yield from addresses(entry, prefix + str(entry.pattern))


def test_every_address_is_described() -> None:
    """A new address is covered here, or named as policy, before it ships; and nothing is described that is not there."""
    there = {one for one in addresses() if not one.startswith("static/")}
    told = {*CASES, *POLICY}
    assert sorted(there - told) == []
    assert sorted(told - there) == []
    assert not set(CASES) & set(POLICY)


class Undo(Exception):
    """Leaves a world behind."""


def answer_of(response: Any) -> Answer:
    """What the reader gets: status, headers, body."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    cookies = sorted(re.sub(r"(sessionid|csrftoken)=[^;]*", r"\1", morsel.OutputString()) for morsel in response.cookies.values())
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in ("X-Request-ID",)))
    return response.status_code, (*headers, *(("Set-Cookie", one) for one in cookies)), body


def asked_in(world: Register, person: str, cast: Cast, sign_in: Callable[..., Client], again: Callable[[], None], cases: list[Asked]) -> list[Answer]:
    """The answers to all that is asked in a world; each writing is undone after its answer and the reading after it."""
    answers: list[Answer] = []
    try:
        with transaction.atomic():
            held.forget()
            snapshots.forget()
            rates.forget()
            LoadPackage(actor=None, register=world).run()
            again()
            client = sign_in(getattr(cast, person))
            for one in cases:
                answers += one_answer(client, one, again)
            raise Undo
    except Undo:
        pass
    finally:
        held.forget()
        snapshots.forget()
    return answers


def one_answer(client: Client, one: Asked, again: Callable[[], None]) -> list[Answer]:
    """The answer to one request, and after a writing to what is read then; whatever was written is undone, as chance begins anew each time."""
    again()
    found: list[Answer] = []
    try:
        with transaction.atomic():
            if one.method == "GET":
                found.append(answer_of(client.get(one.path, one.data, headers=one.headers)))
            elif one.content_type:
                found.append(answer_of(client.post(one.path, one.data, content_type=one.content_type, headers=one.headers)))
            else:
                found.append(answer_of(client.post(one.path, one.data, headers=one.headers)))
            for path in one.then:
                again()
                found.append(answer_of(client.get(path)))
            raise Undo
    except Undo:
        pass
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("person", READERS)
@pytest.mark.parametrize("seed", [1])
def test_hidden_parts_change_no_answer(
    person: str, seed: int, marked_register: Register, cast: Cast, signed_in: Callable[..., Client], still: Any, still_chance: Callable[[], None]
) -> None:
    """Nothing hidden against something hidden, and one hidden part against another."""
    reader = getattr(cast, person).reader
    bare = without_hidden(marked_register, set(reader.visible(marked_register.tables["marking"])))
    one, other = with_hidden(marked_register, reader, seed), with_hidden(marked_register, reader, seed + 1000)
    shown = one.snapshot(reader)
    assert shown.hash == other.snapshot(reader).hash == bare.snapshot(reader).hash
    cases = described(Visible(shown, one, reader))
    first = asked_in(one, person, cast, signed_in, still_chance, cases)
    second = asked_in(other if seed % 2 else bare, person, cast, signed_in, still_chance, cases)
    listed = [asked for asked in cases for _ in range(1 + len(asked.then))]
    for asked, before, after in zip(listed, first, second, strict=True):
        assert before[0] == after[0], asked
        assert before[1] == after[1], asked
        assert before[2] == after[2], f"{asked}: {difference(before[2], after[2])}"
        assert MARK.encode() not in before[2], asked
        assert before[0] < 500, asked


def difference(one: bytes, other: bytes) -> str:
    """The first place where two bodies differ."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, at - 80) : at + 120]!r} / …{other[max(0, at - 80) : at + 120]!r}"


@pytest.mark.django_db
def test_the_test_can_fail(
    marked_register: Register, cast: Cast, signed_in: Callable[..., Client], still: Any, still_chance: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that answered from the truth would be found out."""
    reader = cast.low.reader
    one, other = with_hidden(marked_register, reader, 1), with_hidden(marked_register, reader, 1001)
    import comity_desk.ledger.asking as asking

    monkeypatch.setattr(asking, "snapshot_for", lambda reader, known_at=None, enough=None: snapshot_for(type(reader)("everything")))
    cases = [Asked("GET", f"/records/{plural}/") for plural in ("exercises", "agreements", "events", "dialogues")]
    first = asked_in(one, "low", cast, signed_in, still_chance, cases)
    second = asked_in(other, "low", cast, signed_in, still_chance, cases)
    assert [before[2] for before in first] != [after[2] for after in second]
