"""Proposing, reviewing, accepting: what each does to the record, who may, what is refused and why; and that nothing hidden enters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from proposing import ON, accept, adding, changing, load, person, propose, seen_by
from proposing import desk as desk
from standing_cast import Cast

from comity.vocab.text import Text
from comity_desk.audit.models import Event
from comity_desk.ledger import register as held
from comity_desk.ledger import snapshots
from comity_desk.ledger.asking import AS_READER, Within
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.ledger.spill import Scope
from comity_desk.ledger.verify import verify
from comity_desk.lib.errors import Conflict, DeskError, NotFound, NotPermitted, Refused
from comity_desk.records.proposals.actions import AcceptProposal, DeclineProposal, SubmitProposal, WithdrawProposal
from comity_desk.records.proposals.content import Content, content_of
from comity_desk.records.proposals.models import ACCEPTED, CHANGE, CLAIM, FIRST, JUDGE, NOT_ACCEPTED, OPEN, OUTDATED, WITHDRAW, WITHDRAWN, Decision, Proposal
from comity_desk.records.proposals.page import sheet_of
from comity_desk.records.proposals.refusals import ChangedMeanwhile, DoesNotFit
from comity_desk.records.proposals.seeing import proposals_seen, waiting
from comity_desk.records.spill import destroy_beside
from small_package import SmallPackage

pytestmark = pytest.mark.django_db
SHIELD = "freedom-shield-2023"


# ---- what accepting does to the record


def test_a_new_record_enters_once_it_is_accepted(desk: Cast, still: Any) -> None:
    proposal = propose(desk.editor, adding())
    assert proposal.state == OPEN
    assert seen_by(desk.stateless).table("exercise").height == 4
    done = accept(desk.reviewer, proposal)
    assert (done.state, done.ref.startswith("exercise:freedom-shield-25-2025-")) == (ACCEPTED, True)
    cells = seen_by(desk.stateless).record(done.ref).cells
    assert {name: cells[name] for name in ("title_en", "participants", "marking", "source", "confidence", "entered_at")} == {
        "title_en": "Freedom Shield 25",
        "participants": "KOR;USA",
        "marking": "public",
        "source": "newspaper",
        "confidence": "medium",
        "entered_at": "2026-11-25",
    }
    assert verify().broken is None
    assert [event.action for event in Event.objects.order_by("number")][-2:] == ["proposal-submitted", "proposal-accepted"]


def test_a_new_source_is_made_with_the_record_that_describes_it(desk: Cast) -> None:
    content = replace(adding(), basis={"source_url": "https://example.org/new", "source_title": "A new page", "confidence": "high"})
    done = accept(desk.reviewer, propose(desk.editor, content))
    seen = seen_by(desk.stateless)
    assert seen.record(f"source:{seen.record(done.ref)['source']}")["title"] == "A new page"


def test_a_change_keeps_what_stood_with_the_reason_and_its_proposer(desk: Cast, still: Any) -> None:
    accept(desk.reviewer, propose(desk.editor, changing(SHIELD, personnel="6000", title_ko=None)))
    record = seen_by(desk.stateless).record(f"exercise:{SHIELD}")
    assert (record["personnel"], record["title_ko"]) == ("6000", None)
    now, *former = record.why("personnel")
    assert (now.value, now.source, now.reason) == ("6000", "newspaper", Text("Counted anew.", "Counted anew."))
    assert {claim.value for claim in former if claim.status == "superseded"} == {"5000", "4000"}
    claim = seen_by(desk.stateless).record(f"claim:{now.id}")
    assert claim["entered_by"] == "Editor"


def test_a_competing_claim_stands_beside_and_then_stands(desk: Cast, signed_in: Callable[..., Client]) -> None:
    claim = Content(CLAIM, "exercise", "public", SHIELD, {"personnel": "7000"}, dict(ON), reason_en="Another count.")
    accept(desk.reviewer, propose(desk.editor, claim))
    record = seen_by(desk.stateless).record(f"exercise:{SHIELD}")
    rival = next(one for one in record.why("personnel") if one.value == "7000")
    assert (record["personnel"], rival.status) == ("5000", "competing")
    judged = Content(JUDGE, "exercise", "public", SHIELD, {"personnel": "7000"}, claim=rival.id, reason_en="It saw the lists.")
    proposal = propose(desk.editor, judged)
    page = signed_in(desk.reviewer).get(f"/proposals/{proposal.key}/").content.decode()
    assert "A newspaper" in page
    assert "7,000" in page
    accept(desk.reviewer, proposal)
    assert seen_by(desk.stateless).record(f"exercise:{SHIELD}")["personnel"] == "7000"


def test_a_withdrawn_record_is_gone_with_the_reason(desk: Cast) -> None:
    content = Content(WITHDRAW, "visit", "public", "carrier-2017", reason_en="It never came.")
    accept(desk.reviewer, propose(desk.editor, content))
    assert not seen_by(desk.stateless).has_record("visit:carrier-2017")
    assert verify().broken is None


def test_what_does_not_fit_is_refused_field_by_field(desk: Cast) -> None:
    with pytest.raises(DoesNotFit) as refused:
        propose(desk.editor, adding(start="2025-13-40", participants="KOR;XXX", status="merry"))
    assert {fault.field for fault in refused.value.faults if fault.severity == "error"} == {"start", "participants", "status"}
    assert not Proposal.objects.exists()


def test_it_must_still_fit_when_it_is_accepted(desk: Cast) -> None:
    first, second = propose(desk.editor, adding(title_en="One name")), propose(desk.editor, adding(title_en="One name"))
    accept(desk.reviewer, first, "Looked up.")
    with pytest.raises(DoesNotFit) as refused:
        accept(desk.reviewer, second, "Looked up.")
    assert "duplicate" in {fault.code for fault in refused.value.faults}
    assert Proposal.objects.get(pk=second.pk).state == OPEN


# ---- who may


@pytest.mark.parametrize("role", ["reader", "reviewer", "release_officer", "administrator", "auditor"])
def test_only_editors_propose_values(desk: Cast, role: str) -> None:
    with pytest.raises(NotPermitted):
        propose(getattr(desk, role), adding())


@pytest.mark.parametrize("role", ["reader", "editor", "administrator", "auditor", "release_officer"])
def test_only_reviewers_decide(desk: Cast, role: str) -> None:
    proposal, other = propose(desk.editor, adding()), person("other", [role])
    for action in (AcceptProposal, DeclineProposal):
        with pytest.raises(NotPermitted):
            action(actor=other, key=proposal.key, reason="because").run()
    assert Proposal.objects.get(pk=proposal.pk).state == OPEN


def test_reviewers_propose_judgements_and_withdrawals_and_others_decide(desk: Cast) -> None:
    proposal = propose(desk.reviewer, Content(WITHDRAW, "visit", "public", "carrier-2017", reason_en="It never came."))
    with pytest.raises(NotPermitted):
        accept(desk.reviewer, proposal)
    assert accept(person("second", ["reviewer"]), proposal).state == ACCEPTED


def test_nobody_decides_on_their_own(desk: Cast) -> None:
    proposal = propose(desk.top, adding())
    for action in (AcceptProposal, DeclineProposal):
        with pytest.raises(NotPermitted):
            action(actor=desk.top, key=proposal.key, reason="fine").run()
    assert waiting(desk.top, seen_by(desk.top)) == 0
    assert waiting(desk.reviewer, seen_by(desk.reviewer)) == 1


def test_declining_says_why_and_the_proposer_reads_it(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal = propose(desk.editor, adding())
    with pytest.raises(Refused):
        DeclineProposal(actor=desk.reviewer, key=proposal.key, reason="  ").run()
    DeclineProposal(actor=desk.reviewer, key=proposal.key, reason="The source says 2026.").run()
    proposal.refresh_from_db()
    assert proposal.state == NOT_ACCEPTED
    page = signed_in(desk.editor).get(f"/proposals/{proposal.key}/").content.decode()
    assert "The source says 2026." in page
    assert "Read, not accepted" in page
    with pytest.raises(Conflict):
        accept(desk.reviewer, proposal)


def test_only_its_proposer_takes_it_back(desk: Cast) -> None:
    proposal = propose(desk.editor, adding())
    for other in (desk.top, desk.reviewer, desk.american):
        with pytest.raises((NotPermitted, NotFound)):
            WithdrawProposal(actor=other, key=proposal.key).run()
    assert WithdrawProposal(actor=desk.editor, key=proposal.key).run().state == WITHDRAWN
    with pytest.raises(Conflict):
        accept(desk.reviewer, proposal)


def test_a_corrected_version_takes_the_place_of_the_former(desk: Cast) -> None:
    first = propose(desk.editor, adding())
    second = propose(desk.editor, adding(start="2025-03-11"), former=first.key)
    first.refresh_from_db()
    assert (first.state, second.former, second.state) == (OUTDATED, first, OPEN)
    with pytest.raises(Conflict):
        propose(desk.editor, adding(), former=first.key)
    DeclineProposal(actor=desk.reviewer, key=second.key, reason="Wrong series.").run()
    third = propose(desk.editor, adding(start="2025-03-12"), former=second.key)
    assert third.former == second
    accept(desk.reviewer, third)
    with pytest.raises(Conflict):
        propose(desk.editor, adding(), former=third.key)
    with pytest.raises((Conflict, NotFound)):
        propose(desk.top, adding(), former=person_proposal(desk).key)


def person_proposal(desk: Cast) -> Proposal:
    """An open proposal of the editor's."""
    return propose(desk.editor, adding(title_en="Something else", start="2024-08-01"))


# ---- two officers, and reasons


def test_two_reviewers_accept_where_the_marking_asks_for_it(desk: Cast) -> None:
    proposal = propose(desk.editor, changing("quiet-drill", marking="kor-only", personnel="300040"))
    assert accept(desk.reviewer, proposal).state == OPEN
    assert seen_by(desk.editor).record("exercise:quiet-drill")["personnel"] != "300040"
    with pytest.raises(NotPermitted):
        accept(desk.reviewer, proposal)
    assert accept(person("second", ["reviewer"]), proposal).state == ACCEPTED
    assert [one.verdict for one in proposal.decisions.all()] == [FIRST, ACCEPTED]
    assert seen_by(desk.editor).record("exercise:quiet-drill")["personnel"] == "300040"


def test_a_public_change_needs_one(desk: Cast) -> None:
    assert accept(desk.reviewer, propose(desk.editor, changing(SHIELD, personnel="6000"))).state == ACCEPTED


def test_an_open_finding_asks_for_a_reason(marked_package: SmallPackage, cast: Cast, signed_in: Callable[..., Client]) -> None:
    marked_package.edit("finding", "audit-2", records=f"exercise:{SHIELD}", what_en="Which number?", settlement="marked", how_en="Doubtful.")
    load(marked_package)
    proposal = propose(cast.editor, changing(SHIELD, personnel="6000"))
    assert "Which number?" in signed_in(cast.reviewer).get(f"/proposals/{proposal.key}/").content.decode()
    with pytest.raises(DoesNotFit):
        accept(cast.reviewer, proposal, " ")
    assert accept(cast.reviewer, proposal, "The new list settles it.").state == ACCEPTED
    assert proposal.decisions.get().why == "The new list settles it."


def test_a_settled_finding_does_not(marked_package: SmallPackage, cast: Cast) -> None:
    marked_package.edit("finding", "audit-2", records=f"exercise:{SHIELD}", what_en="Which number?", settlement="kept", how_en="Right.")
    load(marked_package)
    assert accept(cast.reviewer, propose(cast.editor, changing(SHIELD, personnel="6000"))).state == ACCEPTED


def test_a_finding_that_the_reviewer_may_not_see_asks_for_nothing(marked_package: SmallPackage, cast: Cast) -> None:
    marked_package.edit("finding", "audit-2", records=f"exercise:{SHIELD}", what_en="Which?", settlement="marked", how_en="Doubtful.", marking="kor-only")
    load(marked_package)
    proposal = propose(cast.american, changing(SHIELD, personnel="6000"))
    low = person("low-reviewer", ["reviewer"], clearance="unclassified")
    assert accept(low, proposal).state == ACCEPTED


def test_a_likely_duplicate_asks_its_proposer_and_its_reviewer_for_a_reason(desk: Cast) -> None:
    same = adding(title_en="Freedom Shield 24", start="2024-03-05", participants="KOR;USA;UN")
    with pytest.raises(DoesNotFit) as refused:
        propose(desk.editor, same)
    assert [one.existing for one in refused.value.duplicates] == ["exercise:freedom-shield-2024"]
    proposal = propose(desk.editor, replace(same, another_thing="A second part held in Busan."))
    with pytest.raises(DoesNotFit):
        accept(desk.reviewer, proposal)
    assert accept(desk.reviewer, proposal, "Two parts indeed.").state == ACCEPTED


def test_a_warning_asks_for_a_reason(desk: Cast) -> None:
    cells = {"series": "scm", "edition": "49", "level": "minister", "parties": "KOR;USA", "start": "2018-10-31"}
    content = Content("add", "dialogue", "public", cells=cells, basis=dict(ON))
    proposal = propose(desk.editor, content)
    with pytest.raises(DoesNotFit) as refused:
        accept(desk.reviewer, proposal)
    assert {fault.code for fault in refused.value.faults} == {"edition-twice"}
    assert accept(desk.reviewer, proposal, "Counted so by the ministry.").state == ACCEPTED


# ---- markings


def test_who_may_see_a_record_is_decided_by_a_release_officer(desk: Cast) -> None:
    content = Content(CHANGE, "exercise", "public", SHIELD, {"marking": "kor-usa"}, reason_en="It names a place.")
    proposal = propose(desk.editor, content)
    with pytest.raises(NotPermitted):
        accept(desk.reviewer, proposal)
    assert waiting(desk.release_officer, seen_by(desk.release_officer)) == 1
    accept(desk.release_officer, proposal)
    assert not seen_by(desk.low).has_record(f"exercise:{SHIELD}")
    assert seen_by(desk.american).record(f"exercise:{SHIELD}")["marking"] == "kor-usa"


def test_a_release_officer_proposes_markings_and_nothing_else(desk: Cast) -> None:
    content = Content(CHANGE, "exercise", "kor-only", "quiet-drill", {"marking": "public"}, reason_en="Published since.")
    proposal = propose(desk.release_officer, content)
    second, third = person("second", ["release_officer"]), person("third", ["release_officer"])
    assert accept(second, proposal).state == OPEN  # the marking that it has asks for two
    assert accept(third, proposal).state == ACCEPTED
    assert seen_by(desk.low).has_record("exercise:quiet-drill")
    with pytest.raises(NotPermitted):
        propose(desk.release_officer, changing(SHIELD, personnel="1"))


def test_a_marking_is_proposed_by_itself(desk: Cast) -> None:
    content = replace(changing(SHIELD, personnel="6000"), cells={"personnel": "6000", "marking": "kor-usa"})
    with pytest.raises(DoesNotFit) as refused:
        propose(desk.editor, content)
    assert [fault.code for fault in refused.value.faults] == ["marking-by-itself"]


def test_a_marking_that_the_proposer_may_not_see_is_none(desk: Cast) -> None:
    for marking in ("kor-only", "nowhere", ""):
        with pytest.raises(DoesNotFit) as refused:
            propose(desk.american, adding(marking))
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [("marking", "no-marking")]


def test_whoever_loses_sight_of_the_marking_proposes_it_no_more(desk: Cast) -> None:
    proposal = propose(desk.editor, adding("kor-usa"))
    desk.editor.clearance = "unclassified"
    desk.editor.save()
    with pytest.raises(Refused):
        accept(desk.reviewer, proposal)


# ---- who sees a proposal


def test_a_proposal_is_seen_with_its_marking_its_record_and_all_that_it_names(desk: Cast, signed_in: Callable[..., Client]) -> None:
    cases = {
        "of a marking": propose(desk.editor, adding("kor-restricted")),
        "of a record": propose(desk.editor, changing("quiet-drill", marking="kor-only", personnel="300040")),
        "of a link": propose(desk.editor, adding("kor-only", title_en="Inside", nested_in="quiet-drill", start="2025-03-04")),
        "of everybody": propose(desk.editor, changing(SHIELD, personnel="6000")),
    }
    seen = {
        name: {one.key for one in proposals_seen(getattr(desk, name), seen_by(getattr(desk, name)), Proposal.objects.all())}
        for name in ("american", "reviewer", "top")
    }
    assert seen["american"] == {cases["of everybody"].key}
    assert seen["reviewer"] == seen["top"] == {one.key for one in cases.values()}
    for name, proposal in cases.items():
        assert signed_in(desk.american).get(f"/proposals/{proposal.key}/").status_code == (200 if name == "of everybody" else 404)
    assert signed_in(desk.reader).get(f"/proposals/{cases['of everybody'].key}/").status_code == 403
    assert signed_in(desk.reviewer).get("/proposals/nowhere/").status_code == 404
    page = signed_in(desk.american).get("/proposals/?show=waiting").content.decode()
    assert "Inside" not in page


def test_a_proposer_who_loses_sight_of_the_record_sees_only_that_there_was_one(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal = propose(desk.editor, changing("quiet-drill", marking="kor-only", personnel="304321"))
    desk.editor.clearance = "restricted"
    desk.editor.save()
    client = signed_in(desk.editor)
    page = client.get(f"/proposals/{proposal.key}/").content.decode()
    listed = client.get("/proposals/?show=mine").content.decode()
    assert "cannot see now" in page
    assert proposal.key in listed
    for told in (page, listed):
        assert "304321" not in told
        assert "quiet" not in told.lower()
    assert WithdrawProposal(actor=desk.editor, key=proposal.key).run().state == WITHDRAWN


# ---- levels: what an editor sees beyond the readers of a proposal does not come into it


def test_a_link_to_what_readers_of_the_marking_may_not_see_is_a_fault(desk: Cast) -> None:
    with pytest.raises(DoesNotFit) as refused:
        propose(desk.editor, adding(title_en="Part", nested_in="quiet-drill", start="2025-03-04"))
    fault = next(fault for fault in refused.value.faults if fault.field == "nested_in")
    assert "Not everybody" in fault.what.en
    assert "nested_in" in content_of(propose(desk.editor, adding("kor-only", title_en="Part", nested_in="quiet-drill", start="2025-03-04"))).cells


def test_lists_keep_the_links_that_readers_of_the_proposal_may_not_see(marked_package: SmallPackage, cast: Cast) -> None:
    marked_package.edit("exercise", SHIELD, combined_with="quiet-drill;freedom-shield-2024")
    load(marked_package)
    proposal = propose(cast.editor, changing(SHIELD, combined_with="quiet-drill;team-spirit-1984"))
    assert content_of(proposal).cells == {"combined_with": "team-spirit-1984"}
    assert content_of(proposal).base == {"combined_with": "freedom-shield-2024"}
    assert "quiet" not in (proposal.content or "") + (proposal.names or "")
    accept(cast.reviewer, proposal)
    assert seen_by(cast.low).record(f"exercise:{SHIELD}")["combined_with"] == "team-spirit-1984"
    assert seen_by(cast.editor).record(f"exercise:{SHIELD}")["combined_with"] == "team-spirit-1984;quiet-drill"


def polyinstantiated(package: SmallPackage, value: str = "9000") -> SmallPackage:
    """A number that only home staff read, above the public one."""
    return package.edit(
        "claim",
        "secret-count",
        record_kind="exercise",
        record=SHIELD,
        field="personnel",
        value=value,
        status="adopted_within",
        source="newspaper",
        marking="kor-only",
        reason_en="Known better.",
    )


def test_a_value_above_the_proposal_is_said_and_stays(marked_package: SmallPackage, cast: Cast) -> None:
    load(polyinstantiated(marked_package))
    assert seen_by(cast.editor).record(f"exercise:{SHIELD}")["personnel"] == "9000"
    with pytest.raises(DoesNotFit) as refused:
        propose(cast.editor, changing(SHIELD, personnel="6000"))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("personnel", "narrower-value")]
    proposal = propose(cast.editor, changing(SHIELD, personnel="6000", beneath=True))
    assert content_of(proposal).base == {"personnel": "5000"}
    assert "9000" not in (proposal.content or "")
    low = person("low-reviewer", ["reviewer"], clearance="unclassified")
    assert [one.above for one in sheet_of(proposal, cast.reviewer, seen_by(cast.reviewer)).changes] == ["9,000"]
    assert [one.above for one in sheet_of(proposal, low, seen_by(low)).changes] == [None]
    accept(low, proposal)
    assert seen_by(cast.low).record(f"exercise:{SHIELD}")["personnel"] == "6000"
    assert seen_by(cast.editor).record(f"exercise:{SHIELD}")["personnel"] == "9000"


def test_a_value_is_proposed_under_its_own_marking(marked_package: SmallPackage, cast: Cast) -> None:
    load(polyinstantiated(marked_package))
    proposal = propose(cast.editor, changing(SHIELD, marking="kor-only", personnel="9500"))
    accept(cast.reviewer, proposal)
    accept(person("second", ["reviewer"]), proposal)
    assert seen_by(cast.editor).record(f"exercise:{SHIELD}")["personnel"] == "9500"
    assert seen_by(cast.low).record(f"exercise:{SHIELD}")["personnel"] == "5000"


Outcome = list[Any]


def life_of_a_low_proposal(package: SmallPackage, cast: Cast, again: Callable[[], None]) -> Outcome:
    """Everything that a foreign editor and a cleared-for-nothing reviewer are told from proposing to accepting."""
    told: Outcome = []
    reviewer = person("low-reviewer", ["reviewer"], clearance="unclassified")
    contents = (
        changing(SHIELD, personnel="6000"),
        changing(SHIELD, personnel="5000"),
        changing(SHIELD, title_en="Quiet drill", start="2025-03-03"),
        adding(title_en="Quiet drill", start="2025-03-04", end="2025-03-09"),
        adding(title_en="Part", nested_in="quiet-drill"),
        Content(CLAIM, "exercise", "public", SHIELD, {"personnel": "9000"}, dict(ON)),
        Content(WITHDRAW, "exercise", "public", SHIELD, reason_en="Not held."),
    )
    load(package)
    for content in contents:
        try:
            with transaction.atomic():
                again()
                proposal = propose(cast.american, content)
                told += [proposal.key, proposal.content, proposal.names, waiting(reviewer, seen_by(reviewer))]
                sheet = sheet_of(proposal, reviewer, seen_by(reviewer))
                told += [sheet.changes, sheet.errors, sheet.duplicates, sheet.moved, sheet.concerns]
                again()
                told.append(accept(reviewer, proposal, "Read.").made)
                told.append(seen_by(reviewer).table("exercise").rows())
                raise Undone
        except Undone:
            continue
        except DeskError as error:
            told += [type(error).__name__, error.text, getattr(error, "faults", []), getattr(error, "duplicates", [])]
        finally:
            held.forget()
            snapshots.forget()
    return told


class Undone(Exception):
    """Leaves what was written behind."""


def test_what_is_hidden_changes_nothing_in_the_life_of_a_proposal(
    marked_package: SmallPackage, cast: Cast, still: Any, still_chance: Callable[[], None], tmp_path: Path
) -> None:
    def lived(package: SmallPackage) -> Outcome:
        return in_a_world_of_its_own(lambda: life_of_a_low_proposal(package, cast, still_chance))

    del marked_package.rows["exercise"]["quiet-drill"]
    plain = lived(marked_package)
    assert len(plain) > 30
    like = {"title_en": "Quiet drill", "series": "freedom-shield", "start": "2025-03-03", "end": "2025-03-09", "participants": "KOR;USA", "status": "conducted"}
    polyinstantiated(marked_package).edit("exercise", "quiet-drill", marking="kor-only", **like)
    marked_package.edit("finding", "audit-2", records=f"exercise:{SHIELD}", what_en="Which?", settlement="marked", how_en="No.", marking="kor-only")
    assert lived(marked_package) == plain
    told = {
        "record_kind": "exercise",
        "record": SHIELD,
        "field": "*",
        "status": "withdrawn",
        "source": "newspaper",
        "marking": "kor-only",
        "reason_en": "Cover.",
    }
    marked_package.edit("claim", "gone", **told).rows["claim"]["gone"]["value"] = ""
    assert lived(marked_package) == plain


def in_a_world_of_its_own(live: Callable[[], Outcome]) -> Outcome:
    """What came of it, with everything that it wrote undone."""
    outcome: Outcome = []
    try:
        with transaction.atomic():
            outcome = live()
            raise Undone
    except Undone:
        held.forget()
        snapshots.forget()
    return outcome


# ---- changed meanwhile


def test_what_others_changed_is_taken_over_where_the_person_did_not_touch_it(desk: Cast) -> None:
    before = seen_by(desk.editor).record(f"exercise:{SHIELD}").cells
    accept(desk.reviewer, propose(desk.editor, changing(SHIELD, field_events="20")))
    mine = {**before, "personnel": "6000"}
    del mine["id"], mine["entered_at"], mine["marking"]
    proposal = propose(desk.editor, changing(SHIELD, **mine), before=before)
    assert content_of(proposal).cells == {"personnel": "6000"}


def test_a_cell_that_both_changed_must_be_chosen(desk: Cast) -> None:
    before = seen_by(desk.editor).record(f"exercise:{SHIELD}").cells
    accept(desk.reviewer, propose(desk.editor, changing(SHIELD, personnel="5500")))
    with pytest.raises(ChangedMeanwhile) as changed:
        propose(desk.editor, changing(SHIELD, personnel="6000"), before=before)
    clash = changed.value.merged.clashes[0]
    assert (clash.field, clash.base, clash.theirs, clash.mine) == ("personnel", "5000", "5500", "6000")


def test_a_proposal_whose_cell_moved_waits_for_its_proposer(desk: Cast, signed_in: Callable[..., Client]) -> None:
    first, second = propose(desk.editor, changing(SHIELD, personnel="5500")), propose(desk.top, changing(SHIELD, personnel="6000"))
    other = propose(desk.top, changing(SHIELD, field_events="12"))
    accept(desk.reviewer, first)
    with pytest.raises(ChangedMeanwhile):
        accept(desk.reviewer, second)
    assert accept(desk.reviewer, other).state == ACCEPTED  # another cell of the same record
    client = signed_in(desk.top)
    assert "changed since" in client.get(f"/proposals/{second.key}/").content.decode()
    form = client.get(f"/records/exercises/{SHIELD}/edit/?former={second.key}")
    page = form.content.decode()
    for words in ("Changed meanwhile", "5,000", "5,500", "6,000"):
        assert words in page
    corrected = propose(desk.top, changing(SHIELD, personnel="6000"), former=second.key, before=seen_by(desk.top).record(f"exercise:{SHIELD}").cells)
    assert accept(desk.reviewer, corrected).state == ACCEPTED
    assert seen_by(desk.low).record(f"exercise:{SHIELD}")["personnel"] == "6000"


def test_a_judgement_waits_too_when_the_cell_moved(desk: Cast) -> None:
    judged = Content(JUDGE, "agreement", "public", "mutual-defence", {"in_force": "1954-11-17"}, claim="claim-1", reason_en="The gazette.")
    proposal = propose(desk.editor, judged)
    accept(desk.reviewer, propose(desk.editor, changing("mutual-defence", kind="agreement", in_force="1954-11-19")))
    with pytest.raises(ChangedMeanwhile):
        accept(desk.reviewer, proposal)


# ---- rows stay as they were handed in


def test_the_database_refuses_to_change_what_was_handed_in(desk: Cast) -> None:
    proposal = propose(desk.editor, adding())
    for change in ({"content": "{}"}, {"marking": "kor-only"}, {"proposer": desk.top}, {"names": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).delete()
    accept(desk.reviewer, proposal)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(closed=NOT_ACCEPTED)
    with pytest.raises(TypeError):
        Decision.objects.filter(proposal=proposal).update(why="Never.")


def test_a_spill_takes_what_was_proposed_of_the_record(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal = propose(desk.editor, changing(SHIELD, personnel="6000"))
    linked = propose(desk.editor, adding(title_en="Part", nested_in=SHIELD, start="2023-03-14", end="2023-03-15"))
    worded = propose(desk.editor, adding(title_en="Operation Nightjar", start="2023-08-14"))
    kept = propose(desk.editor, adding(title_en="Another", start="2023-11-14"))
    DeclineProposal(actor=desk.reviewer, key=proposal.key, reason="Nightjar is not public.").run()
    assert destroy_beside(Scope((f"exercise:{SHIELD}",), "Nightjar")) >= 3
    for gone in (proposal, linked, worded):
        gone.refresh_from_db()
        assert (gone.content, gone.names) == (None, None)
        page = signed_in(desk.reviewer).get(f"/proposals/{gone.key}/")
        assert page.status_code == 200
        assert "destroyed" in page.content.decode()
    kept.refresh_from_db()
    assert kept.content is not None
    assert Decision.objects.get(proposal=proposal).why is None


# ---- pages


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_of_a_proposal_tells_what_would_change(desk: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    proposal = propose(desk.editor, changing(SHIELD, personnel="6000", status="scaled_down"))
    page = signed_in(desk.reviewer, lang=lang).get(f"/proposals/{proposal.key}/").content.decode()
    for words in ("5,000", "6,000", "Counted anew.", "A newspaper"):
        assert words in page
    assert ("참가 인원" if lang == "ko" else "Personnel") in page
    assert ("채택" if lang == "ko" else "Accept into the record") in page
    assert "Traceback" not in page


def test_as_others_will_read_it(marked_package: SmallPackage, cast: Cast, signed_in: Callable[..., Client]) -> None:
    load(polyinstantiated(marked_package))
    proposal = propose(cast.american, changing(SHIELD, personnel="6000"))
    client = signed_in(cast.reviewer)
    assert "6,000" in client.get(f"/proposals/{proposal.key}/?as=public:").content.decode().partition('id="as"')[2]
    home = client.get(f"/proposals/{proposal.key}/?as=KOR:secret").content.decode().partition('id="as"')[2]
    assert "nothing would change" in home
    assert client.get(f"/proposals/{proposal.key}/?as=MARS:secret").status_code == 200


def test_accepting_and_declining_by_page(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal, other = propose(desk.editor, changing(SHIELD, personnel="6000")), propose(desk.editor, adding())
    client = signed_in(desk.reviewer)
    assert client.get(f"/proposals/{proposal.key}/accept/").status_code == 405
    assert client.post(f"/proposals/{proposal.key}/accept/").status_code == 302
    assert client.post(f"/proposals/{proposal.key}/accept/").status_code == 409
    declined = client.post(f"/proposals/{other.key}/decline/", {"reason": ""})
    assert (declined.status_code, "Say why" in declined.content.decode()) == (422, True)
    assert client.post(f"/proposals/{other.key}/decline/", {"reason": "No."}).status_code == 302
    assert signed_in(desk.american).post(f"/proposals/{other.key}/accept/").status_code == 403


def test_nothing_is_written_while_looking_as_another(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal, client = propose(desk.editor, adding()), signed_in(desk.reviewer)
    session = client.session
    session[AS_READER] = ["USA", "secret"]
    session.save()
    assert client.get(f"/proposals/{proposal.key}/").status_code == 200
    assert client.post(f"/proposals/{proposal.key}/accept/").status_code == 403
    assert Proposal.objects.get(pk=proposal.pk).state == OPEN


def test_a_narrowed_class_sees_no_more_than_both(desk: Cast) -> None:
    """Looking as another, and the level of a proposal, rest on this."""
    both = snapshot_for(Within("KOR", "secret", type(desk.american.reader)("USA", "secret")))
    assert set(both.table("marking")["id"]) == {"public", "kor-usa"}
    assert not both.has_record("exercise:quiet-drill")
    assert seen_by(desk.editor).has_record("exercise:quiet-drill")


def test_the_inbox_filters_and_counts_for_its_reader(desk: Cast, signed_in: Callable[..., Client]) -> None:
    propose(desk.editor, adding())
    propose(desk.editor, Content(WITHDRAW, "visit", "public", "carrier-2017", reason_en="It never came."))
    client = signed_in(desk.reviewer)
    assert client.get("/proposals/").content.decode().count('scope="row"') == 2
    assert client.get("/proposals/?kind=visit").content.decode().count('scope="row"') == 1
    assert client.get("/proposals/?change=claim").content.decode().count('scope="row"') == 0
    assert client.get("/proposals/?show=mine").content.decode().count('scope="row"') == 0
    assert signed_in(desk.editor).get("/proposals/?show=mine").content.decode().count('scope="row"') == 2
    for odd in ("?show=nonsense", "?kind=nonsense", "?page=99999", "?page=x"):
        assert client.get(f"/proposals/{odd}").status_code == 200


def test_submitting_without_a_proposal_named_is_plain(desk: Cast) -> None:
    with pytest.raises(NotFound):
        AcceptProposal(actor=desk.reviewer, key="nowhere").run()
    with pytest.raises(NotFound):
        SubmitProposal(actor=desk.editor, content=changing("nowhere", personnel="1")).run()
    with pytest.raises(NotFound):
        propose(desk.american, changing("quiet-drill", marking="kor-usa", personnel="1"))
