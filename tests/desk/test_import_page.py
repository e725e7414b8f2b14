"""Bringing in a table: read from a file, mapped, checked row by row, handed in as a whole, decided on as a whole or row by row."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from proposing import accept, person, seen_by
from proposing import desk as desk
from standing_cast import Cast

import comity
from comity.vocab.kinds import codes, kind_of, kinds
from comity_desk.ledger.verify import verify
from comity_desk.lib import background
from comity_desk.lib.errors import Conflict, NotFound, NotPermitted, Refused
from comity_desk.records.importing.actions import AcceptBatch, DeclineBatch, SubmitBatch, WithdrawBatch
from comity_desk.records.importing.checking import WORK, checked, look_for_duplicates
from comity_desk.records.importing.mapping import guessed, targets
from comity_desk.records.importing.models import Import
from comity_desk.records.importing.reading import ROWS, read_table
from comity_desk.records.importing.template import template
from comity_desk.records.proposals.models import ACCEPTED, OPEN, Batch, Decision, Proposal

HEADER = ["title_en", "series", "start", "Types", "참가국", "status", "Personnel", "Remark of ours"]
NAMES = ("Amber", "Birch", "Cedar", "Dahlia", "Elder", "Fir", "Gorse", "Hazel", "Iris", "Juniper")


def row(at: int, **more: str) -> list[str]:
    """A row that is unlike the others."""
    told = {
        "title": f"{NAMES[at % 10]} {NAMES[at // 10 % 10]} {NAMES[at // 100 % 10]} drill",
        "series": "Freedom Shield",
        "start": f"2024-{at % 12 + 1:02}-{at % 27 + 1:02}",
        "types": "CPX; Field training",
        "who": "한국; USA",
        "status": "Conducted",
        "personnel": f"{1000 + at:,}",
        "remark": "x",
    }
    return list((told | more).values())


def csv_of(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def xlsx_of(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """A workbook."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate([header, *rows]):
            for column, cell in enumerate(cells):
                sheet.write(at, column, cell)
    return out.getvalue()


def bring(client: Client, content: bytes, name: str = "drills.csv", kind: str = "exercise") -> Any:
    """Send a file."""
    return client.post("/import/bring/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def brought(client: Client, content: bytes, name: str = "drills.csv", basis: bool = True, **more: str) -> str:
    """Send a file and say what holds for all rows; the table's key."""
    answer = bring(client, content, name)
    assert answer.status_code == 302, answer.content.decode()
    key = answer["Location"].split("/")[-2]
    table = Import.objects.get(pk=key)
    columns = {f"column-{at}": field for at, field in table.mapping.items()}
    said = {"b-source": "newspaper", "b-confidence": "medium", "b-marking": "public"} if basis else {}
    assert client.post(f"/import/{key}/", {**columns, **said, **more}).status_code == 302
    return key


def submit(actor: Any, key: str, reason: str = "Drills of 2024, from the yearbook.") -> Batch:
    """Hand a table in."""
    return SubmitBatch(actor=actor, key=key, reason=reason).run()


# ---- reading


def test_a_csv_file_and_a_workbook_give_the_same_rows() -> None:
    from datetime import date

    cells = ["Amber drill", "Freedom Shield", "2024-03-01", "CPX", "KOR;USA", "conducted", "1000", "x"]
    plain = read_table("a.csv", csv_of([cells]))
    assert plain.rows == [(2, cells)]
    assert read_table("a.csv", "\ufeff".encode() + csv_of([cells])) == plain
    assert read_table("a.csv", csv_of([cells]).replace(b",", b"\t")) == plain
    assert read_table("a.xlsx", xlsx_of([[*cells[:2], date(2024, 3, 1), *cells[3:6], 1000, "x"]])) == plain
    korean = "제목,참가국\n훈련,한국\n".encode("cp949")
    assert read_table("a.csv", korean).rows == [(2, ["훈련", "한국"])]


def test_empty_rows_keep_the_numbers_of_the_others() -> None:
    table = read_table("a.csv", b"a,b\n1,2\n,\n\n3,4\n")
    assert table.rows == [(2, ["1", "2"]), (5, ["3", "4"])]
    assert read_table("a.xlsx", xlsx_of([["1"], [""], ["3"]], ["a"])).rows == [(2, ["1"]), (4, ["3"])]


@pytest.mark.parametrize("name", ["reaching", "wide", "empty", "text", "long", "macro"])
def test_what_is_no_table_or_too_large_is_refused(name: str) -> None:
    def sheet(cells: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("[Content_Types].xml", "<Types/>")
            made.writestr("xl/workbook.xml", "<workbook/>")
            made.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
        return out.getvalue()

    files = {
        "reaching": ("a.xlsx", sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')),
        "wide": ("a.xlsx", sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
        "empty": ("a.csv", b",,\n,,\n"),
        "text": ("a.txt", b"words"),
        "long": ("a.csv", b"a\n" + b"1\n" * (ROWS + 1)),
        "macro": ("a.xlsx", b"PK\x03\x04nothing"),
    }
    with pytest.raises(Refused):
        read_table(*files[name])


def test_columns_are_recognised_by_name_label_or_template() -> None:
    kind = kind_of("exercise")
    assert guessed([*HEADER, "Start", "Korean title [title_ko]", "출처"], kind) == {
        "0": "title_en",
        "1": "series",
        "2": "start",
        "3": "exercise_types",
        "4": "participants",
        "5": "status",
        "6": "personnel",
        "9": "title_ko",
        "10": "source",
    }


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_template_comes_back_as_its_fields(lang: Any) -> None:
    import openpyxl

    snapshot = comity.load("kor").snapshot()
    for name in ("exercise", "agreement", "actor", "source"):
        kind = kinds()[name]
        made = template(kind, snapshot, lang)
        book = openpyxl.load_workbook(io.BytesIO(made))
        header = [cell.value for cell in book.worksheets[0][1]]
        assert set(guessed(header, kind).values()) == set(targets(kind))
        lists = [one for one in book.worksheets[0].data_validations.dataValidation if one.type == "list"]
        assert len(lists) == sum(target.field.type in ("code", "flag") for target in targets(kind).values())
    status = next(at for at, one in enumerate(targets(kinds()["exercise"]).values()) if one.name == "status")
    book = openpyxl.load_workbook(io.BytesIO(template(kinds()["exercise"], snapshot, lang)))
    rule = next(one for one in book.worksheets[0].data_validations.dataValidation if next(iter(one.sqref.ranges)).min_col == status + 1)
    cells = book[rule.formula1.split("!")[0].strip("'")][rule.formula1.split("!")[1].replace("$", "")]
    assert [line[0].value for line in cells] == [code.label.in_(lang) for code in codes("exercise_status").values()]


# ---- from file to record


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "made"), [("drills.csv", csv_of), ("drills.xlsx", xlsx_of)])
def test_a_table_becomes_records_once_it_is_accepted(desk: Cast, signed_in: Callable[..., Client], name: str, made: Any) -> None:
    client = signed_in(desk.editor)
    key = brought(client, made([row(at) for at in range(30)]), name)
    page = client.get(f"/import/{key}/").content.decode()
    assert "Nothing is wrong with any row." in page
    assert "Remark of ours" in page
    assert seen_by(desk.editor).table("exercise").height == 6
    batch = submit(desk.editor, key)
    assert not Import.objects.exists()
    assert (batch.count, batch.rows.count()) == (30, 30)
    assert seen_by(desk.editor).table("exercise").height == 6
    assert AcceptBatch(actor=desk.reviewer, key=batch.key, reason="Looked through.").run() == 30
    table = seen_by(desk.stateless).table("exercise").filter(title_en="Amber Amber Amber drill")
    assert table.select("series", "start", "exercise_types", "participants", "status", "personnel", "source", "marking").row(0) == (
        "freedom-shield",
        "2024-01-01",
        "CPX;FTX",
        "KOR;USA",
        "conducted",
        "1000",
        "newspaper",
        "public",
    )
    assert {one.state for one in batch.rows.all()} == {ACCEPTED}
    assert all(seen_by(desk.low).has_record(one.ref) for one in batch.rows.all())
    assert verify().broken is None


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_fault_is_told_with_row_field_and_mend(desk: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    client = signed_in(desk.editor, lang=lang)
    rows = [row(0), row(1, start="soon"), row(2, who="KOR;Atlantis"), row(3, title=""), row(4, personnel="9,000,000"), row(5), row(5)]
    key = brought(client, csv_of(rows))
    found = checked(Import.objects.get(pk=key), desk.editor.reader)
    assert sorted((fault.row, fault.field, fault.code) for fault in found.errors) == [
        (3, "start", "not-a-date"),
        (4, "participants", "unknown-actor"),
        (5, "title_en", "required"),
        (6, "personnel", "out-of-range"),
        (8, None, "duplicate"),
    ]
    page = client.get(f"/import/{key}/").content.decode()
    assert ("is no date" if lang == "en" else "날짜가 아닙니다") in page
    told = list(csv.reader(io.StringIO(client.get(f"/import/{key}/faults.csv").content.decode("utf-8-sig"))))
    assert len(told) == 6
    assert {line[0] for line in told[1:]} == {"3", "4", "5", "6", "8"}
    refused = client.post(f"/import/{key}/submit/", {"reason": "Anyway."})
    assert refused.status_code == 422
    assert not Batch.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_required_field_without_a_column_is_said_once(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    key = brought(client, csv_of([row(at) for at in range(20)]), basis=False, **{"column-5": "", "b-marking": "public"})
    found = checked(Import.objects.get(pk=key), desk.editor.reader)
    assert sorted((fault.row, fault.field) for fault in found.errors) == [(None, "confidence"), (None, "source"), (None, "status")]


@pytest.mark.django_db
def test_what_a_row_says_of_its_source_goes_first(desk: Cast, signed_in: Callable[..., Client]) -> None:
    header = [*HEADER[:7], "source_url", "source_title", "confidence"]
    rows = [[*row(0)[:7], "https://example.org/a", "Page A", "high"], [*row(1)[:7], "https://www.example.org/a/", "Page A", ""], [*row(2)[:7], "", "", ""]]
    rows.append([*row(3)[:7], "https://example.org/treaties", "Whatever", "low"])
    client = signed_in(desk.editor)
    batch = submit(desk.editor, brought(client, csv_of(rows, header)))
    AcceptBatch(actor=desk.reviewer, key=batch.key, reason="Read.").run()
    seen = seen_by(desk.stateless)
    cells = [seen.record(one.ref).cells for one in batch.rows.order_by("row")]
    assert cells[0]["source"] == cells[1]["source"] not in ("newspaper", "treaty-series")
    assert seen.record(f"source:{cells[0]['source']}")["title"] == "Page A"
    assert [one["source"] for one in cells[2:]] == ["newspaper", "treaty-series"]
    assert [one["confidence"] for one in cells] == ["high", "medium", "medium", "low"]
    assert seen.table("source").height == 4


@pytest.mark.django_db
def test_likely_duplicates_are_shown_row_by_row(desk: Cast, signed_in: Callable[..., Client]) -> None:
    client = signed_in(desk.editor)
    rows = [row(0), row(1, title="Freedom Shield 24", start="2024-03-05", who="KOR;USA;UN"), row(2), row(2, start="2024-03-04")]
    key = brought(client, csv_of(rows))
    found = checked(Import.objects.get(pk=key), desk.editor.reader)
    assert not found.errors
    assert [(one["row"], one["ref"], one.get("other")) for one in found.duplicates or []] == [(3, "exercise:freedom-shield-2024", None), (5, "", 4)]
    page = client.get(f"/import/{key}/").content.decode()
    assert "/records/exercises/freedom-shield-2024/" in page
    assert "row 4 of the same table" in page


@pytest.mark.django_db
def test_many_rows_are_compared_in_the_background(desk: Cast, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("comity_desk.records.importing.checking.AT_ONCE", 10)
    monkeypatch.setattr("comity_desk.records.importing.checking.want", lambda *given: asked.append(given) or background.Progress("waiting"))
    client = signed_in(desk.editor)
    key = brought(client, csv_of([row(at) for at in range(11)]))
    page = client.get(f"/import/{key}/").content.decode()
    assert "Being looked for" in page
    assert asked[0][0] == WORK
    with pytest.raises(Conflict):
        submit(desk.editor, key)

    class Run:
        parameters, reader = asked[0][2], desk.editor.reader

        def progress(self, done: int, total: int, words: Any) -> None:
            assert done <= total == 11

    look_for_duplicates(Run())  # type: ignore[arg-type]
    assert "None." in client.get(f"/import/{key}/").content.decode()
    assert submit(desk.editor, key).count == 11


# ---- deciding


@pytest.fixture
def batch(desk: Cast, signed_in: Callable[..., Client]) -> Batch:
    """A table of five rows that was handed in."""
    return submit(desk.editor, brought(signed_in(desk.editor), csv_of([row(at) for at in range(5)])))


@pytest.mark.django_db
def test_deciding_row_by_row_and_then_on_the_rest(desk: Cast, batch: Batch, signed_in: Callable[..., Client]) -> None:
    first, second, *rest = batch.rows.order_by("row")
    assert accept(desk.reviewer, first).state == ACCEPTED
    client = signed_in(desk.reviewer)
    assert client.post(f"/proposals/{second.key}/decline/", {"reason": "Not held."}).status_code == 302
    page = client.get(f"/batches/{batch.key}/").content.decode()
    assert "3 open" in page
    assert "1 accepted" in page
    assert client.post(f"/batches/{batch.key}/accept/", {"reason": ""}).status_code == 422
    assert client.post(f"/batches/{batch.key}/accept/", {"reason": "Read."}).status_code == 302
    assert [one.state for one in batch.rows.order_by("row")] == [ACCEPTED, "read_not_accepted", *[ACCEPTED] * len(rest)]
    assert client.post(f"/batches/{batch.key}/accept/", {"reason": "Read."}).status_code == 409


@pytest.mark.django_db
def test_declining_and_taking_back_as_a_whole(desk: Cast, batch: Batch) -> None:
    with pytest.raises(NotPermitted):
        WithdrawBatch(actor=desk.top, key=batch.key).run()
    with pytest.raises(Refused):
        DeclineBatch(actor=desk.reviewer, key=batch.key, reason="").run()
    assert DeclineBatch(actor=desk.reviewer, key=batch.key, reason="Wrong year.").run() == 5
    with pytest.raises(Conflict):
        WithdrawBatch(actor=desk.editor, key=batch.key).run()
    assert {one.why for one in Decision.objects.all()} == {"Wrong year."}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reader", "editor", "release_officer", "administrator", "auditor"])
def test_only_reviewers_decide_on_tables(desk: Cast, batch: Batch, role: str) -> None:
    for action in (AcceptBatch, DeclineBatch):
        with pytest.raises(NotPermitted):
            action(actor=person("other", [role]) if action is AcceptBatch else getattr(desk, role), key=batch.key, reason="Read.").run()
    assert {one.state for one in batch.rows.all()} == {OPEN}


@pytest.mark.django_db
def test_nobody_decides_on_their_own_table(desk: Cast, signed_in: Callable[..., Client]) -> None:
    batch = submit(desk.top, brought(signed_in(desk.top), csv_of([row(at) for at in range(2)])))
    for action in (AcceptBatch, DeclineBatch):
        with pytest.raises(NotPermitted):
            action(actor=desk.top, key=batch.key, reason="Mine.").run()


@pytest.mark.django_db
def test_two_reviewers_accept_a_table_where_its_marking_asks_for_it(desk: Cast, signed_in: Callable[..., Client]) -> None:
    batch = submit(desk.editor, brought(signed_in(desk.editor), csv_of([row(at) for at in range(3)]), **{"b-marking": "kor-only"}))
    AcceptBatch(actor=desk.reviewer, key=batch.key, reason="Read.").run()
    assert {one.state for one in batch.rows.all()} == {OPEN}
    with pytest.raises(NotPermitted):
        AcceptBatch(actor=desk.reviewer, key=batch.key, reason="Read.").run()
    assert AcceptBatch(actor=person("second", ["reviewer"]), key=batch.key, reason="Read too.").run() == 3
    assert seen_by(desk.editor).table("exercise").height == 9
    assert seen_by(desk.low).table("exercise").height == 4


@pytest.mark.django_db
def test_a_table_that_no_longer_fits_is_refused_as_a_whole(desk: Cast, batch: Batch, signed_in: Callable[..., Client]) -> None:
    again = submit(desk.top, brought(signed_in(desk.top), csv_of([row(9), row(0)])), "The same, once more; other things.")
    AcceptBatch(actor=desk.reviewer, key=batch.key, reason="Read.").run()
    with pytest.raises(Refused) as refused:
        AcceptBatch(actor=desk.reviewer, key=again.key, reason="Read.").run()
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(3, "duplicate")]
    assert {one.state for one in again.rows.all()} == {OPEN}


# ---- who sees what


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reader", "reviewer", "release_officer", "administrator", "auditor"])
def test_only_editors_bring_tables(desk: Cast, signed_in: Callable[..., Client], role: str) -> None:
    client = signed_in(getattr(desk, role))
    assert client.get("/import/").status_code == 403
    assert bring(client, csv_of([row(0)])).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_a_table_is_its_bringers_alone(desk: Cast, signed_in: Callable[..., Client]) -> None:
    owner, other = signed_in(desk.editor), signed_in(desk.top)
    key = brought(owner, csv_of([row(0)]))
    assert "drills.csv" not in other.get("/import/").content.decode()
    for path in (f"/import/{key}/", f"/import/{key}/faults.csv"):
        assert other.get(path).status_code == 404
    for path in (f"/import/{key}/", f"/import/{key}/submit/", f"/import/{key}/discard/"):
        assert other.post(path, {"reason": "Mine."}).status_code == 404
    with pytest.raises(NotFound):
        submit(desk.top, key)
    desk.editor.clearance = "restricted"
    desk.editor.save()
    assert signed_in(desk.editor).get(f"/import/{key}/").status_code == 404


@pytest.mark.django_db
def test_a_table_that_was_handed_in_is_seen_with_its_marking(desk: Cast, signed_in: Callable[..., Client]) -> None:
    batch = submit(desk.editor, brought(signed_in(desk.editor), csv_of([row(0)]), **{"b-marking": "kor-only"}))
    assert signed_in(desk.american).get(f"/batches/{batch.key}/").status_code == 404
    assert "drills.csv" not in signed_in(desk.american).get("/proposals/?show=waiting").content.decode()
    assert "drills.csv" in signed_in(desk.reviewer).get("/proposals/").content.decode()
    assert signed_in(desk.reader).get(f"/batches/{batch.key}/").status_code == 403


@pytest.mark.django_db
def test_links_to_what_readers_of_the_marking_may_not_see_are_faults(desk: Cast, signed_in: Callable[..., Client]) -> None:
    header = [*HEADER, "nested_in"]
    client = signed_in(desk.editor)
    for marking, fits in (("public", False), ("kor-only", True)):
        key = brought(client, csv_of([[*row(0, start="2025-03-04"), "quiet-drill"]], header), **{"b-marking": marking})
        found = checked(Import.objects.get(pk=key), desk.editor.reader)
        assert (not found.errors) is fits
        assert fits or [(fault.row, fault.field) for fault in found.errors] == [(2, "nested_in")]


@pytest.mark.django_db
def test_what_is_refused_says_so_on_the_page(desk: Cast, signed_in: Callable[..., Client], settings: Any) -> None:
    client = signed_in(desk.editor)
    assert bring(client, b"%PDF-1.7 nothing").status_code == 422
    assert client.post("/import/bring/", {"kind": "exercise"}).status_code == 422
    assert client.post("/import/bring/", {"kind": "claim", "file": SimpleUploadedFile("a.csv", b"a\n1\n")}).status_code == 404
    settings.UPLOAD_LIMIT = 100
    assert bring(client, csv_of([row(at) for at in range(20)])).status_code == 413
    assert signed_in(desk.editor, enforce_csrf_checks=True).post("/import/bring/", {"kind": "exercise"}).status_code == 403


@pytest.mark.django_db
def test_templates_by_page(desk: Cast, signed_in: Callable[..., Client]) -> None:
    answer = signed_in(desk.editor, lang="ko").get("/import/template/exercises/")
    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"] == 'attachment; filename="exercises.xlsx"'


@pytest.mark.django_db
def test_a_thousand_rows_are_checked_in_seconds(desk: Cast, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.records.importing.checking.want", lambda *given: background.Progress("waiting"))
    began = time.monotonic()
    key = brought(signed_in(desk.editor), csv_of([row(at) for at in range(1000)]))
    found = checked(Import.objects.get(pk=key), desk.editor.reader)
    assert (len(found.numbers), found.errors) == (1000, [])
    assert time.monotonic() - began < 30  # a second or two on a machine of its own
