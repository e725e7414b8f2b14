"""The audit trail: written with the change, shut against changes, verified, read by auditors alone."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from io import StringIO
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from comity_desk.audit.actions import Action
from comity_desk.audit.chain import GENESIS, canonical, commitment, link
from comity_desk.audit.models import Event, Head
from comity_desk.audit.names import NAMES
from comity_desk.audit.triggers import GUARDED, Guard, guards
from comity_desk.audit.verify import unguarded, verify
from comity_desk.lib.errors import NotPermitted, Refused

pytestmark = pytest.mark.django_db
PAGES = ("/audit/", "/audit/1/", "/audit/chain/")


@dataclass(kw_only=True)
class Close(Action[str]):
    permission: ClassVar[str] = "account.manage"
    audit_event: ClassVar[str] = "tried"
    reason_needed: ClassVar[bool] = True

    fails: bool = False

    @property
    def target(self) -> str:
        return "the door"

    def perform(self, event: Event) -> str:
        if self.fails:
            raise RuntimeError
        return f"closed by {event.number}"


def written(count: int, actor=None) -> None:
    for number in range(count):
        with transaction.atomic():
            Event.record(actor, "tried", target=f"door {number}", reason="wind", details={"n": number})


def by_force(statement: str, *values) -> None:
    """What somebody who owns the database can do: lift the triggers, write, set them up again."""
    guard = GUARDED["audit_event"]
    guard.take_down(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    guard.set_up(connection)


# Actions


def test_an_action_writes_its_event_and_does_its_work(cast):
    assert Close(actor=cast.administrator, reason="draught", details={"storey": 2}).run() == "closed by 1"
    event = Event.objects.get()
    assert event.said() == {"actor": "administrator", "target": "the door", "reason": "draught", "details": {"storey": 2}}
    assert event.actor == cast.administrator


def test_an_action_that_fails_leaves_no_event(cast):
    with pytest.raises(RuntimeError):
        Close(actor=cast.administrator, reason="draught", fails=True).run()
    assert not Event.objects.exists()
    assert Head.objects.get(name="audit").number == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_action_that_needs_a_reason_is_refused_without(cast, reason):
    with pytest.raises(Refused):
        Close(actor=cast.administrator, reason=reason).run()


@pytest.mark.parametrize("who", ["reader", "editor", "reviewer", "release_officer", "auditor", "idle"])
def test_an_action_is_refused_to_others(cast, who):
    with pytest.raises(NotPermitted):
        Close(actor=getattr(cast, who), reason="draught").run()
    assert not Event.objects.exists()


# The chain


def test_links_follow_from_what_is_written():
    assert canonical({"b": 1, "a": None, "c": "한"}) == '{"b":1,"c":"한"}'
    committed = commitment(b"salt", "content")
    assert link(GENESIS, committed, 1, None, b"\x01") != link(GENESIS, committed, 1, "", b"\x02")
    assert link(GENESIS, committed, 1, "a") != link(GENESIS, committed, 1, "b")


def test_the_trail_verifies():
    written(7)
    found = verify()
    assert (found.entries, found.destroyed, found.broken) == (7, 0, None)
    assert found.head == bytes(Head.objects.get(name="audit").link)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE audit_event SET content = replace(content, 'wind', 'rain') WHERE number = 3", 3),
        ("UPDATE audit_event SET action = 'other' WHERE number = 4", 4),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00+00:00' WHERE number = 5", 5),
        ("UPDATE audit_event SET salt = NULL WHERE number = 2", 2),
        ("DELETE FROM audit_event WHERE number = 4", 4),
        ("DELETE FROM audit_event WHERE number = 7", 7),
        ("DELETE FROM audit_event WHERE number >= 6", 6),
        ("UPDATE audit_event SET link = commitment WHERE number = 1", 1),
    ],
)
def test_the_first_broken_event_is_named(statement, number):
    written(7)
    by_force(statement)
    found = verify()
    assert found.broken is not None
    assert found.broken.number == number


def test_two_events_that_changed_places_are_found():
    written(7)
    by_force("UPDATE audit_event SET number = CASE number WHEN 3 THEN -5 WHEN 5 THEN -3 ELSE number END WHERE number IN (3, 5)")
    by_force("UPDATE audit_event SET number = -number WHERE number < 0")
    assert verify().broken.number == 3


def test_an_event_added_behind_the_head_is_found():
    written(3)
    by_force(
        "INSERT INTO audit_event (number, at, action, content, salt, commitment, link) SELECT 4, at, action, content, salt, commitment, link FROM audit_event WHERE number = 3"
    )
    assert verify().broken.number == 4


def test_a_chain_that_was_rewritten_as_a_whole_shows_against_a_head_noted_elsewhere():
    written(3)
    noted = (3, bytes(Head.objects.get(name="audit").link))
    assert verify(noted).broken is None
    by_force("DELETE FROM audit_event")
    Head.objects.filter(name="audit").update(number=0, link=GENESIS)
    written(4)
    assert verify().broken is None
    assert verify(noted).broken.number == 3
    assert verify((9, noted[1])).broken.number == 5


def test_destroying_what_an_event_says_leaves_the_chain_whole():
    written(5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET content = NULL, salt = NULL WHERE number = 2")
    found = verify()
    assert (found.broken, found.destroyed) == (None, 1)
    assert Event.objects.get(number=2).said() == {"destroyed": True, "actor": None}


# The database itself


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_event WHERE number = 1",
        "DELETE FROM audit_event",
        "UPDATE audit_event SET action = 'other'",
        "UPDATE audit_event SET content = 'other'",
        "UPDATE audit_event SET salt = commitment",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00+00:00'",
        "UPDATE audit_event SET number = 9 WHERE number = 1",
        "UPDATE audit_event SET content = NULL, salt = NULL, action = 'other'",
        "UPDATE audit_event SET actor_id = 1",
        "UPDATE audit_event SET link = commitment",
    ],
)
def test_the_database_refuses(cast, statement):
    written(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().broken is None


def test_what_was_destroyed_is_not_filled_again():
    written(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET content = NULL, salt = NULL")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET content = '{}'")


def test_columns_that_are_filled_once(db):
    """`also`: a column may go from empty to a value, and not back or on."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE once (number integer, content text, salt text, spill integer)")
    Guard("once", also=("spill",)).set_up(connection)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO once VALUES (1, 'a', 'b', NULL)")
        cursor.execute("UPDATE once SET content = NULL, salt = NULL, spill = 7")
    for statement in ("UPDATE once SET spill = 8", "UPDATE once SET spill = NULL", "UPDATE once SET number = 2"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_models_refuse_too():
    written(1)
    for act in (Event.objects.get().save, Event.objects.get().delete, Event.objects.all().delete, lambda: Event.objects.update(action="other")):
        with pytest.raises(TypeError):
            act()


def test_triggers_that_are_gone_are_noticed():
    assert unguarded() == []
    GUARDED["audit_event"].take_down(connection)
    assert unguarded() == ["audit_event"]
    GUARDED["audit_event"].set_up(connection)


@pytest.mark.django_db(transaction=True)
def test_triggers_stand_again_after_a_change_of_tables():
    from django.core.management import call_command

    for guard in guards(connection):
        guard.take_down(connection)
    call_command("migrate", verbosity=0)
    assert unguarded() == []


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain():
    from threading import Thread

    from django.db import connections

    def write() -> None:
        try:
            written(10)
        finally:
            connections.close_all()

    writers = [Thread(target=write) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    found = verify()
    assert (found.entries, found.broken) == (40, None)


# Pages


@pytest.mark.parametrize("who", ["reader", "editor", "reviewer", "release_officer", "administrator", "top"])
def test_nobody_but_auditors_reads_the_trail(cast, signed_in, who):
    written(2)
    client = signed_in(getattr(cast, who))
    for path in PAGES:
        assert client.get(path).status_code == 403, path
    assert client.get("/audit/99/").status_code == 403
    assert client.post("/audit/export/").status_code == 403
    assert client.post("/audit/chain/verify/").status_code == 403
    assert "/audit/" not in client.get("/account/").content.decode()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_auditors_read_the_trail(cast, signed_in, lang):
    written(3, cast.editor)
    client = signed_in(cast.auditor, lang=lang)
    page = client.get("/audit/").content.decode()
    assert page.index("door 2") < page.index("door 0")
    assert ("Audit trail" if lang == "en" else "감사 기록") in page
    event = client.get("/audit/2/").content.decode()
    assert "door 1" in event
    assert bytes(Event.objects.get(number=2).link).hex() in event
    assert client.get("/audit/99/").status_code == 404


def test_the_trail_is_asked_by_actor_act_and_day(cast, signed_in, still_clock):
    written(2, cast.editor)
    still_clock.shift(13 * 3600)  # past midnight in Seoul
    written(1, cast.reader)
    client = signed_in(cast.auditor)
    asked = {"?actor=editor": 2, "?actor=reader": 1, "?actor=nobody": 0, "?action=tried": 3, "?action=other": 0, "?since=2026-11-26": 1, "?until=2026-11-25": 2}
    asked["?since=2026-11-26&until=2026-11-26&actor=editor"] = 0
    for query, count in asked.items():
        assert client.get(f"/audit/{query}").content.decode().count("door ") == count, query


@pytest.mark.parametrize("query", ["?since=yesterday", "?since=2026-02-30", "?before=x", "?before=-1", f"?before={'9' * 40}", "?before=٣"])
def test_a_question_that_is_none_is_refused(cast, signed_in, query):
    assert signed_in(cast.auditor).get(f"/audit/{query}").status_code == 422


def test_pages_of_the_trail_follow_one_another(cast, signed_in):
    written(120)
    client, seen, query = signed_in(cast.auditor), [], ""
    while query is not None:
        answer = client.get(f"/audit/?{query}")
        seen += [event.number for event, _, _ in answer.context["rows"]]
        query = answer.context["older"] or None
    assert seen == list(range(120, 0, -1))


def test_the_export_holds_all_that_was_asked_for_and_is_on_the_trail(cast, signed_in):
    written(60, cast.editor)
    with transaction.atomic():
        Event.record(cast.reader, "tried", target="=cmd|' /C calc'!A0", reason="@sum")
    answer = signed_in(cast.auditor).post("/audit/export/", {"action": "tried"})
    rows = list(csv.DictReader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 61
    assert rows[0]["target"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["reason"] == "'@sum"
    assert json.loads(rows[-1]["details"]) == {"n": 0}
    assert rows[-1]["link"] == bytes(Event.objects.get(number=1).link).hex()
    last = Event.objects.first()
    assert (last.action, last.actor, last.said()["details"]) == ("trail-exported", cast.auditor, {"action": "tried"})


def test_verifying_is_on_the_trail_and_shown(cast, signed_in):
    written(3)
    client = signed_in(cast.auditor)
    assert "never here" in client.get("/audit/chain/").content.decode()
    client.post("/audit/chain/verify/")
    page = client.get("/audit/chain/").content.decode()
    assert "3 hold" in page
    assert f"4:{bytes(Head.objects.get(name='audit').link).hex()}" in page
    by_force("UPDATE audit_event SET action = 'other' WHERE number = 2")
    told = client.post("/audit/chain/verify/", follow=True).content.decode()
    assert "Event 2 was changed" in told
    assert "broken at 2" in told


def test_what_an_event_says_is_shown_as_text(cast, signed_in):
    with transaction.atomic():
        Event.record(cast.editor, "tried", target="<script>alert(1)</script>", reason="<b>", details={"x": "</pre><script>"})
    client = signed_in(cast.auditor)
    assert "<script>alert" not in client.get("/audit/").content.decode()
    assert "<script>" not in client.get(reverse("audit_event", args=[1])).content.decode().split("<main")[1]


def test_every_event_of_people_has_a_name():
    import inspect

    from comity_desk.accounts import actions, token_actions

    used = {one.audit_event for module in (actions, token_actions) for _, one in inspect.getmembers(module, inspect.isclass) if hasattr(one, "audit_event")}
    assert used <= set(NAMES)
