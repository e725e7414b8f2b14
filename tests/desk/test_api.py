"""The API reads what its caller may, answers every refusal in one shape, and counts how often it is asked."""

from __future__ import annotations

import io
import json
import random
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from standing_cast import sign_in

import comity
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity_desk.accounts.token_actions import MakeToken
from comity_desk.api import filters, openapi, paging, rates, typed
from comity_desk.api.describing import BODIES, PARAMETERS
from comity_desk.api.errors import Malformed
from comity_desk.api.shapes import components, record_shape
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.snapshots import snapshot_for

BASE = "/api/v1"


@pytest.fixture(autouse=True)
def _no_requests_held() -> None:
    rates.forget()


@pytest.fixture
def record(db: None, marked_register: Register) -> None:
    """A ledger with rows under several markings."""
    LoadPackage(actor=None, register=marked_register).run()


def token_of(user: Any, *scopes: str) -> dict[str, str]:
    """The header of a program that comes for that person."""
    return {"Authorization": f"Bearer {MakeToken(actor=user, name='test', scopes=scopes or ('read', 'write'), days=1).run()[1]}"}


def asked(path: str, user: Any = None, *, scopes: tuple[str, ...] = ("read",), client: Client | None = None, **headers: str) -> Any:
    """The answer to a reading."""
    return (client or Client()).get(BASE + path, headers=(token_of(user, *scopes) if user else {}) | headers)


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem details of a refusal, after a look at their shape."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail"} <= told.keys()
    assert told["status"] == status
    assert told["type"].startswith("urn:comity:problem:")
    return told


# ---- who gets in


def test_nobody_gets_in_without_a_token_or_a_session(record: None, cast: Any) -> None:
    for headers in ({}, {"Authorization": "Bearer comity_wrong"}, {"Authorization": "Basic abc"}):
        refused = Client().get(f"{BASE}/snapshot", headers=headers)
        problem_of(refused, 401)
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="Comity"'
    problem_of(Client().get(f"{BASE}/nothing"), 401)
    assert Client().get(f"{BASE}/snapshot?token={token_of(cast.reader)['Authorization'][7:]}").status_code == 401


def test_refusals_are_in_the_language_that_is_asked_for(record: None, cast: Any) -> None:
    english, korean = (asked("/records/exercises/nowhere", cast.reader, **{"Accept-Language": one}) for one in ("en-GB,en;q=0.8", "ko-KR,ko;q=0.9"))
    assert problem_of(english, 404)["title"] == "Not found"
    assert problem_of(korean, 404)["title"] == "찾을 수 없습니다"
    assert problem_of(Client().get(f"{BASE}/", headers={"Accept-Language": "ko"}), 401)["title"] == "로그인이 필요합니다"


def test_tokens_reach_as_far_as_their_scopes_and_roles(record: None, cast: Any) -> None:
    assert asked("/records/exercises", cast.reader).status_code == 200
    problem_of(asked("/records/exercises", cast.reader, scopes=("feed",)), 403)
    problem_of(asked("/jobs", cast.reader), 403)
    assert asked("/jobs", cast.reader, scopes=("read", "write")).status_code == 200
    started = Client().post(f"{BASE}/jobs", {"kind": "export"}, content_type="application/json", headers=token_of(cast.reader, "read"))
    problem_of(started, 403)
    for person in (cast.administrator, cast.auditor):
        problem_of(
            asked("/records/exercises", person, scopes=("read",)) if person is cast.auditor else signed_in_as(person).get(f"{BASE}/records/exercises"), 403
        )


def signed_in_as(user: Any) -> Client:

    return sign_in(Client(), user)


def test_a_session_changes_something_only_from_the_desks_own_pages(record: None, cast: Any) -> None:

    client = sign_in(Client(enforce_csrf_checks=True), cast.reader)
    body = json.dumps({"kind": "export", "parameters": {"form": "package"}})
    assert client.get(f"{BASE}/jobs").status_code == 200
    refused = client.post(f"{BASE}/jobs", body, content_type="application/json")
    assert problem_of(refused, 403)["detail"].startswith("The request does not come from a page")
    page = client.get(f"{BASE}/docs").content.decode()
    secret = page.partition('"X-CSRFToken": "')[2].partition('"')[0]
    assert client.post(f"{BASE}/jobs", body, content_type="application/json", headers={"X-CSRFToken": secret}).status_code == 201
    assert Client(enforce_csrf_checks=True).post(f"{BASE}/jobs", body, content_type="application/json", headers=token_of(cast.reader)).status_code == 201


# ---- refusals


def test_every_refusal_has_one_shape(record: None, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, own = Client(raise_request_exception=False), token_of(cast.reader)
    json_type: dict[str, Any] = {"content_type": "application/json", "headers": own}
    assert problem_of(client.post(f"{BASE}/jobs", "{", **json_type), 400)["detail"] == "The body is no JSON."
    for body in ('{"kind": "\\ud800"}', '{"kind": "\\u0000"}', '{"kind": NaN}', b"\xff\xfe", "[" * 100_000):
        problem_of(client.post(f"{BASE}/jobs", body, **json_type), 400)
    problem_of(client.get(f"{BASE}/records/exercises?q=%00", headers=own), 400)
    problem_of(client.get(f"{BASE}/nothing", headers=own), 404)
    problem_of(client.get("/api/v7/records", headers=own), 404)
    refused = client.delete(f"{BASE}/jobs", headers=own)
    problem_of(refused, 405)
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    problem_of(client.post(f"{BASE}/jobs", "kind=export", content_type="application/x-www-form-urlencoded", headers=own), 415)
    told = problem_of(client.post(f"{BASE}/jobs", '{"colour": "red"}', **json_type), 422)
    assert {(one["field"], one["code"]) for one in told["errors"]} == {("kind", "missing"), ("colour", "extra-forbidden")}
    assert told["errors"][0]["what"] == "It is missing."
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem_of(client.post(f"{BASE}/jobs", json.dumps({"kind": "x" * 200}), **json_type), 413)
    monkeypatch.setattr("comity_desk.api.snapshots.seen_by", lambda request: 1 / 0)
    told = problem_of(client.get(f"{BASE}/snapshot", headers=own), 500)
    assert "division" not in json.dumps(told)


def test_faults_inside_are_told_to_tests_and_logs(record: None, cast: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("comity_desk.api.snapshots.seen_by", lambda request: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        asked("/snapshot", cast.reader)
    assert "the API failed" in caplog.text


def test_hidden_and_unknown_are_one(record: None, cast: Any, still: Any) -> None:
    client, own = Client(), token_of(cast.low)
    for path in ("/records/exercises/{id}", "/records/exercises/{id}/claims"):
        answers = [client.get(BASE + path.format(id=one), headers=own) for one in ("quiet-drill", "nowhere-real")]
        told = [
            (one.status_code, one.content, {name: value for name, value in one.headers.items() if name not in ("X-Request-ID", "RateLimit-Remaining")})
            for one in answers
        ]
        assert told[0] == told[1]
        assert told[0][0] == 404
    assert asked("/records/exercises/quiet-drill", cast.reader).status_code == 200
    for strange in ("exercise:shared-drill", "shared-drill ", "SHARED-DRILL", "%2e%2e", "a%2Fb"):
        problem_of(asked(f"/records/exercises/{strange}", cast.reader), 404)


# ---- reading


def whole(path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Every record of a list, page by page."""
    client, found, at = Client(), [], path
    while at:
        page = client.get(at, headers=headers).json()
        found += page["records"]
        at = page["next"]
    assert len(found) == page["total"]
    return found


@pytest.mark.parametrize("sort", ["id", "-id", "start", "-start", "title_ko", "-title_ko", "personnel", "-personnel", "entered_at", "confidence"])
def test_pages_give_every_record_once_in_order(record: None, cast: Any, sort: str) -> None:
    own = token_of(cast.reader, "read")
    listed = whole(f"{BASE}/records/exercises?sort={sort}&limit=2", own)
    ids = [one["id"] for one in listed]
    assert sorted(ids) == snapshot_for(cast.reader.reader).table("exercise")["id"].sort().to_list()
    assert ids == [one["id"] for one in whole(f"{BASE}/records/exercises?sort={sort}&limit=500", own)]
    keys = [one[sort.removeprefix("-")] for one in listed]
    known = [key for key in keys if key is not None]
    assert keys == [*sorted(known, reverse=sort.startswith("-")), *[None] * (len(keys) - len(known))]


def test_cursors_are_bound_to_their_list(record: None, cast: Any) -> None:
    own, client = token_of(cast.reader, "read"), Client()
    after = client.get(f"{BASE}/records/exercises?limit=1", headers=own)
    assert after.headers["Link"] == f'<{after.json()["next"]}>; rel="next"'
    cursor = after.json()["next"].partition("cursor=")[2]
    assert client.get(f"{BASE}/records/exercises?limit=3&cursor={cursor}", headers=own).status_code == 200
    for path in ("agreements?", "exercises?sort=-id&", "exercises?actor=USA&", "exercises?known_at=2026-02-01&"):
        told = problem_of(client.get(f"{BASE}/records/{path}limit=1&cursor={cursor}", headers=own), 422)
        assert told["errors"][0]["field"] == "cursor"
    for wrong in ("x", "bm9uZQ", cursor[:-3], "W10", "%F0%9F%98%80"):
        problem_of(client.get(f"{BASE}/records/exercises?cursor={wrong}", headers=own), 422)


def test_a_cursor_of_any_value_is_read_or_refused(kor: Snapshot) -> None:
    chance = random.Random(4)
    kind = kinds()["exercise"]
    for name in paging.sorts_of(kind):
        order = paging.Order.of(kind, name)
        for value in (None, "", "a", 3, -1.5, True, "2020-01-01", 10**30, chance.random()):
            cursor = paging._written(value, "a", "asked")
            with suppress(Malformed):
                assert paging.page_of(kor.frame("exercise"), order, "asked", cursor, 5).rows.height <= 5


def test_filters_take_what_they_say(record: None, cast: Any) -> None:
    own = token_of(cast.reader, "read")

    def ids(query: str, plural: str = "agreements") -> list[str]:
        return [one["id"] for one in whole(f"{BASE}/records/{plural}?{query}", own)]

    assert ids("agreement_type=cost_sharing") == ["first-cost", "second-cost"]
    assert ids("agreement_type=cost_sharing&agreement_type=information_security") == ["first-cost", "gsomia", "second-cost"]
    assert ids("parties=KOR&parties=JPN") == ["gsomia"]
    assert ids("actor=JPN") == ["gsomia"]
    assert ids("signed=1953") == ids("signed=1953-10-01") == ["mutual-defence"]
    assert ids("signed_from=1993&signed_to=2016-11-22") == ["second-cost"]
    assert ids("ended_from=1995-06-01&ended_to=1995-07") == ["second-cost"], "a date known to the year may lie there"
    assert ids("title_ko=") == ["first-cost", "second-cost"]
    assert ids("under=mutual-defence&year_from=1990&year_to=1991") == ["first-cost"]
    assert ids("text_public=true&signed_to=2000") == ["mutual-defence"]
    assert ids("id=gsomia") == ["gsomia"]
    assert ids("q=quiet", "exercises") == ["quiet-drill"]
    assert ids("q=비공개", "exercises") == ["quiet-drill"]
    assert set(ids("counted=true", "exercises")) | set(ids("counted=false", "exercises")) == set(ids("", "exercises"))
    assert ids("personnel_min=1", "exercises") == [one["id"] for one in whole(f"{BASE}/records/exercises", own) if one["personnel"]]


def test_a_wrong_filter_is_no_filter_passed_over(record: None, cast: Any) -> None:
    query = "colour=red&signed=lately&text_public=yes&year_from=0&limit=0"
    told = problem_of(asked(f"/records/agreements?{query.replace('&limit=0', '')}", cast.reader), 422)
    assert {(one["field"], one["code"]) for one in told["errors"]} == {
        ("colour", "unknown-filter"), ("signed", "wrong-value"), ("text_public", "wrong-value"), ("year_from", "wrong-value"),
    }  # fmt: skip
    problem_of(asked("/records/agreements?limit=0", cast.reader), 422)
    problem_of(asked("/records/agreements?limit=501", cast.reader), 422)
    problem_of(asked("/records/agreements?known_at=lately", cast.reader), 422)
    problem_of(asked("/records/agreements?sort=parties", cast.reader), 422)


def test_no_filter_is_called_like_a_field_or_a_parameter() -> None:
    for kind in kinds().values():
        names = filters.filters_of(kind)
        assert len(names) == len(set(names)), kind.name
        own = {field.name for field in kind.fields}
        assert not own & (filters.RESERVED | {"q", "counted", "year_from", "year_to"}), kind.name
        made = [f"{name}_{end}" for name in own for end in ("from", "to", "min", "max") if f"{name}_{end}" in own]
        assert made == [], kind.name


def test_every_record_is_as_its_schema_says(kor: Snapshot) -> None:
    for kind in kinds().values():
        check = jsonschema.Draft202012Validator(record_shape(kind))
        rows = typed.typed_records(kor.frame(kind.name), kind)
        for row in rows[:200]:
            check.validate(json.loads(json.dumps(row)))
        assert [row["id"] for row in rows] == kor.table(kind.name)["id"].sort().to_list()


def test_one_record_is_as_its_schema_says(record: None, cast: Any) -> None:
    body = asked("/records/exercises/shared-drill", cast.reader).json()
    assert (body["series"], body["start"], body["participants"]) == ("freedom-shield", "2025-04-03", ["KOR", "USA"])
    jsonschema.validate(body, record_shape(kinds()["exercise"]))


def test_claims_stand_beside_their_rivals(record: None, cast: Any) -> None:
    path = "/records/agreements/mutual-defence/claims"
    wide = [one for one in asked(path, cast.reader).json()["claims"] if one["field"] == "signed"]
    assert [(one["value"], one["status"], one["stands"], one["marking"]) for one in wide] == [
        ("1953-10-01", "adopted", True, "public"), ("1953-10-02", "competing", False, "kor-restricted"),
    ]  # fmt: skip
    narrow = asked(f"{path}?field=signed", cast.low).json()["claims"]
    assert [one["value"] for one in narrow] == ["1953-10-01"]
    problem_of(asked(f"{path}?field=colour", cast.low), 404)


def test_the_record_as_it_was_known(record: None, cast: Any) -> None:
    assert asked("/records/agreements?known_at=2026-01-09", cast.reader).json()["total"] == 0
    assert asked("/?known_at=2026-01-09", cast.reader).json()["known_at"] == "2026-01-09"
    problem_of(asked("/records/agreements/gsomia?known_at=2026-01-09", cast.reader), 404)


def test_searching(record: None, cast: Any) -> None:
    assert [one["record"] for one in asked("/search?q=drill", cast.reader).json()["records"]] == ["exercise:shared-drill", "exercise:quiet-drill"]
    assert asked("/search?q=drill", cast.low).json()["records"] == []
    assert asked("/search?q=훈련&kinds=exercises", cast.reader).json()["records"][0]["link"].startswith(f"{BASE}/records/exercises/")
    for query in ("", "?q=", "?q=a&kinds=nothing", f"?q={'a' * 300}"):
        problem_of(asked(f"/search{query}", cast.reader), 422)


# ---- conditions


def test_an_answer_that_is_held_is_not_sent_again(record: None, cast: Any) -> None:
    own, client = token_of(cast.reader, "read"), Client()
    for path in ("/", "/kinds", "/kinds/exercise", "/records/exercises", "/records/exercises/shared-drill", "/records/exercises/shared-drill/claims", "/search?q=drill", "/snapshot",
                 "/snapshot/package", "/snapshot/parquet", "/measures", "/measures/agreements", "/openapi.json"):  # fmt: skip
        first = client.get(BASE + path, headers=own)
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "private, no-cache", path
        for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.get(BASE + path, headers=own | {"If-None-Match": held})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), path
        assert client.get(BASE + path, headers=own | {"If-None-Match": '"other"'}).status_code == 200
        problem_of(client.get(BASE + path, headers=own | {"If-Match": '"other"'}), 412)
        head = client.head(BASE + path, headers=own)
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", tag)
        assert int(head.headers["Content-Length"]) == len(b"".join(first.streaming_content) if first.streaming else first.content)
        options = client.options(BASE + path, headers=own)
        assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_tags_differ_where_answers_differ(record: None, cast: Any) -> None:
    reader, low = token_of(cast.reader, "read"), token_of(cast.low, "read")
    told = [Client().get(BASE + path, headers=own | {"Accept-Language": lang}).headers["ETag"] for path in ("/records/exercises", "/records/exercises?limit=1", "/search?q=a", "/snapshot")
            for own in (reader, low) for lang in ("en", "ko")]  # fmt: skip
    assert len(set(told)) == len(told)


def test_a_hidden_change_leaves_every_tag_as_it_is(record: None, cast: Any, marked_register: Register) -> None:
    from comity_desk.ledger.register import current
    from comity_desk.ledger.write import write

    own = token_of(cast.low, "read")
    paths = ("/", "/records/exercises", "/records/agreements/mutual-defence", "/snapshot", "/snapshot/package", "/search?q=drill")
    before = [Client().get(BASE + path, headers=own).headers["ETag"] for path in paths]
    hidden = (
        marked_register.tables["exercise"].filter(marked_register.tables["exercise"]["id"] == "quiet-drill").with_columns(title_en=comity_lit("Quieter drill"))
    )
    change(lambda event: write(event, {"exercise": hidden}, current()))
    assert Client().get(f"{BASE}/records/exercises/quiet-drill", headers=token_of(cast.reader, "read")).json()["title_en"] == "Quieter drill"
    assert [Client().get(BASE + path, headers=own).headers["ETag"] for path in paths] == before
    shown = (
        marked_register.tables["exercise"]
        .filter(marked_register.tables["exercise"]["id"] == "quiet-drill")
        .with_columns(id=comity_lit("loud-drill"), marking=comity_lit("public"))
    )
    change(lambda event: write(event, {"exercise": shown}, current()))
    after = [Client().get(BASE + path, headers=own).headers["ETag"] for path in paths]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True, False, False, False]


def comity_lit(text: str) -> Any:
    import polars as pl

    return pl.lit(text)


def change(effect: Callable[[Any], Any]) -> None:
    """A change of the record by the desk itself."""
    from comity_desk.audit.actions import Action

    class Change(Action[None]):
        permission, audit_event = "", "test-change"

        def perform(self, event: Any) -> None:
            effect(event)

    Change(actor=None).run()


# ---- the whole snapshot


def test_the_package_reads_back_and_is_the_same_each_time(record: None, cast: Any, tmp_path: Path) -> None:
    first, second = (asked("/snapshot/package", cast.japanese) for _ in range(2))
    content = b"".join(first.streaming_content)
    seen = snapshot_for(cast.japanese.reader)
    assert content == b"".join(second.streaming_content)
    assert first.headers["ETag"].startswith(f'"{seen.hash}-')
    assert first.headers["Comity-Snapshot"] == seen.hash
    assert first.headers["Content-Disposition"] == 'attachment; filename="comity-small-package.zip"'
    assert b"Quiet drill" not in content
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    assert comity.load(tmp_path / "comity-small").snapshot("everything").hash == seen.hash


def test_typed_frames_hold_what_is_seen(record: None, cast: Any) -> None:
    import polars as pl

    archive = zipfile.ZipFile(io.BytesIO(b"".join(asked("/snapshot/parquet", cast.low).streaming_content)))
    frame = pl.read_parquet(io.BytesIO(archive.read("comity-small/exercises.parquet")))
    assert frame.equals(snapshot_for(cast.low.reader).frame("exercise"))


def test_the_snapshot_says_what_it_holds(record: None, cast: Any) -> None:
    told, seen = asked("/snapshot", cast.american).json(), snapshot_for(cast.american.reader)
    assert (told["hash"], told["reader"], told["package"]["home"]) == (seen.hash, {"name": "USA", "clearance": "secret"}, "KOR")
    assert {one["kind"]: one["records"] for one in told["kinds"]}["agreement"] == seen.agreements.height


# ---- measures and jobs


@pytest.fixture
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings.HOME = tmp_path


@pytest.mark.usefixtures("_own_folders")
def test_a_quick_measure_comes_at_once(record: None, cast: Any) -> None:
    told = asked("/measures/agreements?as_of=2025-06-01", cast.reader).json()
    direct = comity.agreements(snapshot_for(cast.reader.reader), as_of=date(2025, 6, 1)).answer()
    assert told == json.loads(json.dumps(direct, default=str))
    problem_of(asked("/measures/agreements?home=NOWHERE", cast.reader), 422)
    problem_of(asked("/measures/nothing", cast.reader), 404)
    problem_of(asked("/measures/remembered", cast.reader), 404)


def test_every_measure_has_a_name_in_both_languages_and_one_result() -> None:
    from typing import get_type_hints

    from comity.measures.result import Result
    from comity.report.context import Context
    from comity_desk.api.measures import COSTLY, QUICK
    from comity_desk.jobs.measures import WORDS

    assert not QUICK & COSTLY
    for name in QUICK | COSTLY:
        assert WORDS[name].ko != WORDS[name].en
        assert get_type_hints(getattr(Context, name).func)["return"] is Result


@pytest.mark.usefixtures("_own_folders")
def test_a_costly_measure_is_computed_by_a_worker(record: None, cast: Any) -> None:
    from comity_desk.jobs import running
    from comity_desk.jobs.models import Job

    path = "/measures/network?as_of=2025-06-01"
    waiting = asked(path, cast.reader)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "3")
    assert (waiting.json()["state"], waiting.json()["link"]) == ("queued", BASE + path)
    assert asked(path, cast.editor).status_code == 202
    job = Job.objects.get()
    running.run(job.pk, job.attempt)
    done = asked(path, cast.editor)
    assert (done.status_code, done.json()["measure"], done.json()["snapshot"]) == (200, "network", snapshot_for(cast.editor.reader).hash)
    assert asked(path, cast.low).status_code == 202, "another class of readers has its own"
    problem_of(asked(f"{path}&known_at=2026-02-01", cast.reader), 422)


@pytest.mark.usefixtures("_own_folders")
def test_jobs_are_their_owners_own(record: None, cast: Any) -> None:
    from comity_desk.jobs import running
    from comity_desk.jobs.models import Job

    own, client = token_of(cast.reader), Client()
    started = client.post(f"{BASE}/jobs", {"kind": "export", "parameters": {"form": "csv", "kind": "exercise"}}, content_type="application/json", headers=own)
    assert started.status_code == 201
    link = started.headers["Location"]
    assert client.get(link, headers=own).json()["state"] == "queued"
    problem_of(client.get(f"{link}/file", headers=own), 404)
    running.run(started.json()["id"], Job.objects.get().attempt)
    told = client.get(link, headers=own).json()
    assert (told["state"], told["file"]["media_type"]) == ("done", "text/csv; charset=utf-8")
    got = client.get(told["file"]["link"], headers=own)
    assert b"Quiet drill" in b"".join(got.streaming_content)
    for path in (link, f"{link}/file"):
        problem_of(client.get(path, headers=token_of(cast.editor)), 404)
    problem_of(client.post(f"{link}/cancel", headers=token_of(cast.editor)), 404)
    problem_of(client.post(f"{link}/cancel", headers=own), 409)
    told = problem_of(client.post(f"{BASE}/jobs", {"kind": "dossier", "parameters": {"partner": "NOWHERE"}}, content_type="application/json", headers=own), 422)
    problem_of(client.get(f"{BASE}/jobs/{'x' * 40}", headers=own), 422)


# ---- how often


def test_a_person_may_ask_so_often_and_no_oftener(record: None, cast: Any, settings: Any, still: Any) -> None:
    settings.API_RATE = {"user": (5, 60), "heavy": (2, 60), "stranger": (3, 60)}
    own, other, client = token_of(cast.reader), token_of(cast.editor), Client()
    left = [client.get(f"{BASE}/kinds", headers=own).headers["RateLimit-Remaining"] for _ in range(5)]
    assert left == ["4", "3", "2", "1", "0"]
    refused = client.get(f"{BASE}/kinds", headers=own)
    problem_of(refused, 429)
    assert (refused.headers["Retry-After"], refused.headers["RateLimit-Limit"], refused.headers["RateLimit-Policy"]) == ("60", "5", "5;w=60")
    assert client.get(f"{BASE}/kinds", headers=token_of(cast.reader)).status_code == 429, "another token of the same person"
    assert client.get(f"{BASE}/kinds", headers=other).status_code == 200
    still.shift(60)
    assert client.get(f"{BASE}/kinds", headers=own).status_code == 200
    assert [client.get(f"{BASE}/snapshot/package", headers=own).status_code for _ in range(3)] == [200, 200, 429]


def test_all_processes_together_keep_the_limit(db: None, settings: Any, still: Any) -> None:
    settings.API_RATE = {"user": (100, 60)}
    processes: list[dict[str, Any]] = [{} for _ in range(4)]
    chance, passed = random.Random(7), 0
    for _ in range(400):
        rates._held = chance.choice(processes)
        passed += rates.take("user:1", "user").allowed
    assert 100 - len(processes) * (100 // rates.BUNDLES) <= passed <= 100
    for held in processes * 2:
        rates._held = held
        assert rates.take("user:1", "user").allowed is False or passed < 100
    rates._held = {}


def test_counting_at_once_loses_nothing(transactional_db: None) -> None:
    """Eight writers take bundles until none is left: together they get the limit, neither more nor less."""
    granted: list[int] = []

    def taking() -> None:
        mine, held = 0, rates._Held(1_000)
        while True:
            rates._reserve("user:2", held, 200)
            if held.left == 0:
                break
            mine, held.left = mine + held.left, 0
        granted.append(mine)
        connection.close()

    threads = [threading.Thread(target=taking) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(granted) == 8
    assert sum(granted) == 200


def test_most_requests_are_counted_in_memory(db: None, settings: Any, still: Any, django_assert_num_queries: Any) -> None:
    settings.API_RATE = {"user": (200, 60)}
    rates.take("user:1", "user")
    with django_assert_num_queries(0):
        for _ in range(200 // rates.BUNDLES - 1):
            assert rates.take("user:1", "user").allowed
    for _ in range(400):
        rates.take("user:1", "user")
    with django_assert_num_queries(0):
        assert not rates.take("user:1", "user").allowed


def test_strangers_are_counted_by_where_they_come_from(record: None, cast: Any, settings: Any, still: Any) -> None:
    settings.API_RATE = {"user": (5, 60), "heavy": (2, 60), "stranger": (3, 60)}
    client = Client()
    assert [client.get(f"{BASE}/", headers={"Authorization": f"Bearer comity_{at}"}).status_code for at in range(4)] == [401, 401, 401, 429]
    problem_of(client.get(f"{BASE}/"), 429)
    assert client.get(f"{BASE}/", REMOTE_ADDR="192.0.2.7").status_code == 401
    assert client.get(f"{BASE}/", headers=token_of(cast.reader)).status_code == 200, "nobody is stopped by somebody else's failures"
    assert client.get("/").status_code == 302
    assert rates.network_of("2001:db8::1") == rates.network_of("2001:db8::ffff") != rates.network_of("2001:db8:0:1::1")


# ---- the description


def test_everything_is_described_in_both_languages() -> None:
    english, korean = (openapi.operations(lang) for lang in ("en", "ko"))
    for (path, _, told), (_, _, translated) in zip(english, korean, strict=True):
        assert any("가" <= sign <= "힣" for sign in translated["summary"]), path
        assert bool(told.get("description")) == bool(translated.get("description")), path
        assert "description" not in translated or any("가" <= sign <= "힣" for sign in translated["description"]), path
        for parameter in translated.get("parameters", []):
            assert parameter["name"] in PARAMETERS, (path, parameter["name"])
            assert parameter["description"], (path, parameter["name"])
    assert english[0][2]["summary"] == "Where everything is"
    for name in BODIES:
        told, translated = (openapi.document(lang)["components"]["schemas"][name]["properties"] for lang in ("en", "ko"))  # type: ignore[arg-type]
        assert all(told[field]["description"] != translated[field]["description"] for field in told), name


def test_every_reference_in_the_description_leads_somewhere() -> None:
    text = json.dumps(openapi.document("en"))
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(openapi.document("en")["components"]["schemas"])
    own = {"".join(part.capitalize() for part in kind.name.split("_")) for kind in kinds().values()}
    assert len(components()) == len(own) + len(set(components()) - own)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_for_people_tells_every_address(record: None, cast: Any, signed_in: Any, lang: str) -> None:
    page = signed_in(cast.reader, lang=lang).get(f"{BASE}/docs").content.decode()
    for path, _, told in openapi.operations(lang):  # type: ignore[arg-type]
        assert f"<code>{path}</code>" in page
        assert told["summary"] in page
    body = page.partition("<main")[2]
    assert "<script" not in body
    assert "style=" not in body
