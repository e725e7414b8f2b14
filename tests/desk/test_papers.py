"""Papers in clearance: who may see one, what a ministry had before it, who is late, and that nothing is closed over an objection without a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from standing_cast import Cast

from comity.register.register import Register
from comity_desk.audit.models import Event
from comity_desk.boards import actions
from comity_desk.boards.models import BoardResult, Consultation, Paper, Version
from comity_desk.boards.papers import destroy_versions, from_file, from_text
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.spill import Scope
from comity_desk.lib import clock
from comity_desk.lib.errors import Conflict, NotFound, NotPermitted, Refused

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


@pytest.fixture
def loaded(marked_register: Register, still: object) -> Register:
    """The marked register in the ledger, on a day that stands still."""
    LoadPackage(actor=None, register=marked_register).run()
    return marked_register


def drafted(cast: Cast, marking: str = "kor-restricted", words: str = "We propose to meet.") -> Paper:
    return actions.DraftPaper(actor=cast.editor, title="Talking points", marking=marking, draft=from_text(words)).run()


def asked(cast: Cast, paper: Paper, ministry: str = "Foreign Affairs", days: int = 7) -> Consultation:
    actions.AskClearance(actor=cast.editor, paper=paper, ministry=ministry, person="Director Kim", due=clock.today() + timedelta(days=days)).run()
    return Consultation.objects.get(paper=paper, ministry=ministry, withdrawn_at=None)


def answered(cast: Cast, one: Consultation, answer: str, remarks: str = "") -> Consultation:
    return actions.AnswerClearance(actor=cast.release_officer, consultation=one, answer=answer, remarks=remarks).run()


def test_a_paper_is_seen_by_those_who_may_see_its_marking(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    paper = drafted(cast)
    for person, status in ((cast.editor, 200), (cast.reader, 200), (cast.low, 404), (cast.american, 404), (cast.stateless, 404)):
        client = signed_in(person)
        assert client.get(f"/papers/{paper.key}/").status_code == status, person
        assert client.get(f"/papers/{paper.key}/versions/1/").status_code == status
        assert ("Talking points" in client.get("/papers/").content.decode()) == (status == 200)
    hidden, none = (signed_in(cast.low).get(f"/papers/{key}/").content for key in (paper.key, "nothing"))
    assert hidden.partition(b"<main")[2] == none.partition(b"<main")[2]


def test_acts_upon_a_hidden_paper_find_nothing(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    paper = drafted(cast)
    with pytest.raises(NotFound):
        actions.WithdrawPaper(actor=cast.american, paper=paper, reason="x").run()
    one = asked(cast, paper)
    assert signed_in(cast.american).post(f"/papers/{paper.key}/close/", {"reason": "x"}).status_code == 404
    assert signed_in(cast.american).post(f"/papers/questions/{one.key}/withdraw/", {"reason": "x"}).status_code == 404


def test_each_act_is_for_those_whose_role_it_is(loaded: Register, cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        actions.DraftPaper(actor=cast.reader, title="x", marking="public", draft=from_text("x")).run()
    one = asked(cast, drafted(cast))
    with pytest.raises(NotPermitted):
        actions.AnswerClearance(actor=cast.editor, consultation=one, answer="agreed").run()


def test_an_answer_stays_with_the_version_that_the_ministry_had(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    paper = drafted(cast)
    answered(cast, asked(cast, paper), "changes", "Strike the second sentence.")
    actions.RevisePaper(actor=cast.editor, paper=paper, draft=from_text("We propose to meet in March."), reason="A month is named.").run()
    later = asked(cast, paper, "Unification")
    first, second = Version.objects.order_by("number")
    assert first.digest == hashlib.sha256(b"We propose to meet.").hexdigest()
    assert [one.version.number for one in paper.consultations.order_by("asked_at", "pk")] == [1, 2]
    page = signed_in(cast.editor).get(f"/papers/{paper.key}/").content.decode()
    assert "not the latest" in page
    assert "We propose to meet in March." in signed_in(cast.editor).get(f"/papers/{paper.key}/versions/{second.number}/").content.decode()
    assert "in March" not in signed_in(cast.editor).get(f"/papers/{paper.key}/versions/1/").content.decode()
    assert later.version == second


def test_a_ministry_that_is_asked_anew_has_the_new_version_before_it(loaded: Register, cast: Cast) -> None:
    paper = drafted(cast)
    former = asked(cast, paper)
    actions.RevisePaper(actor=cast.editor, paper=paper, draft=from_text("Another text."), reason="Shorter.").run()
    anew = asked(cast, paper)
    former.refresh_from_db()
    assert former.withdrawn_at is not None
    assert (former.version.number, anew.version.number) == (1, 2)
    with pytest.raises(Conflict):
        answered(cast, former, "agreed")


def test_nothing_is_cleared_over_an_objection_or_a_silence_without_a_reason(loaded: Register, cast: Cast) -> None:
    paper = drafted(cast)
    with pytest.raises(Refused, match="No ministry was asked"):
        actions.ClosePaper(actor=cast.editor, paper=paper).run()
    answered(cast, asked(cast, paper), "agreed")
    silent = asked(cast, paper, "Unification")
    with pytest.raises(Refused, match="Unification"):
        actions.ClosePaper(actor=cast.editor, paper=paper).run()
    answered(cast, silent, "objected", "Too early.")
    with pytest.raises(Refused, match="Unification"):
        actions.ClosePaper(actor=cast.editor, paper=paper, reason="  ").run()
    actions.ClosePaper(actor=cast.editor, paper=paper, reason="Decided by the Security Council.").run()
    paper.refresh_from_db()
    assert (paper.state, paper.end_reason) == ("cleared", "Decided by the Security Council.")
    with pytest.raises(Conflict):
        actions.WithdrawPaper(actor=cast.editor, paper=paper, reason="late").run()


def test_a_paper_on_which_all_agree_needs_no_reason(loaded: Register, cast: Cast) -> None:
    paper = drafted(cast)
    answered(cast, asked(cast, paper), "agreed")
    assert actions.ClosePaper(actor=cast.editor, paper=paper).run().state == "cleared"


def test_an_answer_is_one_of_those_there_are_given_once_with_its_grounds(loaded: Register, cast: Cast) -> None:
    one = asked(cast, drafted(cast))
    for told in ({"answer": "perhaps"}, {"answer": "objected"}, {"answer": "changes", "remarks": " "}):
        with pytest.raises(Refused):
            actions.AnswerClearance(actor=cast.release_officer, consultation=one, **told).run()
    with pytest.raises(Refused):
        actions.AnswerClearance(actor=cast.release_officer, consultation=one, answer="agreed", answered_on=clock.today() + timedelta(days=1)).run()
    answered(cast, one, "agreed")
    with pytest.raises(Conflict):
        answered(cast, one, "objected", "On second thoughts.")


def test_who_is_late_is_told(loaded: Register, cast: Cast, signed_in: SignedIn, still: Any) -> None:
    paper = drafted(cast)
    asked(cast, paper, days=2)
    assert "Who is late" not in signed_in(cast.editor).get("/papers/").content.decode()
    still.shift(timedelta(days=3))
    client = signed_in(cast.editor)
    page = client.get("/papers/").content.decode()
    assert "Who is late" in page
    assert "Foreign Affairs" in page
    assert "Answers of ministries that are late: 1" in client.get("/").content.decode()
    assert "Answers of ministries" not in signed_in(cast.american).get("/").content.decode()  # an editor who may not see the paper


def test_a_board_becomes_a_paper_as_it_was_shown(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.top)
    page = client.get("/boards/offices/").content.decode()
    key = re.search(r'/papers/new/\?of=(\w+)"', page)[1]  # type: ignore[index]
    assert "Office-holders" in client.get(f"/papers/new/?of={key}").content.decode()
    refused = client.post("/papers/new/", {"title": "Who is who", "marking": "public", "of": key})
    assert refused.status_code == 422  # made from more than the public may see
    assert "Choose a marking whose readers may see all of that" in refused.content.decode()
    assert not Paper.objects.exists()


def test_a_board_made_from_what_is_public_goes_round_in_public(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    roles = ["editor"]
    cast.stateless.roles = roles
    cast.stateless.save()
    client = signed_in(cast.stateless)
    page = client.get("/partners/USA/").content.decode()
    key = re.search(r'/papers/new/\?of=(\w+)"', page)[1]  # type: ignore[index]
    assert client.post("/papers/new/", {"title": "On the ally", "marking": "public", "of": key}).status_code == 302
    version = Version.objects.get()
    paper, result = version.paper, BoardResult.objects.get(key=key)
    assert (paper.kind, version.snapshot, version.as_of) == ("dossier", result.snapshot, result.as_of)
    assert hashlib.sha256(bytes(version.content or b"")).hexdigest() == version.digest
    assert result.kept
    shown = signed_in(cast.japanese).get(f"/papers/{paper.key}/versions/1/").content.decode()
    behind = re.findall(rf'href="(/papers/{paper.key}/versions/1/behind/\d+/)"', shown)
    assert behind
    assert f"of={key}" not in shown
    assert signed_in(cast.japanese).get(behind[0]).status_code == 200
    assert signed_in(cast.japanese).get(f"/papers/{paper.key}/versions/1/meetings.csv").status_code == 200


def test_a_file_is_what_its_name_says(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    assert from_file("../../brief.pdf", b"%PDF-1.7 x").name == "brief.pdf"
    for name, content in (("brief.pdf", b"<script>"), ("page.html", b"<html>"), ("brief", b"%PDF-")):
        with pytest.raises(Refused):
            from_file(name, content)
    client = signed_in(cast.editor)
    sent = SimpleUploadedFile("보고.pdf", b"%PDF-1.7 words")
    assert client.post("/papers/new/", {"title": "A file", "marking": "kor-only", "file": sent}).status_code == 302
    response = client.get(f"/papers/{Paper.objects.get().key}/versions/1/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.content == b"%PDF-1.7 words"


def test_events_tell_no_content(loaded: Register, cast: Cast) -> None:
    paper = drafted(cast, words="A very secret sentence.")
    answered(cast, asked(cast, paper), "objected", "Because of a secret ground.")
    told = " ".join(event.content or "" for event in Event.objects.all())
    assert "secret sentence" not in told
    assert "secret ground" not in told
    assert {"paper-drafted", "clearance-asked", "clearance-answered"} <= set(Event.objects.values_list("action", flat=True))


def test_a_spill_empties_a_version_and_leaves_its_digest(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    paper, other = drafted(cast, words="The code name is Larkspur."), drafted(cast, words="Nothing of that.")
    before = paper.latest.digest
    assert destroy_versions(Scope((), "Larkspur")) == 1
    version = Version.objects.get(paper=paper)
    assert (version.content, version.digest) == (None, before)
    assert other.latest.content is not None
    page = signed_in(cast.editor).get(f"/papers/{paper.key}/versions/1/").content.decode()
    assert "destroyed" in page
    assert "Larkspur" not in page


def test_the_whole_way_by_hand(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    editor, officer = signed_in(cast.editor, lang="ko"), signed_in(cast.release_officer)
    assert editor.post("/papers/new/", {"title": "면담 자료", "marking": "kor-only", "text": "문안"}).status_code == 302
    key = Paper.objects.get().key
    due = (clock.today() + timedelta(days=5)).isoformat()
    assert editor.post(f"/papers/{key}/ask/", {"ministry": "외교부", "person": "과장", "due": due}).status_code == 302
    assert editor.post(f"/papers/{key}/ask/", {"ministry": "통일부", "due": "언젠가"}).status_code == 422
    one = Consultation.objects.get()
    assert officer.post(f"/papers/questions/{one.key}/answer/", {"answer": "objected"}).status_code == 422
    assert officer.post(f"/papers/questions/{one.key}/answer/", {"answer": "objected", "remarks": "시기상조"}).status_code == 302
    assert "부동의" in editor.get(f"/papers/{key}/").content.decode()
    assert editor.post(f"/papers/{key}/close/", {}).status_code == 422
    assert editor.post(f"/papers/{key}/close/", {"reason": "장관 결재"}).status_code == 302
    assert "협의 완료" in editor.get(f"/papers/{key}/").content.decode()
    assert editor.post(f"/papers/{key}/burn/", {"reason": "x"}).status_code == 404
