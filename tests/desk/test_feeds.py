"""Feeds: the calendar and the changes as other programs read them, for the holder of a token, with stable names and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree

import icalendar
import polars as pl
import pytest
from django.test import Client
from standing_cast import Cast

import comity
from comity.measures.agenda import agenda
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.accounts.models import ApiToken
from comity_desk.accounts.tokens import digest, new_secret
from comity_desk.boards.atom import ATOM, feed_of
from comity_desk.boards.ical import calendar_of, uid_of
from comity_desk.boards.recent import Change, changes
from comity_desk.ledger.loading import LoadPackage
from comity_desk.lib import clock
from small_package import SmallPackage

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
WINDOW = (date(2020, 1, 1), date(2030, 12, 31))


@pytest.fixture
def dated_package(marked_package: SmallPackage) -> SmallPackage:
    """The marked package with what a calendar must tell apart: planned, put off, known to the month only, promised."""
    ahead = {"series": "freedom-shield", "marking": "public"}
    marked_package.edit("exercise", "planned-drill", title_en="Planned drill", title_ko="계획 훈련", start="2027-03", end="", status="planned", **ahead)
    marked_package.edit(
        "exercise", "put-off-drill", title_en="Put-off drill", title_ko="연기 훈련", start="2026-12-01", end="2026-12-05", status="postponed", **ahead
    )
    marked_package.edit("exercise", "quiet-drill", start="2026-03-03", end="2026-03-09")
    marked_package.edit("commitment", "reform-2017", due="2027-06")
    return marked_package


@pytest.fixture
def loaded(dated_package: SmallPackage, still: object) -> Register:
    """That package in the ledger."""
    register = comity.load(dated_package.write())
    LoadPackage(actor=None, register=register).run()
    return register


def events(content: bytes) -> dict[str, icalendar.Event]:
    """Events by uid, each once."""
    found = list(icalendar.Calendar.from_ical(content).walk("VEVENT"))
    assert len({str(one["UID"]) for one in found}) == len(found)
    return {str(one["UID"]): one for one in found}


def told(snapshot: Snapshot, lang: str = "en") -> bytes:
    return calendar_of(snapshot, agenda(snapshot, first=WINDOW[0], last=WINDOW[1]), lang, name="x", absolute=lambda path: f"https://desk.example{path}")  # type: ignore[arg-type]


def test_the_calendar_says_what_is_planned_put_off_and_imprecise(dated_package: SmallPackage) -> None:
    found = events(told(comity.load(dated_package.write()).snapshot("KOR")))
    planned, put_off = found["exercise-planned-drill@comity"], found["exercise-put-off-drill@comity"]
    assert (planned["STATUS"], put_off["STATUS"]) == ("TENTATIVE", "CANCELLED")
    assert (planned["DTSTART"].dt, planned["DTEND"].dt) == (date(2027, 3, 1), date(2027, 4, 1))  # every day that it may be, the end not counted
    assert "day not known" in planned["SUMMARY"]
    assert planned["TRANSP"] == "TRANSPARENT"
    assert (put_off["DTSTART"].dt, put_off["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 6))
    assert put_off["URL"] == "https://desk.example/records/exercises/put-off-drill/"
    assert str(planned["RELATED-TO"]).startswith("series-exercise_series-")
    assert planned["RELATED-TO"].params["RELTYPE"] == "PARENT"


def test_class_follows_the_marking(dated_package: SmallPackage) -> None:
    found = events(told(comity.load(dated_package.write()).snapshot("KOR")))
    assert found["exercise-quiet-drill@comity"]["CLASS"] == "CONFIDENTIAL"
    assert found["exercise-planned-drill@comity"]["CLASS"] == "PUBLIC"
    assert "exercise-quiet-drill@comity" not in events(told(comity.load(dated_package.path).snapshot("public")))


def test_the_same_record_gives_the_same_bytes(dated_package: SmallPackage) -> None:
    snapshot = comity.load(dated_package.write()).snapshot("KOR")
    assert told(snapshot) == told(comity.load(dated_package.path).snapshot("KOR"))
    stamps = {str(one["DTSTAMP"].dt) for one in events(told(snapshot)).values()}
    assert all(stamp.endswith("00:00:00+00:00") for stamp in stamps)


def test_a_change_raises_the_sequence_and_keeps_the_name(dated_package: SmallPackage) -> None:
    before = events(told(comity.load(dated_package.write()).snapshot("KOR")))["exercise-put-off-drill@comity"]
    dated_package.edit("exercise", "put-off-drill", start="2026-12-08", end="2026-12-12")
    dated_package.edit(
        "claim", "claim-put-off", record_kind="exercise", record="put-off-drill", field="start", value="2026-12-01", status="superseded",
        source="newspaper", marking="public", entered_at="2026-11-22", superseded_at="2026-11-24", reason_en="Moved.",
    )  # fmt: skip
    after = events(told(comity.load(dated_package.write()).snapshot("KOR")))["exercise-put-off-drill@comity"]
    assert (int(before["SEQUENCE"]), int(after["SEQUENCE"])) == (0, 1)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["DTSTART"].dt == date(2026, 12, 8)


def test_names_of_what_follows_from_a_record_are_its_own() -> None:
    assert uid_of("exercise", "exercise:foal-eagle-2017") == "exercise-foal-eagle-2017@comity"
    assert uid_of("notice", "agreement:gsomia") != uid_of("expiry", "agreement:gsomia")


def test_korean_words_stand_in_a_korean_calendar(dated_package: SmallPackage) -> None:
    found = events(told(comity.load(dated_package.write()).snapshot("KOR"), "ko"))
    assert str(found["exercise-planned-drill@comity"]["SUMMARY"]) == "계획 훈련 (날짜 미상)"


@pytest.mark.parametrize("path", ["/feeds/calendar.ics", "/feeds/changes.atom"])
def test_a_feed_is_for_the_holder_of_its_token(loaded: Register, cast: Cast, path: str) -> None:
    secrets = {}
    for person in (cast.editor, cast.stateless):
        secrets[person.username] = new_secret()
        told = {"name": "phone", "prefix": "comity_", "digest": digest(secrets[person.username]), "scopes": ["feed"], "created_at": clock.now()}
        ApiToken.objects.create(user=person, expires_at=clock.now() + timedelta(days=30), **told)
    client = Client()
    assert client.get(path).status_code in (302, 401)
    assert client.get(f"{path}?token=wrong").status_code == 401
    own, public = (client.get(f"{path}?token={secrets[name]}") for name in ("editor", "stateless"))
    assert own.status_code == public.status_code == 200
    assert (b"uiet" in own.content, b"uiet" in public.content) == (True, False) if path.endswith("ics") else True
    assert secrets["editor"].encode() not in own.content
    again = client.get(f"{path}?token={secrets['editor']}", headers={"If-None-Match": own.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/partners/?token={secrets['editor']}").status_code != 200  # a feed's token opens feeds alone


def test_the_calendar_is_narrowed_by_partner_and_kind(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    every = events(client.get("/feeds/calendar.ics").content)
    exercises = events(client.get("/feeds/calendar.ics?items=exercise").content)
    assert set(exercises) < set(every)
    assert all(uid.startswith("exercise-") for uid in exercises)
    assert events(client.get("/feeds/calendar.ics?partner=XYZ").content) == {}
    assert client.get("/feeds/calendar.ics?items=nonsense").status_code == 404
    assert any(uid.startswith(("notice-", "expiry-", "mandate-", "commitment-")) for uid in every)


def entries(content: bytes) -> list[ElementTree.Element]:
    """The entries of a feed that holds what RFC 4287 asks for."""
    feed = ElementTree.fromstring(content)  # noqa: S314 - made here
    assert feed.tag == f"{{{ATOM}}}feed"
    for parent in (feed, *feed.findall(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{{{ATOM}}}{name}")) == 1, name
        assert parent.find(f"{{{ATOM}}}updated").text.endswith("T00:00:00Z")  # type: ignore[union-attr]
        assert any(link.get("rel") == "alternate" for link in parent.findall(f"{{{ATOM}}}link"))
    assert feed.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    found = feed.findall(f"{{{ATOM}}}entry")
    ids = [one.find(f"{{{ATOM}}}id").text for one in found]  # type: ignore[union-attr]
    assert len(set(ids)) == len(ids)
    return found


def test_the_feed_of_changes_holds_what_atom_asks_for(dated_package: SmallPackage) -> None:
    dated_package.edit("exercise", "planned-drill", entered_at="2026-11-20")
    dated_package.edit(
        "claim", "claim-moved", record_kind="exercise", record="put-off-drill", field="start", value="2026-11-30", status="superseded",
        source="newspaper", marking="public", entered_at="2026-11-10", superseded_at="2026-11-23", reason_en="Moved <again>.",
    )  # fmt: skip
    snapshot = comity.load(dated_package.write()).snapshot("KOR")
    found = changes(snapshot, date(2026, 11, 25))
    title = Text("Changes", "변경")
    content = feed_of(snapshot, found, "en", title=title, own="/feeds/changes.atom", absolute=lambda path: f"https://desk.example{path}")
    titles = [one.find(f"{{{ATOM}}}title").text for one in entries(content)]  # type: ignore[union-attr]
    assert "Exercise: Planned drill (entered)" in titles
    assert "Exercise: Put-off drill (changed)" in titles
    assert b"Moved &lt;again&gt;." in content
    assert content == feed_of(snapshot, found, "en", title=title, own="/feeds/changes.atom", absolute=lambda path: f"https://desk.example{path}")


def test_many_entries_of_a_day_are_one_line(dated_package: SmallPackage) -> None:
    for n in range(9):
        dated_package.edit(
            "exercise",
            f"drill-{n}",
            series="freedom-shield",
            title_en=f"Drill {n}",
            title_ko=f"훈련 {n}",
            start="2026-10-01",
            end="",
            entered_at="2026-11-24",
            marking="public",
        )
    found = changes(comity.load(dated_package.write()).snapshot("KOR"), date(2026, 11, 25), days=2)
    assert found == [Change(date(2026, 11, 24), "entered", "exercise", many=9)]


def test_hidden_changes_are_no_changes(dated_package: SmallPackage) -> None:
    dated_package.edit("exercise", "quiet-drill", entered_at="2026-11-24")
    register = comity.load(dated_package.write())
    named = {change.ref for change in changes(register.snapshot("KOR"), date(2026, 11, 25))}
    assert "exercise:quiet-drill" in named
    assert "exercise:quiet-drill" not in {change.ref for change in changes(register.snapshot("public"), date(2026, 11, 25))}


def test_an_agenda_frame_has_no_record_twice(dated_package: SmallPackage) -> None:
    rows = agenda(comity.load(dated_package.write()).snapshot("KOR"), first=WINDOW[0], last=WINDOW[1])
    assert rows.select(pl.struct("item", "ref").is_duplicated().any()).item() is False
