"""A program that opens a desk holds the same snapshot as the desk does for that reader, and its token goes nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import comity
from comity.register.calls import Calls, checked_address
from comity.register.client import Desk
from comity.register.register import Register
from comity.vocab.errors import DeskRefused, DeskUnreachable, NotSignedIn, SnapshotDiffers, UnsafeAddress
from comity_desk.accounts.models import ApiToken
from comity_desk.accounts.tokens import digest, new_secret
from comity_desk.api import rates
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock

Opened = Callable[..., Desk]


def token_of(user: Any, *scopes: str) -> str:
    """A living token of a person."""
    secret = new_secret()
    now = clock.now()
    ApiToken.objects.create(
        user=user,
        name="test",
        prefix=secret[:12],
        digest=digest(secret),
        scopes=list(scopes or ("read", "write")),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return secret


@pytest.fixture
def desk(transactional_db: None, marked_register: Register, cast: Any, live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Open the running desk as somebody: `desk(cast.reader)`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rates.forget()
    LoadPackage(actor=None, register=marked_register).run()
    opened: list[Desk] = []

    def make(user: Any, *scopes: str) -> Desk:
        opened.append(comity.open(live_server.url, token_of(user, *scopes)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.mark.parametrize("person", ["reader", "low", "japanese", "american", "stateless"])
def test_the_snapshot_is_the_desks_own(desk: Opened, cast: Any, person: str) -> None:
    user = getattr(cast, person)
    ours, theirs = desk(user).snapshot(), snapshot_for(user.reader)
    assert ours.hash == theirs.hash
    assert ours.settings == theirs.settings
    assert (ours.reader, ours.known_at, ours.home) == (theirs.reader, None, theirs.home)
    assert ours.counted("exercise").equals(theirs.counted("exercise"))
    assert ours.has_record("exercise:quiet-drill") == (person == "reader")
    for name in ("agreement", "exercise"):
        assert ours.frame(name).equals(theirs.frame(name))
    day = date(2025, 6, 1)
    assert comity.agreements(ours, as_of=day).rows.equals(comity.agreements(theirs, as_of=day).rows)


def test_the_snapshot_as_it_was_known(desk: Opened, cast: Any) -> None:
    day = date(2026, 1, 9)
    ours = desk(cast.reader).snapshot(known_at=day)
    theirs = snapshot_for(cast.reader.reader, day)
    assert ours.hash == theirs.hash != snapshot_for(cast.reader.reader).hash
    assert ours.known_at == day


def test_a_snapshot_is_downloaded_once_and_kept_for_its_owner_alone(desk: Opened, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk(cast.reader)
    shown = first.snapshot()
    assert first.snapshot() is shown
    kept = sorted((tmp_path / "cache" / "comity").glob("desk-*"))
    assert [path.suffix for path in kept] == [".json", ".zip"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    asked: list[int] = []
    get = Calls.get
    monkeypatch.setattr(Calls, "get", lambda self, *told: asked.append((answer := get(self, *told)).status_code) or answer)
    again = Desk(Calls(first.calls.url, first.calls.token))
    assert again.snapshot().hash == shown.hash
    kept[1].write_bytes(kept[1].read_bytes()[:-1])
    assert Desk(Calls(first.calls.url, first.calls.token)).snapshot().hash == shown.hash
    assert asked == [304, 200]


def test_another_persons_token_never_gets_what_is_kept(desk: Opened, cast: Any) -> None:
    wide, narrow = desk(cast.reader), desk(cast.low)
    assert wide.snapshot().has_record("exercise:quiet-drill")
    assert not narrow.snapshot().has_record("exercise:quiet-drill")
    narrow.calls.token, narrow.calls._client = wide.calls.token, None  # the same address under another token
    assert narrow.snapshot().has_record("exercise:quiet-drill")


def test_records_come_page_by_page(desk: Opened, cast: Any) -> None:
    opened = desk(cast.reader)
    listed = list(opened.records("agreement", parties=["KOR", "USA"], limit=2))
    assert [one["id"] for one in listed] == ["first-cost", "mutual-defence", "quiet-paper", "second-cost"]
    assert opened.record("agreement:gsomia")["parties"] == ["KOR", "JPN"]
    assert [claim["stands"] for claim in opened.claims("agreement:mutual-defence") if claim["field"] == "signed"] == [True, False]
    assert opened.search("Quiet drill")[0]["record"] == "exercise:quiet-drill"
    assert opened.measure("agreements", as_of=date(2025, 6, 1))["measure"] == "agreements"


def test_what_the_desk_refuses_says_why(desk: Opened, cast: Any) -> None:
    with pytest.raises(DeskRefused, match=r"refused \(404\)") as hidden:
        desk(cast.low).record("exercise:quiet-drill")
    with pytest.raises(DeskRefused) as nowhere:
        desk(cast.low).record("exercise:nowhere")
    assert hidden.value.problem == nowhere.value.problem
    with pytest.raises(DeskRefused) as wrong:
        list(desk(cast.low).records("exercises", colour="red"))
    assert (wrong.value.status, wrong.value.problem["errors"][0]["field"]) == (422, "colour")
    with pytest.raises(DeskRefused) as scope:
        desk(cast.reader, "read").start("export", form="package")
    assert scope.value.status == 403
    revoked = desk(cast.reader)
    ApiToken.objects.update(revoked_at=clock.now())
    with pytest.raises(NotSignedIn):
        revoked.snapshot()


def test_work_is_asked_for_and_taken_away(desk: Opened, cast: Any, tmp_path: Path, settings: Any) -> None:
    from comity_desk.jobs import running
    from comity_desk.jobs.models import Job

    settings.HOME = tmp_path
    opened = desk(cast.reader)
    job = opened.start("export", form="csv", kind="exercise")
    assert not job.is_over
    with pytest.raises(DeskRefused, match="no file"):
        opened.download(job, tmp_path)
    running.run(job.id, Job.objects.get(pk=job.id).attempt)
    assert opened.job(job.id).state == "done"
    assert [one.id for one in opened.jobs()] == [job.id]
    assert desk(cast.editor).jobs() == []
    path = opened.download(job, tmp_path)
    assert "Quiet drill" in path.read_text(encoding="utf-8")
    assert opened.cancel(opened.start("export", form="package").id).state == "cancelled"


# ---- without a desk


def spoken(answer: Callable[[httpx.Request], httpx.Response]) -> Calls:
    """A line to a desk that answers so."""
    calls = Calls("https://desk.example", "comity_token")
    calls.sleep = lambda seconds: waits.append(seconds)
    client = calls._opened()
    calls._client = httpx.Client(base_url=client.base_url, headers=client.headers, transport=httpx.MockTransport(answer), follow_redirects=False)
    return calls


waits: list[float] = []


@pytest.fixture(autouse=True)
def _no_waits() -> None:
    waits.clear()


def test_patience_ends() -> None:
    asked: list[str] = []

    def busy(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(503 if len(asked) < 3 else 200, headers={"Retry-After": "7"}, json={"jobs": []})

    assert Desk(spoken(busy)).jobs() == []
    assert waits == [7.0, 7.0]
    with pytest.raises(DeskRefused, match="429"):
        Desk(spoken(lambda request: httpx.Response(429, headers={"Retry-After": "9"}, json={}))).jobs()
    assert waits[2:] == [9.0] * 4
    with pytest.raises(DeskRefused, match="429"):
        Desk(spoken(lambda request: httpx.Response(429, headers={"Retry-After": "3600"}))).jobs()
    assert len(waits) == 6


def test_only_what_may_be_asked_twice_is_asked_again() -> None:
    asked: list[tuple[str, str | None]] = []

    def away(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.headers.get("Idempotency-Key")))
        raise httpx.ConnectError("away")

    desk = Desk(spoken(away))
    with pytest.raises(DeskUnreachable, match="ConnectError"):
        desk.jobs()
    assert asked == [("GET", None)] * 5
    asked.clear()
    with pytest.raises(DeskUnreachable):
        desk.accept("abc", reason="good")
    assert asked == [("POST", None)]
    asked.clear()
    with pytest.raises(DeskUnreachable):
        desk.propose_add("exercise", title_en="New")
    assert len(asked) == 5
    assert len(set(asked)) == 1
    assert asked[0][1]


def test_a_token_follows_no_redirect_and_no_link_elsewhere() -> None:
    hosts: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example/api/v1/jobs"})

    with pytest.raises(DeskRefused, match="points elsewhere"):
        Desk(spoken(elsewhere)).jobs()
    assert hosts == ["desk.example"]
    page = {"records": [], "next": "https://evil.example/api/v1/records/exercises"}
    with pytest.raises(UnsafeAddress):
        list(Desk(spoken(lambda request: httpx.Response(200, json=page))).records("exercise"))
    for path in ("//evil.example/api/v1/x", "/admin", "https://evil.example/", "/\\evil.example/"):
        with pytest.raises(UnsafeAddress):
            Desk(spoken(elsewhere)).calls.get(path)
    assert hosts == ["desk.example"]


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example",
        "ftp://desk.example",
        "https://",
        "desk.example",
        "https://me:secret@desk.example",
        "https://desk.example/?x=1",
        "https://desk.example/part",
    ],
)
def test_addresses_that_get_no_token(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        checked_address(url)


@pytest.mark.parametrize("url", ["https://desk.example/", "http://localhost:8000", "http://127.0.0.1:8000/", "http://[::1]:8000"])
def test_addresses_that_may(url: str) -> None:
    assert checked_address(url) == url.rstrip("/")


def test_a_package_that_is_not_the_one_named_is_refused(desk: Opened, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = desk(cast.reader)
    get = Calls.get

    def forged(self: Calls, *told: Any) -> httpx.Response:
        answer = get(self, *told)
        answer.headers["Comity-Snapshot"] = "0" * 64
        return answer

    monkeypatch.setattr(Calls, "get", forged)
    with pytest.raises(SnapshotDiffers):
        opened.snapshot()


def test_a_desk_is_opened_with_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMITY_TOKEN", raising=False)
    for token in (None, "", "two words", "토큰"):
        with pytest.raises(NotSignedIn):
            comity.open("https://desk.example", token)
    monkeypatch.setenv("COMITY_TOKEN", "comity_abc")
    monkeypatch.setenv("COMITY_LANG", "ko")
    assert (comity.open("https://desk.example").calls.token, comity.open("https://desk.example").calls.lang) == ("comity_abc", "ko")
    assert "comity_abc" not in repr(comity.open("https://desk.example"))


def test_certificates_are_always_checked(tmp_path: Path) -> None:
    from self_signed import https_desk

    with https_desk(tmp_path, b'{"jobs":[]}') as (url, authority):
        desk = comity.open(url, "comity_abc")
        desk.calls.sleep = lambda seconds: None
        with pytest.raises(DeskUnreachable, match="ConnectError"):
            desk.jobs()
        assert comity.open(url, "comity_abc", certificates=authority).jobs() == []


def test_a_client_costs_nothing_before_it_is_used() -> None:
    code = "import comity, sys; comity.open; print(json := 'httpx' in sys.modules, 'django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == ["False", "False"]


def test_without_httpx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(comity.ComityError, match=r"comity\[client\]"):
        comity.open("https://desk.example", "comity_abc").jobs()
