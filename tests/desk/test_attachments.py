"""Files beside records: known by their content, refused where they act, handed out only to whoever sees record and marking, and only to be saved."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from proposing import desk as desk
from proposing import person, seen_by
from standing_cast import Cast

from comity_desk.audit.models import Event
from comity_desk.ledger.spill import Scope
from comity_desk.lib.errors import NotFound, NotPermitted, Refused, TooLarge
from comity_desk.records.attachments.actions import AddAttachment, RemoveAttachment, attachments_on, clean_name
from comity_desk.records.attachments.content import kind_of_file
from comity_desk.records.attachments.models import Attachment
from comity_desk.records.spill import destroy_beside

REF = "exercise:freedom-shield-2023"
BESIDE = "/records/exercises/freedom-shield-2023/beside/"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "attachments"


# ---- files of each kind, made here


def pdf(*objects: bytes, end: bytes = b"%%EOF\n") -> bytes:
    """A PDF of these objects, with a table that lists them."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return body + table + b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n" % (len(objects) + 1, len(body)) + end


PAGES = (b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>", b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>")


def packed(inner: bytes) -> bytes:
    """An object stream that holds this dictionary where no search of the bytes finds it."""
    body = b"9 0 " + inner
    squeezed = zlib.compress(body)
    return b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (len(squeezed), squeezed)


def png(width: int = 1, height: int = 1, whole: bool = True) -> bytes:
    """A picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    made = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")
    return made if whole else made[:-20]


def jpeg() -> bytes:
    """A photograph."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "JPEG")
    return out.getvalue()


def archive(**parts: str | bytes) -> bytes:
    """A document or workbook of these parts, whose names have `__` for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("Content_Types", "[Content_Types].xml"), content)
    return out.getvalue()


def docx(**more: str | bytes) -> bytes:
    """A document."""
    return archive(**{"Content_Types": "<Types/>", "word__document.xml": "<document/>", **more})


def xlsx(**more: str | bytes) -> bytes:
    """A workbook."""
    return archive(**{"Content_Types": "<Types/>", "xl__workbook.xml": "<workbook/>", **more})


def link(kind: str, mode: str = 'TargetMode="External"') -> str:
    """A list of what a part is tied to."""
    return f'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="https://example.org/x" {mode}/></Relationships>'


GOOD = {
    "note.pdf": (pdf(*PAGES), "pdf"),
    "map.png": (png(), "png"),
    "photo.JPG": (jpeg(), "jpeg"),
    "photo.jpeg": (jpeg(), "jpeg"),
    "paper.docx": (docx(), "docx"),
    "linked.docx": (docx(word___rels__document="", **{"word___rels__document.xml.rels": link("hyperlink")}), "docx"),
    "table.xlsx": (xlsx(), "xlsx"),
    "rows.csv": ("이름,수\n가,-5\n나,+3.5%\n".encode(), "csv"),
    "korean.csv": ("이름,수\n가,1\n".encode("cp949"), "csv"),
    "words.txt": ("=이것은 글이다\n".encode(), "txt"),
    "wide.txt": ("글".encode("utf-16"), "txt"),
}
BAD = {
    "empty.pdf": (b"", "empty"),
    "program.pdf": (b"MZ\x90\x00" + bytes(60), "unknown-kind"),
    "page.html": (b"<html><script>alert(1)</script></html>", "other-name"),
    "page.svg": (b"<svg onload='alert(1)'/>", "other-name"),
    "note.txt": (pdf(*PAGES), "other-name"),
    "cut.pdf": (pdf(*PAGES, end=b""), "active-content"),
    "script.pdf": (pdf(b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>", *PAGES[1:]), "active-content"),
    "escaped.pdf": (pdf(b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /J#61vaScript /J#53 (x)>>>>", *PAGES[1:]), "active-content"),
    "launch.pdf": (pdf(b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /Launch /F (cmd.exe)>>>>", *PAGES[1:]), "active-content"),
    "packed.pdf": (pdf(*PAGES, packed(b"<</S /JavaScript /JS (x)>>")), "active-content"),
    "unlisted.pdf": (pdf(*PAGES).replace(b"xref", b"8 0 obj\n<</S /JavaScript>>\nendobj\nxref", 1), "active-content"),
    "inside.pdf": (pdf(*PAGES, b"<</Type /Filespec /EF <</F 5 0 R>>>>", b"<</Type /EmbeddedFile /Length 1>>\nstream\nx\nendstream"), "active-content"),
    "locked.pdf": (pdf(*PAGES).replace(b"/Root", b"/Encrypt 3 0 R /Root"), "active-content"),
    "cut.png": (png(whole=False), "damaged"),
    "huge.png": (png(60_000, 60_000), "too-many-points"),
    "macro.docx": (docx(**{"word__vbaProject.bin": b"x"}), "active-content"),
    "macro.xlsx": (xlsx(Content_Types='<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'), "active-content"),
    "old-macro.xlsx": (xlsx(**{"xl__macrosheets__sheet1.xml": "<x/>"}), "active-content"),
    "template.docx": (docx(**{"word___rels__settings.xml.rels": link("attachedTemplate")}), "active-content"),
    "picture.docx": (docx(**{"word___rels__document.xml.rels": link("image")}), "active-content"),
    "object.docx": (docx(**{"word__embeddings__oleObject1.bin": b"x"}), "active-content"),
    "entities.docx": (docx(**{"word__styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "active-content"),
    "field.docx": (
        docx(**{"word__document.xml": '<w:document><w:instrText xml:space="preserve"> DDEAUTO c:\\\\cmd.exe</w:instrText></w:document>'}),
        "active-content",
    ),
    "both.docx": (archive(**{"Content_Types": "<Types/>", "word__document.xml": "", "xl__workbook.xml": ""}), "unknown-kind"),
    "plain.zip": (archive(**{"a.txt": "a"}), "unknown-kind"),
    "above.docx": (docx(**{"..__evil.xml": "<x/>"}), "unknown-kind"),
    "formula.csv": (b"a,b\n=cmd|' /C calc'!A0,1\n", "active-content"),
    "at.csv": (b'a,b\n"@SUM(1)",1\n', "active-content"),
    "bytes.txt": (b"text\x00more", "unknown-kind"),
}


@pytest.mark.parametrize("name", GOOD)
def test_files_are_known_by_their_content(name: str) -> None:
    content, kind = GOOD[name]
    assert kind_of_file(name, content).name == kind


@pytest.mark.parametrize("name", BAD)
def test_what_acts_or_is_something_else_is_refused(name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(Refused) as refused:
        kind_of_file(name, content)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert all(fault.what.ko and fault.mend.ko for fault in refused.value.faults)


def test_an_archive_that_unpacks_to_far_more_is_no_document() -> None:
    with pytest.raises(Refused):
        kind_of_file("bomb.docx", docx(**{f"word__{at}.xml": bytes(150_000_000) for at in range(3)}))


def test_a_document_that_speaks_of_scripts_holds_none() -> None:
    told = docx(**{"word__document.xml": "<w:t>The DDE class of ships; =SUM(1); JavaScript; macroEnabled</w:t>"})
    assert kind_of_file("ships.docx", told).name == "docx"


def test_documents_made_by_libraries_are_taken(tmp_path: Path) -> None:
    import docx as word
    import xlsxwriter

    document = word.Document()
    document.add_paragraph("한미연합연습")
    document.save(str(tmp_path / "a.docx"))
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet().write(0, 0, "가")
    for name in ("a.docx", "a.xlsx"):
        assert kind_of_file(name, (tmp_path / name).read_bytes()).name == name[2:]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\kim\\보고서.pdf", "보고서.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("txt.\u202efdp.exe", "txt.fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 117 + ".pdf"),
    ],
)
def test_names_are_made_plain(given: str, kept: str) -> None:
    assert clean_name(given) == kept


# ---- adding, handing out, removing


def add(actor: Any, ref: str = REF, marking: str = "public", name: str = "note.pdf", content: bytes | None = None) -> Attachment:
    """Put a file beside a record."""
    return AddAttachment(actor=actor, ref=ref, marking=marking, name=name, content=GOOD["note.pdf"][0] if content is None else content).run()


@pytest.mark.django_db
def test_a_file_lies_beside_its_record(desk: Cast, signed_in: Callable[..., Client], settings: Any) -> None:
    kept = add(desk.editor)
    assert (kept.media_type, kept.sha256) == ("application/pdf", hashlib.sha256(GOOD["note.pdf"][0]).hexdigest())
    assert Event.objects.get(action="attachment-added").number == kept.event_id
    stored = Path(settings.MEDIA_ROOT) / kept.file
    assert (stored.read_bytes(), stored.stat().st_mode & 0o077, "note" in kept.file) == (GOOD["note.pdf"][0], 0, False)
    answer = signed_in(desk.reader).get(f"/attachments/{kept.key}/")
    assert answer.content == GOOD["note.pdf"][0]
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''note.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_korean_name_and_signs_in_it_travel_safely(desk: Cast, signed_in: Callable[..., Client]) -> None:
    kept = add(desk.editor, name='보고서 "최종"; a.pdf')
    told = signed_in(desk.editor).get(f"/attachments/{kept.key}/")["Content-Disposition"]
    assert told.startswith("attachment; filename*=UTF-8''%EB%B3%B4")
    assert '"' not in told
    page = signed_in(desk.editor).get(BESIDE).content.decode()
    assert "보고서" in page


@pytest.mark.django_db
def test_a_file_is_seen_with_its_record_and_its_marking(desk: Cast, signed_in: Callable[..., Client]) -> None:
    kept = {
        "public": add(desk.editor),
        "kor-usa": add(desk.editor, marking="kor-usa", name="ally.pdf"),
        "kor-only": add(desk.editor, marking="kor-only", name="home.pdf"),
        "of a hidden record": add(desk.editor, ref="exercise:quiet-drill", name="drill.pdf"),
    }
    for who, there in (("american", {"public", "kor-usa"}), ("stateless", {"public"}), ("editor", set(kept))):
        client = signed_in(getattr(desk, who))
        assert {name for name, one in kept.items() if client.get(f"/attachments/{one.key}/").status_code == 200} == there
        assert {client.get(f"/attachments/{one.key}/").status_code for name, one in kept.items() if name not in there} <= {404}
        page = client.get(BESIDE).content.decode()
        assert ("ally.pdf" in page) is ("kor-usa" in there)
        assert ("home.pdf" in page) is ("kor-only" in there)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reader", "reviewer", "release_officer", "administrator", "auditor"])
def test_only_editors_add_files(desk: Cast, role: str) -> None:
    with pytest.raises(NotPermitted):
        add(getattr(desk, role))
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_goes_only_where_its_editor_sees(desk: Cast, settings: Any) -> None:
    with pytest.raises(NotFound):
        add(desk.american, ref="exercise:quiet-drill")
    with pytest.raises(NotFound):
        add(desk.american, ref="exercise:nowhere")
    for marking in ("kor-only", "nowhere", ""):
        with pytest.raises(Refused):
            add(desk.american, marking=marking)
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(TooLarge):
        add(desk.editor)
    assert list(Path(settings.MEDIA_ROOT).glob("*")) == []


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_leaves_who_when_and_why(desk: Cast, signed_in: Callable[..., Client], settings: Any) -> None:
    kept = add(desk.editor)
    for other in (desk.american, desk.reader):
        with pytest.raises(NotPermitted):
            RemoveAttachment(actor=other, key=kept.key, reason="Away.").run()
    with pytest.raises(Refused):
        RemoveAttachment(actor=desk.editor, key=kept.key, reason="").run()
    RemoveAttachment(actor=desk.reviewer, key=kept.key, reason="Of another exercise.").run()
    kept.refresh_from_db()
    assert (kept.removed_by, kept.removed_why) == (desk.reviewer, "Of another exercise.")
    assert not (Path(settings.MEDIA_ROOT) / kept.file).exists()
    client = signed_in(desk.editor)
    assert client.get(f"/attachments/{kept.key}/").status_code == 404
    assert "Of another exercise." in client.get(BESIDE).content.decode()
    with pytest.raises(NotFound):
        RemoveAttachment(actor=desk.reviewer, key=kept.key, reason="Again.").run()


@pytest.mark.django_db
def test_rows_of_files_stay_as_they_are(desk: Cast) -> None:
    kept = add(desk.editor)
    for change in ({"sha256": "0" * 64}, {"marking": "kor-only"}, {"name": "other.pdf"}, {"file": "elsewhere"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Attachment.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).delete()


@pytest.mark.django_db
def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(desk: Cast, signed_in: Callable[..., Client], settings: Any) -> None:
    kept, client = add(desk.editor), signed_in(desk.editor)
    stored = Path(settings.MEDIA_ROOT) / kept.file
    stored.write_bytes(stored.read_bytes() + b" ")
    answer = client.get(f"/attachments/{kept.key}/")
    assert (answer.status_code, "checksum" in answer.content.decode()) == (500, True)
    stored.unlink()
    assert client.get(f"/attachments/{kept.key}/").status_code == 500


@pytest.mark.django_db
def test_a_spill_takes_the_files_of_the_record(desk: Cast, settings: Any) -> None:
    one, other = add(desk.editor), add(desk.editor, ref="visit:carrier-2017", name="kept.pdf")
    named = add(desk.editor, ref="visit:carrier-2017", name="Nightjar.pdf")
    assert destroy_beside(Scope((REF,), "Nightjar")) == 2
    for gone in (one, named):
        gone.refresh_from_db()
        assert gone.name is None
        assert not (Path(settings.MEDIA_ROOT) / gone.file).exists()
    assert (Path(settings.MEDIA_ROOT) / other.file).exists()
    assert len(attachments_on(seen_by(desk.editor), REF)) == 1


# ---- by page


def upload(client: Client, name: str = "note.pdf", content: bytes | None = None, marking: str = "public") -> Any:
    """Send a file as a browser does; its own word for what the file is counts for nothing."""
    file = SimpleUploadedFile(name, GOOD["note.pdf"][0] if content is None else content, content_type="text/html")
    return client.post(f"{BESIDE}add/", {"file": file, "marking": marking})


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_adding_by_page(desk: Cast, signed_in: Callable[..., Client], lang: str) -> None:
    client = signed_in(desk.editor, lang=lang)
    assert upload(client).status_code == 302
    assert Attachment.objects.get().media_type == "application/pdf"
    refused = upload(client, "script.pdf", BAD["script.pdf"][0])
    assert (refused.status_code, "JavaScript" in refused.content.decode()) == (422, True)
    assert ("첨부 파일" if lang == "ko" else "Files and proposals") in client.get(BESIDE).content.decode()
    nothing = client.post(f"{BESIDE}add/", {"marking": "public"})
    assert nothing.status_code == 422
    for who, status in (("reader", 403), ("reviewer", 403)):
        assert upload(signed_in(getattr(desk, who))).status_code == status


@pytest.mark.django_db
def test_what_is_too_large_is_not_kept(desk: Cast, signed_in: Callable[..., Client], settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1000
    client = signed_in(desk.editor)
    for size in (2_000, 150_000, 400_000):
        assert upload(client, "big.txt", b"a" * size).status_code == 413
    assert not Attachment.objects.exists()
    assert upload(client, "small.txt", b"a" * 900).status_code == 302


@pytest.mark.django_db
def test_a_forged_upload_is_refused(desk: Cast, signed_in: Callable[..., Client]) -> None:
    assert upload(signed_in(desk.editor, enforce_csrf_checks=True)).status_code == 403
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_the_part_beside_a_record_for_each_role(desk: Cast, signed_in: Callable[..., Client]) -> None:
    add(desk.editor)
    told = {
        who: signed_in(getattr(desk, who)).get(BESIDE, headers={"HX-Request": "true"}).content.decode()
        for who in ("reader", "editor", "reviewer", "release_officer")
    }
    assert all("note.pdf" in page and "<html" not in page for page in told.values())
    assert ["Add a file" in told[who] for who in told] == [False, True, False, False]
    assert ["Another marking" in told[who] for who in told] == [False, True, False, True]
    assert ["Withdrawal" in told[who] for who in told] == [False, True, True, False]
    assert ["Remove the file" in told[who] for who in told] == [False, True, True, False]
    assert signed_in(person("nobody", ["administrator"])).get(BESIDE).status_code == 403
