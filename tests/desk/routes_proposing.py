"""What is asked where changes of the record are proposed, reviewed, attached and brought in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from proposing import NEW
from routes import Asked, Case, Visible, get

from comity.vocab.kinds import kinds

BASIS = {"b-source": "newspaper", "b-confidence": "medium", "b-marking": "public", "b-reason_en": "Announced.", "do": "submit"}
TABLE = "title_en,title_ko,series,start,participants,status,exercise_types\nTable Drill,표 훈련,freedom-shield,2025-06,KOR;USA,planned,CPX\n"


def typed(cells: dict[str, str], **more: Any) -> dict[str, Any]:
    """A form filled in."""
    listed = {f"c-{name}": value.split(";") if name in ("participants", "exercise_types") else value for name, value in cells.items()}
    return {**listed, **BASIS, **more}


def of_records(act: str, field: str = "") -> Case:
    """A page of visible records, and of hidden ones."""

    def asked(visible: Visible) -> list[Asked]:
        refs = [*visible.refs(1), *visible.hidden()]
        return [Asked("GET", f"/records/{kinds()[kind].plural}/{quote(one, safe='')}/{act}/{field}") for kind, one in refs]

    return asked


def new(visible: Visible) -> list[Asked]:
    """An empty form of every kind; a new record that hidden ones resemble, checked and submitted; one with faults."""
    paths = [Asked("GET", f"/records/{kind.plural}/new/") for kind in kinds().values()]
    like = [
        visible.whole.tables["exercise"].filter(visible.whole.tables["exercise"]["id"] == one).row(0, named=True)
        for kind, one in visible.hidden()
        if kind == "exercise" and one != "nowhere"
    ]
    cells = [NEW, *({**NEW, "title_en": row["title_en"], "start": row["start"]} for row in like[:2]), {**NEW, "start": "soon"}]
    return [*paths, *(Asked("POST", "/records/exercises/new/", typed(one, do=do), then=("/proposals/",)) for one in cells for do in ("check", "submit"))]


def edit(visible: Visible) -> list[Asked]:
    """A change of a visible record on which hidden claims may stand, and of hidden ones."""
    found = of_records("edit")(visible)
    refs = [one for kind, one in [*visible.refs(2), *visible.hidden()] if kind == "exercise"]
    return found + [
        Asked(
            "POST",
            f"/records/exercises/{quote(one, safe='')}/edit/",
            typed({"title_en": "Renamed"}),
            then=("/proposals/", f"/records/exercises/{quote(one, safe='')}/"),
        )
        for one in refs
    ]


def picked(visible: Visible) -> list[Asked]:
    """What the pickers offer."""
    words = ("dri", "Zur", "KOR", "한", "nowhere", *(one for _, one in visible.hidden()[:4]))
    return [
        Asked("GET", f"/pick/{target}/?q={quote(word)}")
        for target in ("actor", "source", "exercise_series", "exercise", "agreement", "nowhere")
        for word in words
    ]


class SentAgain(SimpleUploadedFile):
    """A file that is sent in both worlds."""

    def read(self, *args: int) -> bytes:
        """All of it, from the beginning."""
        self.seek(0)
        return bytes(super().read(*args))


def brought(visible: Visible) -> list[Asked]:
    """A table brought in."""
    sent = {"kind": "exercise", "file": SentAgain("table.csv", TABLE.encode())}
    return [Asked("POST", "/import/bring/", sent, then=("/import/",))]


def posted(path: str, then: str) -> Case:
    """An act on what is not there."""
    return lambda visible: [Asked("POST", path, {"reason": "x"}, then=(then,))]


PROPOSING: dict[str, Case] = {
    "records/<slug:plural>/new/": new,
    "records/<slug:plural>/<str:id>/edit/": edit,
    "records/<slug:plural>/<str:id>/marking/": of_records("marking"),
    "records/<slug:plural>/<str:id>/claim/": of_records("claim"),
    "records/<slug:plural>/<str:id>/claim/<slug:field>/": of_records("claim", "title_en/"),
    "records/<slug:plural>/<str:id>/judge/<slug:field>/": of_records("judge", "title_en/"),
    "records/<slug:plural>/<str:id>/withdraw/": of_records("withdraw"),
    "records/<slug:plural>/<str:id>/beside/": of_records("beside"),
    "records/<slug:plural>/<str:id>/beside/add/": of_records("beside/add"),
    "attachments/<slug:key>/": get("/attachments/nothing/"),
    "attachments/<slug:key>/remove/": posted("/attachments/nothing/remove/", "/records/"),
    "drafts/<slug:key>/": lambda visible: [
        Asked("POST", "/drafts/abcdefghjkmn/", typed(NEW, task="add", plural="exercises"), then=("/proposals/?show=mine", "/records/exercises/new/"))
    ],
    "drafts/<slug:key>/discard/": posted("/drafts/abcdefgh/discard/", "/proposals/"),
    "pick/<slug:target>/": picked,
    "read/<slug:plural>/<slug:field>/": get("/read/exercises/start/?c-start=2025-03", "/read/exercises/start/?c-start=soon", "/read/nowhere/start/"),
    "import/": get("/import/"),
    "import/bring/": brought,
    "import/template/<slug:plural>/": lambda visible: [Asked("GET", f"/import/template/{kind.plural}/") for kind in kinds().values() if kind.name != "claim"],
    "import/<slug:key>/": get("/import/nothing/"),
    "import/<slug:key>/faults.csv": get("/import/nothing/faults.csv"),
    "import/<slug:key>/submit/": posted("/import/nothing/submit/", "/import/"),
    "import/<slug:key>/discard/": posted("/import/nothing/discard/", "/import/"),
    "batches/<slug:key>/": get("/batches/nothing/"),
    "batches/<slug:key>/accept/": posted("/batches/nothing/accept/", "/proposals/"),
    "batches/<slug:key>/decline/": posted("/batches/nothing/decline/", "/proposals/"),
    "batches/<slug:key>/withdraw/": posted("/batches/nothing/withdraw/", "/proposals/"),
    "proposals/": get("/proposals/", "/proposals/?show=mine", "/proposals/?show=decided"),
    "proposals/<slug:key>/": get("/proposals/nothing/"),
    "proposals/<slug:key>/accept/": posted("/proposals/nothing/accept/", "/proposals/"),
    "proposals/<slug:key>/decline/": posted("/proposals/nothing/decline/", "/proposals/"),
    "proposals/<slug:key>/withdraw/": posted("/proposals/nothing/withdraw/", "/proposals/"),
}
