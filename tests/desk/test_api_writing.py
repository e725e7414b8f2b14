"""Programs propose, review and attach by the same acts and rules as people on pages; a change says from which state of the record it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client

import comity
from comity.register.register import Register
from comity.vocab.errors import DeskRefused
from comity_desk.accounts.models import User
from comity_desk.accounts.token_actions import MakeToken
from comity_desk.api import openapi, rates
from comity_desk.api.models import Answered, Window
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.records.proposals.models import Proposal

BASE = "/api/v1"
NEW = {
    "change": "add",
    "kind": "exercise",
    "cells": {"title_en": "New sea days", "title_ko": "새 해상 훈련", "series": "freedom-shield", "start": "2026-05-01", "end": "2026-05-04", "participants": ["KOR", "USA"], "status": "conducted",
              "exercise_types": ["FTX"], "source": "newspaper", "confidence": "high"},
    "marking": "public",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, settings: Any) -> Iterator[None]:
    rates.forget()
    settings.MEDIA_ROOT = tmp_path / "attachments"
    yield
    rates.forget()


@pytest.fixture
def record(db: None, marked_register: Register) -> None:
    """A ledger with rows under several markings."""
    LoadPackage(actor=None, register=marked_register).run()


class Program:
    """A program that comes with a token of somebody's."""

    def __init__(self, user: Any, *scopes: str) -> None:
        self.headers = {"Authorization": f"Bearer {MakeToken(actor=user, name='test', scopes=scopes or ('read', 'write'), days=1).run()[1]}"}

    def get(self, path: str, **headers: str) -> Any:
        return Client().get(BASE + path, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return Client().post(BASE + path, json.dumps(body if body is not None else {}), content_type="application/json", headers=self.headers | headers)

    def state(self, path: str) -> dict[str, str]:
        return {"If-Match": self.get(path).headers["ETag"]}

    def done(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        response = self.post(path, body, **headers)
        assert response.status_code in (200, 201), response.content.decode()
        told: dict[str, Any] = response.json()
        return told


def refused(response: Any, status: int) -> dict[str, Any]:
    """The problem details of a refusal."""
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    jsonschema.validate(told, {**openapi.document("en"), "$ref": "#/components/schemas/Problem"})
    return told


def test_a_record_is_proposed_reviewed_and_there(record: None, cast: Any) -> None:
    editor, reviewer = Program(cast.editor), Program(cast.reviewer)
    made = editor.post("/proposals", NEW)
    assert made.status_code == 201, made.content.decode()
    told = made.json()
    assert made.headers["Location"] == told["link"] == f"{BASE}/proposals/{told['key']}"
    assert (told["state"], told["mine"], told["record"], told["title"]) == ("open", True, None, "New sea days")
    assert told["says"]["cells"]["participants"] == "KOR;USA"
    assert editor.get(f"/proposals/{told['key']}").json() == told, "what was handed in reads as what is answered"
    waiting = reviewer.get("/proposals").json()
    assert [one["key"] for one in waiting["proposals"]] == [told["key"]]
    assert reviewer.get(f"/proposals/{told['key']}").json()["open"]["may_accept"]
    done = reviewer.done(f"/proposals/{told['key']}/accept", {"reason": "Both communiqués say so."})
    assert done["state"] == "accepted"
    ref = done["record"].partition(":")[2]
    found = editor.get(f"/records/exercises/{ref}").json()
    assert (found["title_ko"], found["start"], found["participants"], found["source"]) == ("새 해상 훈련", "2026-05-01", ["KOR", "USA"], "newspaper")
    assert snapshot_for(cast.low.reader).has_record(f"exercise:{ref}")
    assert editor.get("/proposals?show=mine").json()["proposals"][0]["state"] == "accepted"
    refused(reviewer.post(f"/proposals/{told['key']}/decline", {"reason": "Late."}), 409)


def test_a_change_is_made_from_a_state(record: None, cast: Any) -> None:
    editor, reviewer = Program(cast.editor), Program(cast.reviewer)
    path, body = "/records/agreements/gsomia", {"change": "change", "record": "agreement:gsomia", "cells": {"title_en": "GSOMIA"}, "reason": "Its usual name."}
    refused(editor.post("/proposals", body), 428)
    state = editor.state(path)
    told = editor.done("/proposals", body, **state)
    assert (told["record"], told["says"]["before"]) == ("agreement:gsomia", {"title_en": "Military information agreement"})
    reviewer.done(f"/proposals/{told['key']}/accept", {"reason": "Right."})
    assert editor.state(path) != state
    late = refused(editor.post("/proposals", body | {"cells": {"title_en": "Another"}}, **state), 412)
    assert late["differs"] == {"title_en": {"before": None, "now": "GSOMIA"}}
    late = refused(editor.post("/proposals", body | {"cells": {"title_en": "Another"}, "before": {"title_en": "Military information agreement"}}, **state), 412)
    assert late["differs"] == {"title_en": {"before": "Military information agreement", "now": "GSOMIA"}}
    clash = refused(editor.post("/proposals", body | {"cells": {"title_en": "Another"}, "before": {"title_en": "Military information agreement"}}), 409)
    assert clash["differs"] == {"title_en": {"before": "Military information agreement", "now": "GSOMIA", "proposed": "Another"}}
    assert editor.done("/proposals", body | {"cells": {"title_en": "Another"}}, **editor.state(path))["state"] == "open"


def test_a_hidden_change_does_not_move_the_state(record: None, cast: Any) -> None:
    """Somebody with more access adds a rival that the foreign editor may not see: the state that the foreigner read still stands."""
    own, foreign = Program(cast.top), Program(cast.american)
    before = foreign.state("/records/agreements/mutual-defence")
    claim = {
        "change": "claim",
        "record": "agreement:mutual-defence",
        "cells": {"signed": "1953-10-03"},
        "basis": {"source": "newspaper", "confidence": "medium"},
        "marking": "kor-restricted",
    }
    key = own.done("/proposals", claim, **own.state("/records/agreements/mutual-defence"))["key"]
    assert Program(cast.reviewer).done(f"/proposals/{key}/accept", {"reason": "Seen."})["state"] == "accepted"
    assert "1953-10-03" in own.get("/records/agreements/mutual-defence/claims").content.decode()
    assert foreign.state("/records/agreements/mutual-defence") == before
    change = {"change": "change", "record": "agreement:mutual-defence", "cells": {"title_en": "Mutual Defense Treaty"}, "reason": "Spelling."}
    assert foreign.done("/proposals", change, **before)["state"] == "open"


def test_claims_judgements_and_withdrawals(record: None, cast: Any) -> None:
    editor, reviewer = Program(cast.editor), Program(cast.reviewer)
    path, ref = "/records/agreements/mutual-defence", "agreement:mutual-defence"
    rivals = [one for one in editor.get(f"{path}/claims?field=signed").json()["claims"] if not one["stands"]]
    judged = editor.done(
        "/proposals",
        {"change": "judge", "record": ref, "field": "signed", "claim": rivals[0]["id"], "reason": {"en": "Closer.", "ko": "더 정확함."}},
        **editor.state(path),
    )
    assert (judged["says"]["claim"], judged["says"]["reason"]) == (rivals[0]["id"], {"en": "Closer.", "ko": "더 정확함."})
    reviewer.done(f"/proposals/{judged['key']}/decline", {"reason": "The treaty series is the original."})
    assert editor.get(f"/proposals/{judged['key']}").json()["decisions"][0]["why"] == "The treaty series is the original."
    gone = editor.done(
        "/proposals", {"change": "withdraw", "record": "exercise:shared-drill", "reason": "Never held."}, **editor.state("/records/exercises/shared-drill")
    )
    reviewer.done(f"/proposals/{gone['key']}/accept", {"reason": "Right."})
    refused(editor.get("/records/exercises/shared-drill"), 404)
    taken = editor.done("/proposals", NEW)
    assert editor.done(f"/proposals/{taken['key']}/withdraw")["state"] == "withdrawn"


def test_what_cannot_be_proposed_says_where(record: None, cast: Any) -> None:
    editor = Program(cast.editor)

    def told(body: dict[str, Any], **headers: str) -> set[tuple[str, str]]:
        return {(one["field"], one["code"]) for one in refused(editor.post("/proposals", body, **headers), 422)["errors"]}

    assert told({}) == {("change", "missing")}
    assert told({"change": "add"}) == {("kind", "wrong-value")}
    assert told({"change": "add", "kind": "claim"}) == {("kind", "wrong-value")}
    assert told({"change": "change"}) == {("record", "missing")}
    assert told({"change": "add", "kind": "exercise", "cells": {"colour": "red"}}) == {("cells.colour", "unknown-column")}
    assert told({"change": "add", "kind": "exercise", "cells": {"id": "mine"}}) == {("cells.id", "unknown-column")}
    assert told({"change": "add", "kind": "exercise", "basis": {"colour": "red"}}) == {("basis.colour", "unknown-column")}
    state = editor.state("/records/agreements/gsomia")
    assert told({"change": "claim", "record": "agreement:gsomia", "cells": {}}, **state) == {("cells", "one-cell")}
    assert told({"change": "judge", "record": "agreement:gsomia", "field": "signed"}, **state) == {("claim", "missing")}
    assert ("start", "bad-date") in told(NEW | {"cells": NEW["cells"] | {"start": "lately"}}) or ("start", "not-a-date") in told(
        NEW | {"cells": NEW["cells"] | {"start": "lately"}}
    )
    assert ("marking", "no-marking") in told(NEW | {"marking": "nowhere"})
    assert told({"change": "add", "kind": "exercise", "cells": {"title_en": {"deep": 1}}, "extra": 1}) >= {("extra", "extra-forbidden")}
    refused(editor.post("/proposals", {"change": "change", "record": "exercise:nowhere", "cells": {"end": None}}, **state), 404)
    refused(editor.post("/proposals", {"change": "change", "record": "colour:red", "cells": {"end": None}}, **state), 404)


def test_likely_repetitions_are_named(record: None, cast: Any) -> None:
    editor = Program(cast.editor)
    again = {"title_en": "Quiet drill", "title_ko": "비공개 훈련", "start": "2025-03-04", "end": "2025-03-10"}
    twin = NEW | {"cells": NEW["cells"] | again, "marking": "kor-only"}  # type: ignore[operator]
    told = refused(editor.post("/proposals", twin), 422)
    assert [one["record"] for one in told["duplicates"]] == ["exercise:quiet-drill"]
    assert editor.done("/proposals", twin | {"another_thing": "The second of two."})["state"] == "open"
    assert Program(cast.american).done("/proposals", twin | {"marking": "public"})["state"] == "open", "what one may not see is not warned of"


def test_a_request_sent_twice_is_done_once(record: None, cast: Any) -> None:
    editor = Program(cast.editor)
    first, second = (editor.post("/proposals", NEW, **{"Idempotency-Key": "a-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Proposal.objects.count() == 1
    told = refused(editor.post("/proposals", NEW | {"another_thing": "Other."}, **{"Idempotency-Key": "a-1"}), 422)
    assert told["errors"][0]["code"] == "used"
    assert Program(cast.top).post("/proposals", NEW | {"another_thing": "Another."}, **{"Idempotency-Key": "a-1"}).status_code == 201, (
        "names are a person's own"
    )
    refused(editor.post("/proposals", {"change": "add"}, **{"Idempotency-Key": "a-2"}), 422)
    assert not Answered.objects.filter(key__startswith="a").exists()
    assert Answered.objects.count() == 2
    assert editor.post("/proposals", NEW | {"another_thing": "Third."}, **{"Idempotency-Key": "a-2"}).status_code == 201, "what was refused was not done"


def test_roles_and_scopes_hold(record: None, cast: Any) -> None:
    key = Program(cast.editor).done("/proposals", NEW)["key"]
    refused(Program(cast.editor, "read").post("/proposals", NEW), 403)
    refused(Program(cast.reader).post("/proposals", NEW), 403)
    refused(Program(cast.reader).get("/proposals"), 403)
    refused(Program(cast.reader).get(f"/proposals/{key}"), 403)
    refused(Program(cast.editor).post(f"/proposals/{key}/accept"), 403)
    own = Program(cast.top).done("/proposals", NEW | {"another_thing": "Mine."})["key"]
    assert "own proposal" in refused(Program(cast.top).post(f"/proposals/{own}/accept", {"reason": "Good."}), 403)["detail"]
    refused(Program(cast.reviewer).post(f"/proposals/{key}/decline"), 422)
    refused(Program(cast.reviewer).post(f"/proposals/{key}/withdraw"), 403)


def test_a_proposal_about_something_hidden_is_none(record: None, cast: Any) -> None:
    key = Program(cast.top).done("/proposals", NEW | {"marking": "kor-only"})["key"]
    for path in (f"/proposals/{key}", "/proposals/nowhere"):
        assert refused(Program(cast.american).get(path), 404)["detail"].startswith("There is nothing here")
    for act in ("accept", "decline", "withdraw"):
        answers = [Program(cast.american).post(f"/proposals/{one}/{act}", {"reason": "x"}) for one in (key, "nowhere")]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].content == answers[1].content
    assert Program(cast.american).get("/proposals?show=decided").json() == {"total": 0, "proposals": [], "next": None}


def test_lists_of_proposals_come_in_pages(record: None, cast: Any) -> None:
    editor = Program(cast.editor)
    keys = {editor.done("/proposals", NEW | {"another_thing": str(at)})["key"] for at in range(5)}
    found, path = [], "/proposals?show=mine&limit=2"
    while path:
        page = editor.get(path).json()
        assert page["total"] == 5
        found += [one["key"] for one in page["proposals"]]
        path = (page["next"] or "").removeprefix(BASE)
    assert len(found) == 5
    assert set(found) == keys
    refused(editor.get("/proposals?show=mine&cursor=nowhere"), 422)
    refused(editor.get("/proposals?show=everything"), 422)
    refused(editor.get("/proposals?kind=colour"), 422)


def test_answers_are_as_their_schema_says(record: None, cast: Any) -> None:
    editor = Program(cast.editor)
    whole = editor.done("/proposals", NEW)
    cast.editor.clearance = "unclassified"
    key = Program(cast.top).done("/proposals", NEW | {"marking": "kor-only", "another_thing": "Another."})["key"]
    schema = openapi.document("en")
    jsonschema.validate(whole, {**schema, "$ref": "#/components/schemas/Proposal"})
    jsonschema.validate(editor.get("/proposals?show=mine").json(), {**schema, "$ref": "#/components/schemas/Proposals"})
    cast.top.clearance = "unclassified"
    cast.top.save()
    hidden = Program(cast.top).get(f"/proposals/{key}").json()
    jsonschema.validate(hidden, {**schema, "$ref": "#/components/schemas/Proposal"})
    assert (hidden["whole"], hidden["title"], hidden["says"], hidden["marking"], hidden["kind"]) == (False, None, None, None, None)


@pytest.mark.parametrize("person", ["american", "reviewer"])
def test_what_others_do_under_hidden_markings_shows_nowhere(record: None, cast: Any, still: Any, person: str, marked_register: Register) -> None:
    """Proposals, files, jobs and accepted changes under a marking that a reader may not see change no byte of any answer."""
    from routes import Visible
    from routes_api import API

    user = getattr(cast, person)
    if person == "reviewer":
        user.clearance = "unclassified"
        user.save()
    reader = user.reader
    program = Program(user, "read")
    visible = Visible(snapshot_for(reader), marked_register, reader)
    paths = [one for case in API.values() for one in case(visible) if one.method == "GET" and "/measures/" not in one.path and "known_at" not in one.path]
    paths = [one for one in paths if one.path != f"{BASE}/docs"]  # carries a form token

    def answers() -> list[tuple[int, dict[str, str], bytes]]:
        rates.forget()
        told = []
        for one in paths:
            response = Client().get(one.path, headers=program.headers | one.headers)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told.append((response.status_code, {name: value for name, value in response.headers.items() if name != "X-Request-ID"}, body))
        return told

    own = Program(cast.top)
    busy_elsewhere(own, Program(cast.editor))  # what rests on ids already drawn is the same before and after
    Window.objects.all().delete()
    before = answers()
    busy_elsewhere(own, Program(cast.editor))
    Window.objects.all().delete()
    after = answers()
    for one, first, second in zip(paths, before, after, strict=True):
        assert first == second, one
    assert {first[0] for first in before} >= {200, 404}


def busy_elsewhere(own: Program, other: Program) -> None:
    """Somebody cleared for everything proposes, attaches, asks for a job, and has a rival accepted, all under hidden markings."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    own.done("/proposals", NEW | {"marking": "kor-only", "another_thing": "One more."})
    path, ref = "/records/agreements/mutual-defence", "agreement:mutual-defence"
    basis = {"source": "newspaper", "confidence": "low", "locator": str(Proposal.objects.count())}
    claim = {"change": "claim", "record": ref, "cells": {"signed": f"1953-10-{10 + Proposal.objects.count()}"}, "basis": basis, "marking": "kor-restricted"}
    key = own.done("/proposals", claim, **own.state(path))["key"]
    Program(User.objects.get(username="release-officer")).get("/proposals")
    second = User.objects.get(username="editor")
    second.roles = ["editor", "reviewer"]
    second.save()
    assert Program(second).done(f"/proposals/{key}/accept", {"reason": "Seen."})["state"] == "accepted"
    sent = Client().post(f"{BASE}{path}/attachments", {"file": SimpleUploadedFile("secret.txt", b"secret"), "marking": "kor-restricted"}, headers=own.headers)
    assert sent.status_code == 201, sent.content


def test_files_lie_beside_records(record: None, cast: Any, settings: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    editor, path = Program(cast.editor), "/records/exercises/shared-drill/attachments"

    def sent(content: bytes, name: str = "note.txt", **more: str) -> Any:
        return Client().post(BASE + path, {"file": SimpleUploadedFile(name, content), **more}, headers=editor.headers)

    made = sent("회의록".encode())
    assert made.status_code == 201, made.content.decode()
    told = made.json()
    assert (told["name"], told["marking"], told["media_type"]) == ("note.txt", "kor-jpn", "text/plain")
    listed = editor.get(path)
    assert [one["key"] for one in listed.json()["attachments"]] == [told["key"]]
    got = editor.get(told["link"].removeprefix(BASE))
    assert (got.content.decode(), got.headers["Content-Type"]) == ("회의록", "application/octet-stream")
    assert "attachment" in got.headers["Content-Disposition"]
    for other in (f"/attachments/{told['key']}", path):
        refused(Program(cast.low).get(other), 404)
    refused(sent(b"MZ\x90\x00", "run.exe"), 422)
    refused(sent(b"x", marking="nowhere"), 422)
    refused(Client().post(BASE + path, {"marking": "public"}, headers=editor.headers), 422)
    refused(editor.post(path, {"file": "x"}), 415)
    refused(Client().post(BASE + path, b"--x", content_type="multipart/form-data; boundary=", headers=editor.headers), 400)
    refused(Client().post(BASE + path, {"file": SimpleUploadedFile("a.txt", b"a")}, headers=Program(cast.reader).headers), 403)
    settings.UPLOAD_LIMIT = 1_000
    refused(sent(b"x" * 2_000), 413)
    refused(sent(b"x" * 400_000), 413)
    assert editor.done(f"/attachments/{told['key']}/remove", {"reason": "Wrong record."})["removed"]
    refused(editor.get(f"/attachments/{told['key']}"), 404)


def test_a_client_proposes_and_reviews(transactional_db: None, marked_register: Register, cast: Any, live_server: Any) -> None:
    LoadPackage(actor=None, register=marked_register).run()
    editor, reviewer = (comity.open(live_server.url, Program(one).headers["Authorization"][7:]) for one in (cast.editor, cast.reviewer))
    made = editor.propose_add("exercise", marking="public", **NEW["cells"])
    assert [one["key"] for one in reviewer.proposals()] == [made["key"]]
    accepted = reviewer.accept(made["key"], reason="Right.")
    ref = accepted["record"]
    assert editor.record(ref)["title_en"] == "New sea days"
    state = editor.state_of(ref)
    changed = editor.propose_change(ref, reason="One day longer.", end="2026-05-05")
    reviewer.accept(changed["key"], reason="Right.")
    with pytest.raises(DeskRefused) as late:
        editor.propose_change(ref, reason="Two days longer.", end="2026-05-06", state=state)
    assert (late.value.status, late.value.problem["differs"]) == (412, {"end": {"before": None, "now": "2026-05-05"}})
    claimed = editor.propose_claim(ref, "end", "2026-05-07", basis={"source": "treaty-series", "confidence": "medium"})
    assert reviewer.decline(claimed["key"], reason="A misprint.")["state"] == "read_not_accepted"
    assert editor.withdraw(editor.propose_withdrawal(ref, reason="Never held.")["key"])["state"] == "withdrawn"
    assert {one["state"] for one in editor.proposals("mine")} == {"accepted", "read_not_accepted", "withdrawn"}
    assert editor.proposal(changed["key"])["says"]["reason"]["en"] == "One day longer."
    for one in (editor, reviewer):
        one.close()
