"""The spill procedure: two officers, a stub left, the chain intact, and nothing of the words anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from standing_cast import Cast

from comity.register.register import Register
from comity_desk.audit.models import Event
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.models import Entry, SpillOrder
from comity_desk.ledger.register import current, forget
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.ledger.spill import _ALSO, CancelDestruction, ConfirmDestruction, OrderDestruction, Scope
from comity_desk.ledger.verify import verify
from comity_desk.lib.errors import NotFound, NotPermitted, Refused

pytestmark = pytest.mark.django_db
WORDS = "Miscounted."


@pytest.fixture
def loaded(marked_register: Register, cast: Cast) -> Cast:
    """The marked register in the ledger, and the cast."""
    LoadPackage(actor=None, register=marked_register).run()
    return cast


def everywhere(words: str) -> list[str]:
    """Tables and columns of the database that hold these words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE CAST("{column.name}" AS TEXT) LIKE %s', [f"%{words}%"])  # noqa: S608 - names from the catalogue
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column.name}")
    return found


def spilled(cast: Cast, **about: Any) -> int:
    """Order by the release officer, confirm by the administrator."""
    order = OrderDestruction(actor=cast.release_officer, reason="not ours to hold", **about).run()
    return ConfirmDestruction(actor=cast.administrator, order=order, reason="confirmed on paper").run()


def test_words_are_gone_from_every_table(loaded: Cast) -> None:
    """Entries, events and the order itself; the judgement whose reason held them still holds."""
    before = current().register.tables["claim"]
    assert everywhere(WORDS) == ["ledger_entry.content"]
    assert spilled(loaded, words=WORDS) == 1
    assert everywhere(WORDS) == []
    after = current().register.tables["claim"]
    assert before.filter(pl.col("id") == "claim-3")["status"].to_list() == ["superseded"]
    assert after.filter(pl.col("id") == "claim-3").is_empty()  # the claim itself held the words: it went as a whole
    found = verify()
    assert found.broken is None
    assert found.destroyed == 1


def test_a_cell_is_destroyed_and_a_stub_stays(loaded: Cast) -> None:
    """The value goes for every reader, the entry stays with its commitment."""
    ref, reader = "exercise:team-spirit-1984", loaded.reader.reader
    assert snapshot_for(reader).record(ref)["title_en"] == "Team Spirit 84"
    count = spilled(loaded, ref=ref, field="title_en")
    assert count == 1
    assert snapshot_for(reader).record(ref)["title_en"] is None
    stub = Entry.objects.filter(content=None).get()
    assert stub.salt is None
    assert len(bytes(stub.commitment)) == 32
    forget()
    assert snapshot_for(reader).record(ref)["title_en"] is None
    assert verify().broken is None


def test_a_whole_record_is_destroyed(loaded: Cast) -> None:
    """The record is gone for its keepers too, and links to it vanish."""
    reader = loaded.reader.reader
    assert snapshot_for(reader).has_record("exercise:shared-drill")
    assert spilled(loaded, ref="exercise:shared-drill") > 5
    assert not snapshot_for(reader).has_record("exercise:shared-drill")
    assert "shared-drill" not in current().keys["exercise"]
    assert verify().broken is None


def test_two_officers_are_needed(loaded: Cast) -> None:
    """The first cannot confirm, nobody confirms twice, and roles without the power can neither order nor confirm."""
    order = OrderDestruction(actor=loaded.release_officer, words=WORDS, reason="not ours").run()
    with pytest.raises(NotPermitted):
        ConfirmDestruction(actor=loaded.release_officer, order=order, reason="me again").run()
    for person in (loaded.reader, loaded.editor, loaded.reviewer, loaded.auditor):
        with pytest.raises(NotPermitted):
            OrderDestruction(actor=person, words=WORDS, reason="x").run()
        with pytest.raises(NotPermitted):
            ConfirmDestruction(actor=person, order=order, reason="x").run()
    ConfirmDestruction(actor=loaded.administrator, order=order, reason="yes").run()
    with pytest.raises(Refused):
        ConfirmDestruction(actor=loaded.other_administrator, order=order, reason="again").run()
    assert SpillOrder.objects.get().content is None


def test_what_cannot_be_ordered(loaded: Cast) -> None:
    """Nothing named, words that are nowhere, a reason that repeats the words, no reason, a record that the officer may not see."""
    for about in ({"words": "abc"}, {"words": "these words are nowhere"}, {}):
        with pytest.raises(Refused):
            OrderDestruction(actor=loaded.release_officer, reason="why", **about).run()
    for reason in ("", f"it says {WORDS}"):
        with pytest.raises(Refused):
            OrderDestruction(actor=loaded.release_officer, words=WORDS, reason=reason).run()
    with pytest.raises(NotFound):
        OrderDestruction(actor=loaded.other_administrator, ref="exercise:shared-drill", reason="why").run()
    assert not SpillOrder.objects.exists()


def test_a_withdrawn_order_destroys_nothing_but_its_words(loaded: Cast) -> None:
    """And can be withdrawn by the officer who gave it."""
    order = OrderDestruction(actor=loaded.release_officer, words=WORDS, reason="not ours").run()
    CancelDestruction(actor=loaded.release_officer, order=order, reason="a mistake").run()
    assert everywhere(WORDS) == ["ledger_entry.content"]
    assert SpillOrder.objects.get().content is None


def test_copies_held_elsewhere_are_destroyed_with_it(loaded: Cast) -> None:
    """Parts of the desk that hold copies are told the records and the words."""
    told: list[Scope] = []
    _ALSO.append(lambda scope: told.append(scope) or 0)
    try:
        spilled(loaded, words=WORDS)
    finally:
        _ALSO.pop()
    assert told == [Scope(("exercise:freedom-shield-2023",), WORDS)]


def test_the_audit_trail_tells_who_and_why_and_not_what(loaded: Cast) -> None:
    """Order and confirmation are events; neither names the record or the words."""
    spilled(loaded, ref="exercise:shared-drill", field="title_en")
    told = "".join(str(event.content) for event in Event.objects.filter(action__startswith="spill"))
    assert "not ours to hold" in told
    assert "confirmed on paper" in told
    assert "shared-drill" not in told


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_pages_lead_through_it(loaded: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    """The first officer orders on a page, the second confirms on another; others see neither."""
    first, second = signed_in(loaded.release_officer, lang=lang), signed_in(loaded.administrator, lang=lang)
    made = first.post("/spills/order/", {"words": WORDS, "reason": "not ours"})
    assert made.status_code == 302
    page = first.get(made["Location"]).content.decode()
    assert 'value="confirm"' not in page
    assert WORDS not in page
    assert 'value="confirm"' in second.get(made["Location"]).content.decode()
    done = second.post(made["Location"] + "settle/", {"act": "confirm", "reason": "on paper"}, follow=True)
    assert ("entries were destroyed" if lang == "en" else "파기했습니다") in done.content.decode()
    assert everywhere(WORDS) == []
    assert signed_in(loaded.editor).get("/spills/").status_code == 403
    assert signed_in(loaded.editor).get(made["Location"]).status_code == 403
    refused = first.post("/spills/order/", {"words": "abc", "reason": "why"})
    assert refused.status_code == 422
    assert "why" in refused.content.decode()
