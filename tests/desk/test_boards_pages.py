"""Boards, partner pages, the timeline, the map, weights and the first page: made once for a class of readers, shown from what was made."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from standing_cast import Cast

from comity.register.register import Register
from comity_desk.boards import results
from comity_desk.boards.catalogue import boards
from comity_desk.boards.making import csv_text
from comity_desk.boards.models import BoardFile, BoardPage, BoardResult
from comity_desk.boards.partner_index import partner_index
from comity_desk.boards.recent import changes
from comity_desk.jobs.models import Job
from comity_desk.jobs.running import run
from comity_desk.ledger import register as held
from comity_desk.ledger import snapshots
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import background, clock

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


@pytest.fixture
def plain_drawings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Empty drawings in place of figures, kept where no other test finds them: drawing takes a second a figure and is tested with the library."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" viewBox="0 0 300 100"></svg>'
    monkeypatch.setattr("comity.report.drawing.drawn", lambda spec: empty)


@pytest.fixture
def loaded(marked_register: Register, still: object) -> Register:
    """The marked register in the ledger, on a day that stands still."""
    LoadPackage(actor=None, register=marked_register).run()
    return marked_register


def work_through() -> list[Job]:
    """Do every job that waits, as the worker does."""
    done = []
    while (job := Job.objects.filter(state="queued").order_by("queued_at", "id").first()) is not None:
        run(job.pk, job.attempt)
        job.refresh_from_db()
        done.append(job)
    return done


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, (path, response.status_code)
    return response.content.decode()


def test_every_board_is_made_in_the_background_or_at_once(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    paths = {name: f"/boards/{name}/" for name, board in boards().items() if board.in_menu and not board.requires}
    first = {name: text(client, path) for name, path in paths.items()}
    waiting = {job.parameters["board"] for job in Job.objects.filter(kind="board")}
    assert {"exercises", "agreements", "map"} <= waiting
    assert "offices" not in waiting  # quick ones on a small register
    assert 'hx-get="/boards/exercises/status/' in first["exercises"]
    assert [(job.parameters["board"], job.error_en) for job in work_through() if job.state != "done"] == []
    for lang in ("en", "ko"):
        client = signed_in(cast.editor, lang=lang)
        for name, path in paths.items():
            page = text(client, path)
            assert "hx-trigger" not in page.partition('id="board-status"')[2].partition(">")[0], name
            assert snapshot_for(cast.editor.reader).hash[:12] in page
            assert boards()[name].title.in_(lang) in page  # type: ignore[arg-type]


def test_a_page_polls_until_a_newer_board_is_there_and_then_swaps_it_in(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/exercises/")
    waiting = client.get("/boards/exercises/status/?of=", headers={"HX-Request": "true"})
    assert "hx-trigger" in waiting.content.decode()
    assert "HX-Retarget" not in waiting.headers
    work_through()
    there = client.get("/boards/exercises/status/?of=", headers={"HX-Request": "true"})
    assert (there.headers["HX-Retarget"], there.headers["HX-Reswap"]) == ("#board", "outerHTML")
    assert "hx-trigger" not in there.content.decode()


def test_a_board_that_cannot_be_made_says_so(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/compare/?since=2030-01-01")
    (job,) = work_through()
    assert job.state == "failed"
    page = text(client, "/boards/compare/?since=2030-01-01")
    assert "must lie before the second" in page
    assert Job.objects.filter(kind="board").count() == 1  # not begun anew at once


def test_the_last_board_is_shown_while_a_newer_one_is_made(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn, still: object) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/exercises/")
    work_through()
    assert "A newer one" not in text(client, "/boards/exercises/")
    still.shift(timedelta(days=1))  # type: ignore[attr-defined]
    client = signed_in(cast.editor)
    page = text(client, "/boards/exercises/")
    assert "A newer one waits" in page
    assert "25 Nov 2026" in page  # the day of the board that is shown
    work_through()
    assert "26 Nov 2026" in text(client, "/boards/exercises/")


def test_a_board_that_took_long_rests_before_it_is_made_anew(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn, still: object) -> None:
    """Edits one after the other do not keep the worker at one board for ever."""
    client = signed_in(cast.editor)
    text(client, "/boards/exercises/")
    work_through()
    BoardResult.objects.update(key="of-an-older-record", snapshot="older", seconds=30.0)
    assert "A newer one waits" in text(client, "/boards/exercises/")
    assert not Job.objects.filter(state="queued").exists()
    still.shift(timedelta(seconds=301))  # type: ignore[attr-defined]
    text(client, "/boards/exercises/")
    assert Job.objects.filter(state="queued").count() == 1


def test_numbers_and_files_come_from_the_document_that_is_shown(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/agreements/")
    work_through()
    page = text(client, "/boards/agreements/")
    result = BoardResult.objects.get(board="agreements")
    behind = re.findall(r'href="(/boards/agreements/behind/(\d+)/\?of=(\w+))"', page)
    assert behind
    assert all(key == result.key for _, _, key in behind)
    address, n, _ = behind[0]
    listed = text(client, address)
    assert all(ref.partition(":")[2] in listed for ref in result.behind[int(n)])
    drawing = client.get(f"/boards/agreements/agreement-lanes.svg?of={result.key}")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert drawing.content.decode().startswith("<svg")
    assert client.get(f"/boards/agreements/agreement-lanes.png?of={result.key}").content.startswith(b"\x89PNG")
    rows = client.get(f"/boards/agreements/agreement-types.csv?of={result.key}").content.decode("utf-8-sig")
    assert rows.splitlines()[0].startswith("Type,유형")
    assert client.get(f"/boards/agreements/nothing.csv?of={result.key}").status_code == 404


def test_a_result_of_other_readers_is_not_there(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    text(signed_in(cast.editor), "/boards/agreements/")
    work_through()
    result = BoardResult.objects.get(board="agreements")
    stranger = signed_in(cast.stateless)
    n = next(at for at, refs in enumerate(result.behind) if refs)
    for path in (f"behind/{n}/", "agreement-types.csv", "agreement-lanes.svg"):
        assert stranger.get(f"/boards/agreements/{path}?of={result.key}").status_code == 404
    assert "quiet-paper" in str(result.records)
    text(stranger, "/boards/agreements/")
    work_through()
    theirs = BoardResult.objects.filter(board="agreements").exclude(pk=result.pk).get()
    assert "quiet-paper" not in str(theirs.records)
    assert not BoardPage.objects.filter(result=theirs, html__contains="Quiet paper").exists()


def test_a_board_that_names_what_was_narrowed_meanwhile_is_not_shown(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    """A result stands for its readers only while they may see everything in it."""
    snapshot = snapshot_for(cast.stateless.reader)
    place = results.Place(results.class_of(snapshot), "exercises", {})
    made = results.Made(boards()["exercises"].title, {"en": "secret", "ko": "비밀"}, ["exercise:quiet-drill"], [], [], {})
    result = results.store(place, snapshot, clock.today(), made)
    BoardResult.objects.filter(pk=result.pk).update(snapshot="of an older record", key="older")
    assert not snapshot.has_record("exercise:quiet-drill")
    assert results.last(place, snapshot, clock.today()) is None
    assert results.of("older", snapshot) is None
    assert "secret" not in text(signed_in(cast.stateless), "/boards/exercises/")


def test_a_spill_destroys_what_is_kept(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    text(signed_in(cast.editor), "/boards/offices/")
    assert BoardFile.objects.exists()
    background.forget_all()
    assert not BoardResult.objects.exists()
    assert not BoardFile.objects.exists()


def test_what_was_made_while_something_was_destroyed_is_made_again(loaded: Register, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spill in the middle of the work: what the work had read before is not kept."""
    from comity_desk.boards import making

    told = iter([0, 1, 1, 1])
    monkeypatch.setattr(making, "confirmed_spills", lambda: next(told))
    seen = []
    real = making.rendered
    monkeypatch.setattr(making, "rendered", lambda *args: seen.append(1) or real(*args))
    making.make(snapshot_for(cast.editor.reader), boards()["offices"], {})
    assert len(seen) == 2
    assert BoardResult.objects.count() == 1


def test_older_results_are_tidied_away(loaded: Register, cast: Cast, still: object) -> None:
    snapshot = snapshot_for(cast.editor.reader)
    place = results.Place(results.class_of(snapshot), "exercises", {})
    made = results.Made(boards()["exercises"].title, {"en": "", "ko": ""}, [], [], [], {})
    for _ in range(4):
        results.store(place, snapshot, clock.today(), made)
        still.shift(timedelta(days=1))  # type: ignore[attr-defined]
    assert [one.as_of.isoformat() for one in BoardResult.objects.order_by("as_of")] == ["2026-11-27", "2026-11-28"]


def test_settings_of_a_board_are_checked(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    assert "<select" in text(client, "/boards/versus/")
    assert not Job.objects.exists()  # nothing is made before both partners are chosen
    text(client, "/boards/versus/?partner=USA&against=XYZ", 404)
    text(client, "/boards/exercises/?as_of=tomorrow", 404)
    text(client, "/boards/weights/?exercises=ten", 422)
    text(
        client,
        "/boards/weights/?" + "&".join(f"{name}=0" for name in ("agreements", "exercises", "dialogues", "deployments", "technology", "information", "visits")),
        422,
    )
    text(client, "/boards/nowhere/", 404)


def test_weights_show_what_moves_at_once_and_stand_in_the_address(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    page = text(client, "/boards/weights/?exercises=90&agreements=0")
    assert 'name="exercises" min="0" max="100" value="90"' in page
    assert 'class="ranks"' in page
    asked = Job.objects.get(kind="board").parameters["asked"]
    assert asked == {"agreements": "0", "exercises": "90"}
    text(client, "/boards/weights/?exercises=24&agreements=22")  # the shipped ones are no settings
    assert {} in [job.parameters["asked"] for job in Job.objects.filter(kind="board")]
    assert [job.error_en for job in work_through() if job.state != "done"] == []
    assert 'id="ranks"' in text(client, "/boards/weights/?exercises=90&agreements=0")


def test_the_map_is_shaded_for_a_year_and_names_its_states(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/map/")
    work_through()
    page = text(client, "/boards/map/?year=1960")
    assert 'value="1960"' in page
    (usa,) = re.findall(r'<a href="/partners/USA/" class="t(\w)" data-levels="([-0-5]+)"', page)
    assert usa[0] != "n"
    later = re.findall(r'<a href="/partners/USA/" class="t(\w)"', text(client, "/boards/map/?year=1948"))
    assert later != [usa[0]]  # before the first treaty
    rows = client.get("/boards/map/years.csv").content.decode()
    assert rows.splitlines()[0].startswith("partner,")
    assert client.get("/boards/map/years.svg?year=1960").content.startswith(b"<svg")
    text(client, "/boards/map/?year=soon", 404)


def test_the_timeline_is_filtered_paged_and_saved(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    every = text(client, "/boards/timeline/")
    assert "Quiet drill" in every
    assert "Quiet drill" not in text(signed_in(cast.stateless), "/boards/timeline/")
    narrowed = text(client, "/boards/timeline/?kind=exercise&partner=USA&from=2025&to=2025")
    assert "Shared drill" in narrowed
    assert "Quiet paper" not in narrowed
    rows = client.get("/boards/timeline/strip.csv?kind=agreement").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "date,kind,mechanism,title,actors,record"
    assert all(",agreement," in row for row in rows[1:])
    assert client.get("/boards/timeline/strip.svg").content.startswith(b"<svg")
    fragment = client.get("/boards/timeline/?kind=exercise", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Quiet drill" in fragment


def test_partners_and_a_partner_follow_an_edit(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    from comity_desk.ledger.write import RecordAction

    client = signed_in(cast.editor)
    text(client, "/partners/")
    before = partner_index(snapshot_for(cast.editor.reader))
    assert "quiet-drill" in str(before.partners["USA"].acts["ref"].to_list())
    page = text(client, "/partners/USA/")
    assert "Quiet drill" in page
    assert "Quiet drill" not in text(signed_in(cast.stateless), "/partners/USA/")
    text(client, "/partners/XYZ/", 404)

    class Retitle(RecordAction[None]):
        permission, audit_event = "record.review", "test-retitled"

        def perform(self, event: object) -> None:
            row = self.state.register.tables["exercise"].filter(self.state.register.tables["exercise"]["id"] == "quiet-drill")
            import polars as pl

            self.write(event, {"exercise": row.with_columns(title_en=pl.lit("Renamed drill"), participants=pl.lit("KOR;JPN"))})  # type: ignore[arg-type]

    Retitle(actor=None).run()
    after = partner_index(snapshot_for(cast.editor.reader))
    assert "quiet-drill" not in str(after.partners["USA"].acts["ref"].to_list())
    assert "quiet-drill" in str(after.partners["JPN"].acts["ref"].to_list())
    others = before.partners.keys() - {"USA", "JPN"}
    assert others
    assert all(after.partners[code] is before.partners[code] for code in others)  # untouched, with what was drawn of them
    from comity_desk.boards.partner_index import _built

    built = _built(snapshot_for(cast.editor.reader))
    assert built.where == after.where
    assert {code: one.acts.rows() for code, one in built.partners.items()} == {code: one.acts.rows() for code, one in after.partners.items()}
    assert "Renamed drill" in text(client, "/partners/JPN/")


def test_the_first_page_tells_what_changed_and_what_is_due(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    page = text(signed_in(cast.editor), "/")
    for words in ("Needs a decision", "What changed lately", "How fresh each part of the record is"):
        assert words in page
    assert "Needs a decision" not in text(signed_in(cast.auditor), "/")
    assert {change.kind for change in changes(snapshot_for(cast.editor.reader), clock.today(), days=100_000)} >= {"exercise", "agreement"}


def test_boards_are_for_those_who_read(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    for path in ("/boards/", "/boards/exercises/", "/partners/", "/boards/timeline/", "/boards/calendar/", "/boards/map/", "/papers/"):
        text(signed_in(cast.auditor), path, 403)


def test_a_board_is_taken_away_as_a_file(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    for form in ("docx", "xlsx"):
        assert client.post("/jobs/start/board_file/", {"board": "offices", "form": form, "lang": "ko"}).status_code == 302
    assert client.post("/jobs/start/board_file/", {"board": "offices", "form": "exe"}).status_code == 422
    assert client.post("/jobs/start/board_file/", {"board": "partner", "form": "docx", "partner": "XYZ"}).status_code == 422
    assert client.post("/jobs/start/board/", {"board": "offices"}).status_code == 404  # pages ask for those
    made = work_through()
    assert sorted((job.state, job.file_name) for job in made) == [("done", f"kor-offices-2026-11-25.ko.{form}") for form in ("docx", "xlsx")]


def test_an_answer_that_was_seen_is_not_sent_again(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    text(client, "/boards/offices/")
    first = client.get("/boards/offices/")
    assert client.get("/boards/offices/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    other = signed_in(cast.top)
    assert other.get("/boards/offices/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_cells_that_begin_like_formulas_are_quoted() -> None:
    assert csv_text([["=1+1", "-2.5", "-x", "@a", 3]]) == "'=1+1,-2.5,'-x,'@a,3\r\n"


def test_the_first_page_tells_what_waits_for_this_person(loaded: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn) -> None:
    from proposing import adding, person, propose

    propose(cast.editor, adding())
    assert "Proposals that wait for your decision: 1" in text(signed_in(cast.reviewer), "/")
    assert "Proposals that wait" not in text(signed_in(cast.editor), "/")  # one's own, and no reviewer
    propose(cast.editor, adding(marking="kor-only", title_en="Hidden one"))
    assert "decision: 2" in text(signed_in(cast.reviewer), "/")
    assert "decision: 1" in text(signed_in(person("visitor", ["reviewer"], nationality="USA")), "/")


class Undo(Exception):
    """Leaves a world behind."""


def pages_in(world: Register, person: Any, signed_in: SignedIn, again: Callable[[], None]) -> dict[str, bytes]:
    """Every board as it was made in a world, with what is behind its first numbers and its files; then the world is undone."""
    from django.db import transaction

    found: dict[str, bytes] = {}
    try:
        with transaction.atomic():
            held.forget()
            snapshots.forget()
            LoadPackage(actor=None, register=world).run()
            client = signed_in(person)
            paths = [f"/boards/{name}/" for name, board in boards().items() if board.in_menu and not board.requires]
            paths += [
                "/",
                "/partners/",
                "/partners/USA/",
                "/boards/versus/?partner=USA&against=JPN",
                "/boards/timeline/",
                "/boards/calendar/",
                "/boards/map/?year=2000",
            ]
            again()  # loading draws as often as there are claims; from here on both worlds draw alike
            for path in paths:
                client.get(path)
            made = work_through()
            assert {job.state for job in made} == {"done"}
            assert len(made) > 12
            for path in paths:
                again()
                found[path] = client.get(path).content
            for result in BoardResult.objects.order_by("board", "key"):
                for n in range(min(len(result.behind), 3)):
                    again()
                    found[f"{result.board} behind {n}"] = client.get(f"/boards/{result.board}/behind/{n}/?of={result.key}").content
                for file in result.files.filter(form="csv"):
                    found[f"{result.board} {file.block}"] = file.content.encode()
            raise Undo
    except Undo:
        return found
    finally:
        held.forget()
        snapshots.forget()


def test_what_is_hidden_changes_no_board_that_was_made(
    marked_register: Register, plain_drawings: None, cast: Cast, signed_in: SignedIn, still: object, still_chance: Callable[[], None]
) -> None:
    """Not only that a board is being made, but what it says once it is there."""
    from worlds import MARK, with_hidden, without_hidden

    reader = cast.japanese.reader
    bare = without_hidden(marked_register, set(reader.visible(marked_register.tables["marking"])))
    one, other = (pages_in(world, cast.japanese, signed_in, still_chance) for world in (bare, with_hidden(marked_register, reader, 5)))
    assert one.keys() == other.keys()
    assert len(one) > 60
    for name, content in one.items():
        assert content == other[name], name
        assert MARK.encode() not in content, name
