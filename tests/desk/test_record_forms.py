"""Forms drawn from the vocabulary: what is typed comes back as the record spells it, faults stand beside their fields, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict
from proposing import NEW, accept, adding, changing, propose, seen_by
from proposing import desk as desk
from standing_cast import Cast

import comity
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kind_of, kinds
from comity_desk.lib.errors import NotFound, TooLarge
from comity_desk.records.proposals import drafts
from comity_desk.records.proposals.cells import read_cell, read_date
from comity_desk.records.proposals.content import content_of
from comity_desk.records.proposals.forms import record_form, typed_from, typed_record
from comity_desk.records.proposals.models import ADD, Draft, Proposal
from comity_desk.records.proposals.picking import picks
from comity_desk.records.proposals.tasks import Task

SHIELD = "freedom-shield-2023"
EDIT = f"/records/exercises/{SHIELD}/edit/"


@pytest.fixture(scope="module")
def kor() -> Snapshot:
    """The shipped register, for what people really type."""
    return comity.load("kor").snapshot()


def typed_new(**more: str | list[str]) -> dict[str, Any]:
    """The form of a new exercise, filled in."""
    cells = {f"c-{name}": value.split(";") if name in ("participants", "exercise_types") else value for name, value in NEW.items()}
    return {**cells, "b-source": "newspaper", "b-confidence": "medium", "b-marking": "public", "do": "submit", **more}


def fields_of(page: str) -> dict[str, list[str]]:
    """What a form would send back: names and values of its inputs."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("name") and (told.get("type") not in ("checkbox", "radio") or " checked" in tag):
            found.setdefault(told["name"], []).append(unescape(told.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>', page):
        found.setdefault(name, []).append(unescape(text))
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found.setdefault(name, []).append(unescape(chosen.group(1)) if chosen else "")
    return found


# ---- reading what people write


@pytest.mark.parametrize("kind", [kind.name for kind in kinds().values() if kind.name != "claim"])
def test_a_record_shown_in_a_form_comes_back_as_it_was(kind: str, kor: Snapshot) -> None:
    declared = kinds()[kind]
    rows = kor.table(kind).rows(named=True)
    for row in rows[:: max(1, len(rows) // 60)]:
        back = typed_record(declared, typed_from(declared, row), kor, adding=False)
        assert back == {name: row[name] for name in back}
        assert {*declared.columns} - {*back} <= {"id", "entered_at", "marking"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1953", "1953"),
        ("1953-10", "1953-10"),
        ("2026.3.1", "2026-03-01"),
        ("2026. 3. 1.", "2026-03-01"),
        ("2026/3", "2026-03"),
        ("2026년 3월 1일", "2026-03-01"),
        ("2026년3월", "2026-03"),
        ("1 March 2026", "2026-03-01"),
        ("Mar 2026", "2026-03"),
        ("March 1, 2026", "2026-03-01"),
        ("계속", ".."),
        ("still", ".."),
        ("", None),
        ("next week", "next week"),
        ("2026-13", "2026-13"),
        ("1 Foo 2026", "1 Foo 2026"),
    ],
)
def test_dates_are_read_as_people_write_them(written: str, read: str | None, kor: Snapshot) -> None:
    assert read_cell(kind_of("exercise").field("end"), [written], kor) == read
    assert read is None or read_date(written) == read


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("personnel", ["11,500"], "11500"),
        ("personnel", ["11 500"], "11500"),
        ("personnel", ["many"], "many"),
        ("status", ["Conducted"], "conducted"),
        ("status", ["실시"], "conducted"),
        ("status", ["merry"], "merry"),
        ("participants_complete", ["예"], "true"),
        ("participants_complete", ["no"], "false"),
        ("participants_complete", [""], None),
        ("participants", ["일본", "usa", "South Korea", ""], "JPN;USA;KOR"),
        ("participants", ["Japan, Australia"], "JPN;AUS"),
        ("participants", ["Türkiye"], "TUR"),
        ("participants", ["Turkiye", "TUR"], "TUR"),
        ("participants", ["Atlantis"], "Atlantis"),
        ("series", ["Freedom Edge"], "freedom-edge"),
        ("series", ["exercise_series:freedom-edge"], "freedom-edge"),
        ("series", ["no such series"], "no such series"),
        ("personnel_by_actor", ["한국:200,000;USA:11500"], "KOR:200000;USA:11500"),
        ("because_of", ["event:yeonpyeong-shelling-2010"], "event:yeonpyeong-shelling-2010"),
        ("summary_en", ["  two\r\nlines\x07 "], "two\nlines"),
        ("exercise_types", ["CPX", "FTX"], "CPX;FTX"),
    ],
)
def test_values_are_read_as_people_write_them(field: str, written: list[str], read: str | None, kor: Snapshot) -> None:
    assert read_cell(kind_of("exercise").field(field), written, kor) == read


def test_every_field_has_a_widget_with_label_and_help(kor: Snapshot) -> None:
    for kind in kinds().values():
        if kind.name == "claim":
            continue
        form = record_form(kind, MultiValueDict(), kor, adding=True)
        drawn = {one.field.name for group in form.groups for one in group.widgets} | set(form.basis)
        assert {*kind.columns} - drawn <= {"id", "entered_at", "marking"}
        for group in form.groups:
            for row in group.rows:
                assert len(row.widgets) in (1, 2)
                assert all(one.field.label.ko and one.field.help.ko for one in row.widgets)


def test_english_and_korean_stand_side_by_side(kor: Snapshot) -> None:
    form = record_form(kind_of("exercise"), MultiValueDict(), kor, adding=True)
    twins = [tuple(one.field.name for one in row.widgets) for group in form.groups for row in group.rows if row.twin]
    assert ("title_en", "title_ko") in twins
    assert ("summary_en", "summary_ko") in twins


# ---- pages


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_kind_has_its_form(desk: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    client = signed_in(desk.editor, lang=lang)
    for kind in kinds().values():
        answer = client.get(f"/records/{kind.plural}/new/")
        assert answer.status_code == (404 if kind.name == "claim" else 200), kind.name
        if kind.name != "claim":
            assert kind.label.in_("ko" if lang == "ko" else "en") in unescape(answer.content.decode())
    assert client.get("/records/nowhere/new/").status_code == 404
    assert client.get("/records/exercise/new/").status_code == 404  # addresses are in the plural


@pytest.mark.django_db
@pytest.mark.parametrize("last", ["edit/", "marking/", "withdraw/", "claim/personnel/", "judge/personnel/"])
@pytest.mark.parametrize(("who", "status"), [("editor", 200), ("reader", 403), ("administrator", 403), ("auditor", 403)])
def test_forms_are_for_those_who_propose(desk: Cast, signed_in: Callable[..., Client], who: str, status: int, last: str) -> None:
    assert signed_in(getattr(desk, who)).get(f"/records/exercises/{SHIELD}/{last}").status_code == status


@pytest.mark.django_db
def test_a_hidden_record_has_no_form(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.american)
    pages = [client.get(f"/records/exercises/{one}/{last}") for one in ("quiet-drill", "nowhere") for last in ("edit/", "withdraw/", "claim/start/", "beside/")]
    assert {page.status_code for page in pages} == {404}
    assert client.get(f"/records/exercises/{SHIELD}/claim/nothing/").status_code == 404
    assert client.get(f"/records/exercises/{SHIELD}/claim/entered_at/").status_code == 404


@pytest.mark.django_db
def test_a_new_exercise_by_page(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    answer = client.post(
        "/records/exercises/new/", typed_new(**{"c-start": "2025년 3월 10일", "c-participants": ["한국", "United States", ""], "b-reason_ko": "신규."})
    )
    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{proposal.key}/"
    content = content_of(proposal)
    assert content.cells == NEW
    assert (content.basis, content.reason.en) == ({"source": "newspaper", "confidence": "medium"}, "신규.")


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_faults_stand_beside_their_fields_and_what_was_typed_stays(desk: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    typed = typed_new(
        **{"c-start": "soon", "c-title_en": "<b>Bold</b>", "c-participants": ["KOR", "Atlantis"], "c-summary_ko": "두 줄\n요약", "b-confidence": ""}
    )
    answer = signed_in(desk.editor, lang=lang).post("/records/exercises/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Proposal.objects.exists()
    assert "<b>Bold" not in page
    kept = fields_of(page)
    assert kept["c-start"] == ["soon"]
    assert kept["c-title_en"] == ["<b>Bold</b>"]
    assert kept["c-participants"] == ["KOR", "Atlantis", ""]
    assert kept["c-summary_ko"] == ["두 줄\n요약"]
    assert kept["c-exercise_types"] == ["CPX"]
    for field in ("c-start", "c-participants", "b-confidence"):
        after = page.partition(f'name="{field}"')[2]
        assert 'class="error' in after[: after.find('class="field') if 'class="field' in after else None]
    assert ("날짜가 아닙니다" if lang == "ko" else "is no date") in page


@pytest.mark.django_db
def test_checking_hands_nothing_in(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    page = client.post("/records/exercises/new/", typed_new(do="check")).content.decode()
    assert "Nothing stands against it." in page
    assert "What it would change" in page
    more = client.post("/records/exercises/new/", typed_new(do="more")).content.decode()
    assert fields_of(more)["c-participants"] == ["KOR", "USA", ""]
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_only_what_was_changed_is_proposed(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    typed = fields_of(client.get(EDIT).content.decode())
    typed |= {"c-personnel": ["6,000"], "b-reason_en": ["Counted anew."], "do": ["submit"]}
    assert client.post(EDIT, typed).status_code == 302
    assert content_of(Proposal.objects.get()).cells == {"personnel": "6000"}


@pytest.mark.django_db
def test_a_form_that_was_opened_before_a_change_comes_back_with_three_values(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    typed = fields_of(client.get(EDIT).content.decode())
    accept(desk.reviewer, propose(desk.top, changing(SHIELD, personnel="5500", field_events="12")))
    typed |= {"c-personnel": ["6000"], "b-reason_en": ["Counted anew."], "do": ["submit"]}
    answer = client.post(EDIT, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("5,000", "5,500", "6,000", "choose-personnel", "Taken over"))
    again = fields_of(page)
    assert (again["c-personnel"], again["c-field_events"]) == (["6000"], ["12"])
    for choice, cells in (("mine", {"personnel": "6000"}), ("theirs", None)):
        chosen = client.post(EDIT, again | {"choose-personnel": [choice], "do": ["submit"]})
        if cells is None:
            assert chosen.status_code == 422  # nothing is left to change
            assert fields_of(chosen.content.decode())["c-personnel"] == ["5500"]
        else:
            assert content_of(Proposal.objects.latest("made_at")).cells == cells


@pytest.mark.django_db
def test_a_base_that_was_tampered_with_is_no_base(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    typed = fields_of(client.get(EDIT).content.decode()) | {"c-personnel": ["6000"], "b-reason_en": ["New."], "do": ["submit"], "base": ["forged:base"]}
    assert client.post(EDIT, typed).status_code == 302


@pytest.mark.django_db
def test_a_claim_a_judgement_and_a_withdrawal_by_page(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    sent = client.post(
        f"/records/exercises/{SHIELD}/claim/personnel/",
        {"c-personnel": "7000", "b-source": "newspaper", "b-confidence": "low", "b-marking": "public", "do": "submit"},
    )
    assert sent.status_code == 302
    page = client.get("/records/agreements/mutual-defence/judge/in_force/").content.decode()
    assert 'value="claim-1"' in page
    assert 'value="claim-2"' not in page
    refused = client.post("/records/agreements/mutual-defence/judge/in_force/", {"do": "submit", "b-reason_en": "Gazette."})
    assert refused.status_code == 422
    judged = client.post("/records/agreements/mutual-defence/judge/in_force/", {"do": "submit", "claim": "claim-1", "b-reason_en": "Gazette."})
    gone = client.post("/records/visits/carrier-2017/withdraw/", {"do": "submit", "b-reason_ko": "오지 않았음."})
    unsaid = client.post("/records/visits/carrier-2017/withdraw/", {"do": "submit"})
    assert [judged.status_code, gone.status_code, unsaid.status_code] == [302, 302, 422]
    assert {one.change for one in Proposal.objects.all()} == {"claim", "judge", "withdraw"}
    for one in Proposal.objects.all():
        assert accept(desk.reviewer, one, "Read.").state == "accepted"


@pytest.mark.django_db
def test_a_marking_by_page(desk: Cast, signed_in: Callable[..., Client]) -> None:
    sent = signed_in(desk.release_officer).post(f"/records/exercises/{SHIELD}/marking/", {"c-marking": "kor-usa", "b-reason_en": "A place.", "do": "submit"})
    assert sent.status_code == 302
    assert content_of(Proposal.objects.get()).cells == {"marking": "kor-usa"}
    assert signed_in(desk.release_officer).get(EDIT).status_code == 403


@pytest.mark.django_db
def test_likely_duplicates_are_shown_and_must_be_answered(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    typed = typed_new(**{"c-title_en": "Freedom Shield 24", "c-start": "2024-03-05"})
    page = client.post("/records/exercises/new/", typed).content.decode()
    assert "/records/exercises/freedom-shield-2024/" in page
    assert "another thing" in page
    assert client.post("/records/exercises/new/", typed | {"b-another_thing": "A second part."}).status_code == 302


@pytest.mark.django_db
def test_a_duplicate_that_only_the_proposer_sees_is_ticked_and_not_named(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    typed = typed_new(**{"c-title_en": "Quiet drill", "c-start": "2025-03-03", "c-end": "2025-03-09"})
    page = client.post("/records/exercises/new/", typed).content.decode()
    assert "Do not name them" in page
    assert "b-another_thing" not in page
    assert client.post("/records/exercises/new/", typed | {"b-looked_at": "1"}).status_code == 302
    told = Proposal.objects.get()
    assert "quiet-drill" not in (told.content or "") + (told.names or "")


@pytest.mark.django_db
def test_forged_requests_are_refused(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor, enforce_csrf_checks=True)
    assert client.post("/records/exercises/new/", typed_new()).status_code == 403


# ---- picking


@pytest.mark.django_db
def test_pickers_offer_what_the_person_sees(desk: Cast, signed_in: Callable[..., Client]) -> None:
    for who, there in (("editor", True), ("american", False)):
        client = signed_in(getattr(desk, who))
        for target in ("exercise", "any"):
            assert ("quiet-drill" in client.get(f"/pick/{target}/?q=quiet").content.decode()) is there
    client = signed_in(desk.editor)
    assert 'value="JPN"' in client.get("/pick/actor/", {"c-participants": "일본"}, headers={"HX-Trigger-Name": "c-participants"}).content.decode()
    assert client.get("/pick/actor/?q=").content.decode().strip() == ""
    assert client.get("/pick/nothing/?q=a").status_code == 404
    assert "<script" not in client.get("/pick/actor/?q=<script>").content.decode()


def test_actors_are_found_by_any_name(kor: Snapshot) -> None:
    for words, code in (("turk", "TUR"), ("튀르키예", "TUR"), ("jpn", "JPN"), ("United States", "USA"), ("nato", "NATO")):
        assert picks(kor, "actor", words)[0].value == code


@pytest.mark.django_db
def test_a_value_is_read_back_in_words(desk: Cast, signed_in: Callable[..., Client]) -> None:
    def read(lang: str, path: str, text: str) -> str:
        return unescape(signed_in(desk.editor, lang=lang).get(f"/read/{path}/", {"x": text}).content.decode()).strip()

    assert read("en", "exercises/start", "2025-03") == "Mar 2025"
    assert read("ko", "exercises/start", "2025.3.1") == "2025년 3월 1일"
    assert read("en", "exercises/start", "soon") == ""
    assert read("ko", "exercises/participants", "JPN") == "일본"
    assert read("en", "exercises/series", "freedom-shield") == "Freedom Shield"
    assert read("ko", "agreements/term", "P1Y6M") == "1년 6개월"
    assert read("en", "exercises/nested_in", "quiet-drill") == "Quiet drill"
    assert signed_in(desk.editor).get("/read/exercises/nothing/").status_code == 404


# ---- drafts


@pytest.mark.django_db
def test_a_draft_is_saved_offered_and_gone_when_handed_in(desk: Cast, signed_in: Callable[..., Client], still: Any) -> None:
    client = signed_in(desk.editor)
    page = client.get("/records/exercises/new/").content.decode()
    key = fields_of(page)["draft"][0]
    assert "Go on with the draft" not in page
    frame = {"task": "add", "plural": "exercises", "record": "", "field": ""}
    said = client.post(f"/drafts/{key}/", typed_new(**frame, **{"c-title_en": "Half a ti", "c-participants": ["KOR", "US"]})).content.decode()
    assert "12:00:00" in said
    assert client.post(f"/drafts/{key}/", typed_new(**frame, **{"c-title_en": "Half a title"})).status_code == 200
    assert Draft.objects.count() == 1
    assert f"?draft={key}" in client.get("/records/exercises/new/").content.decode()
    back = fields_of(client.get(f"/records/exercises/new/?draft={key}").content.decode())
    assert (back["c-title_en"], back["c-participants"], back["draft"]) == (["Half a title"], ["KOR", "USA", ""], [key])
    assert client.post("/records/exercises/new/", typed_new(draft=key)).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_a_draft_is_its_owners_alone(desk: Cast, signed_in: Callable[..., Client]) -> None:
    owner, other = signed_in(desk.editor), signed_in(desk.top)
    frame = {"task": "change", "plural": "exercises", "record": SHIELD, "field": "", "c-title_en": "Mine alone"}
    owner.post("/drafts/abcdefghjkmn/", frame)
    assert "abcdefghjkmn" not in other.get(EDIT).content.decode() + other.get("/proposals/?show=mine").content.decode()
    assert other.get(f"{EDIT}?draft=abcdefghjkmn").status_code == 404
    assert other.post("/drafts/abcdefghjkmn/", frame).status_code == 404
    other.post("/drafts/abcdefghjkmn/discard/")
    assert Draft.objects.get().owner == desk.editor
    owner.post("/drafts/abcdefghjkmn/discard/")
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_a_draft_does_not_outlive_the_class_in_which_it_was_typed(desk: Cast) -> None:
    task = Task(ADD, kind_of("exercise"))
    drafts.save(desk.editor, task, "abcdefghjkmn", MultiValueDict({"c-title_en": ["Hushed"]}))
    assert drafts.latest_for(desk.editor, task) is not None
    desk.editor.clearance = "restricted"
    assert drafts.latest_for(desk.editor, task) is None
    with pytest.raises(NotFound):
        drafts.draft_of(desk.editor, "abcdefghjkmn")


@pytest.mark.django_db
def test_drafts_are_few_and_no_larger_than_a_form(desk: Cast) -> None:
    task = Task(ADD, kind_of("exercise"))
    for at in range(drafts.KEPT + 5):
        drafts.save(desk.editor, task, f"abcdefghjk{at:02}".replace("0", "x").replace("1", "y"), MultiValueDict({"c-title_en": ["Title"]}))
    assert Draft.objects.count() <= drafts.KEPT
    with pytest.raises(TooLarge):
        drafts.save(desk.editor, task, "abcdefghjkmn", MultiValueDict({"c-title_en": ["x" * (drafts.SIZE + 1)]}))
    with pytest.raises(NotFound):
        drafts.save(desk.editor, task, "../../etc/passwd", MultiValueDict())


@pytest.mark.django_db
def test_what_the_browser_keeps_is_keyed_by_person(desk: Cast, signed_in: Callable[..., Client]) -> None:
    keys = {
        re.search(r'data-kept="([0-9a-f]{64})"', signed_in(one).get("/records/exercises/new/").content.decode()).group(1) for one in (desk.editor, desk.top)
    }  # type: ignore[union-attr]
    assert len(keys) == 2


@pytest.mark.django_db
def test_a_proposal_to_correct_fills_the_form(desk: Cast, signed_in: Callable[..., Client]) -> None:
    proposal = propose(desk.editor, adding(title_ko="자유의 방패 25"))
    client = signed_in(desk.editor)
    typed = fields_of(client.get(f"/records/exercises/new/?former={proposal.key}").content.decode())
    assert (typed["c-title_ko"], typed["b-source"], typed["former"]) == (["자유의 방패 25"], ["newspaper"], [proposal.key])
    assert signed_in(desk.top).get(f"/records/exercises/new/?former={proposal.key}").status_code == 404
    typed |= {"c-start": ["2025-03-11"], "do": ["submit"], "c-exercise_types": ["CPX"]}
    assert client.post("/records/exercises/new/", typed).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "outdated"
    assert seen_by(desk.editor).table("exercise").height == 6


@pytest.mark.django_db
def test_what_no_database_keeps_is_left_out(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    saved = client.post("/drafts/abcdefghjkmn/", {"task": "add", "plural": "exercises", "record": "a\x00b" * 90, "c-title_en": "Half\x00 a title"})
    assert saved.status_code == 200
    assert drafts.typed_in(Draft.objects.get())["c-title_en"] == "Half a title"
    odd = typed_new(**{"c-title_en": "Nul\x00 drill", "b-reason_en": "Because\x00.", "former": "\x00", "draft": "\x00", "base": "\x00"})
    assert client.post("/records/exercises/new/", odd).status_code == 302
    assert content_of(Proposal.objects.get()).cells["title_en"] == "Nul drill"
    key = Proposal.objects.get().key
    assert signed_in(desk.reviewer).post(f"/proposals/{key}/decline/", {"reason": "No\x00."}).status_code == 302
    assert client.get("/records/exercises/new/?draft=a%00b").status_code == 404
    assert client.get("/records/exercises/%00/edit/").status_code == 404
    assert client.get("/pick/exercise/?q=%00").status_code == 200
