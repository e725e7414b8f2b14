"""Pages to take away, made in the background for the reader who asked: the brief, and the dossier of a partner.

They are made from the owner's own snapshot by the same functions as `comity brief` and `comity partner`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Document
from comity.vocab.text import Lang, Text, same
from comity_desk.jobs.measures import compute
from comity_desk.jobs.work import Output, Running, job
from comity_desk.lib import clock
from comity_desk.lib.errors import Refused

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
NEEDED = (  # what the brief reads, the quick parts first
    *("ties", "history", "eras", "activity", "agreements", "every_agreement", "watch", "tempo", "technology", "deployments", "pressure", "opinion"),
    *("opinion_pool", "changes", "without_source", "balance", "network", "effects", "track_record", "forecast", "what_if"),
)
BRIEF = Text("Brief", "보고서")
DOSSIER = Text("Dossier of a partner", "상대국 자료집")


def clean_brief(given: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """Form, language and day, checked."""
    form, lang = str(given.get("form", "pdf")), str(given.get("lang", "en"))
    if form not in MEDIA_TYPES:
        raise Refused(_NO_FORM.format(form=repr(form), all=", ".join(MEDIA_TYPES)))
    if lang not in LANGUAGES:
        raise Refused(_NO_LANGUAGE.format(lang=repr(lang)))
    return {"form": form, "lang": lang, "as_of": day_of(given.get("as_of")).isoformat()}


def clean_dossier(given: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """The same, and a partner whom the reader's snapshot knows."""
    partner = str(given.get("partner", ""))
    if partner not in snapshot.actor_names or partner == snapshot.home:
        raise Refused(_NO_PARTNER.format(code=repr(partner)))
    return clean_brief(given, snapshot) | {"partner": partner}


def day_of(given: Any) -> date:
    """A day as given, or today."""
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given)) if given else clock.today()
    except ValueError as error:
        raise Refused(_NO_DAY.format(day=repr(str(given)))) from error


def title_brief(parameters: dict[str, Any], snapshot: Snapshot) -> Text:
    """Brief as of a day, and in which form."""
    return _BRIEF_TITLE.format(day=parameters["as_of"], form=form_words(parameters))


def title_dossier(parameters: dict[str, Any], snapshot: Snapshot) -> Text:
    """Dossier of whom, as of a day, and in which form."""
    names = snapshot.actor_names[parameters["partner"]]
    return _DOSSIER_TITLE.format(name=Text(names[0], names[1]), day=parameters["as_of"], form=form_words(parameters))


def form_words(parameters: dict[str, Any]) -> Text:
    """The form and language as words."""
    form = same(parameters["form"].upper())
    if form.en == "JSON":
        return form
    language = Text("English", "영문") if parameters["lang"] == "en" else Text("Korean", "국문")
    return Text("{form}, {language}", "{form}, {language}").format(form=form, language=language)


@job("brief", label=BRIEF, permission="export.make", clean=clean_brief, title=title_brief)
def brief(running: Running) -> Output:
    """The brief of the home country."""
    from comity.report.brief import brief as make

    told, snapshot = running.parameters, running.snapshot
    day = date.fromisoformat(told["as_of"])
    compute(running, Context(snapshot, snapshot.home, day), NEEDED, more=2)
    return _rendered(running, lambda: make(snapshot, as_of=day), f"{snapshot.home.lower()}-brief-{told['as_of']}", len(NEEDED))


@job("dossier", label=DOSSIER, permission="export.make", clean=clean_dossier, title=title_dossier)
def dossier(running: Running) -> Output:
    """The dossier of one partner."""
    from comity.report.dossier import dossier as make

    told, snapshot = running.parameters, running.snapshot
    day, partner = date.fromisoformat(told["as_of"]), told["partner"]
    compute(running, Context(snapshot, snapshot.home, day), ("ties", "history"), more=2)
    return _rendered(running, lambda: make(snapshot, partner, as_of=day), f"{snapshot.home.lower()}-{partner.lower()}-dossier-{told['as_of']}", 2)


def _rendered(running: Running, make: Any, name: str, done: int) -> Output:
    form, lang = running.parameters["form"], running.parameters["lang"]
    running.progress(done, done + 2, Text("Putting the page together", "지면 구성 중"))
    with running.interruptible():
        document = make()
    running.progress(done + 1, done + 2, Text("Writing the file", "파일 작성 중"))
    with running.interruptible():
        content = rendered(document, form, lang)
    return Output(f"{name}.json" if form == "json" else f"{name}.{lang}.{form}", MEDIA_TYPES[form], content)


def rendered(document: Document, form: str, lang: Lang) -> bytes:
    """A document as a file of that form."""
    if form == "html":
        from comity.report.html import to_html

        return to_html(document, lang).encode()
    if form == "pdf":
        from comity.report.pdf import to_pdf

        return to_pdf(document, lang)
    if form == "docx":
        from comity.report.docx import to_docx

        return to_docx(document, lang)
    if form == "xlsx":
        from comity.report.xlsx import to_xlsx

        return to_xlsx(document, lang)
    from comity.report.json import to_json

    return to_json(document).encode()


_BRIEF_TITLE = Text("Brief as of {day} ({form})", "{day} 기준 보고서({form})")
_DOSSIER_TITLE = Text("Dossier: {name}, as of {day} ({form})", "상대국 자료집: {name}, {day} 기준({form})")
_NO_FORM = Text("There is no form {form}; there are {all}.", "{form} 형식은 없습니다. 있는 형식: {all}.")
_NO_LANGUAGE = Text("There is no language {lang}; there are en and ko.", "{lang} 언어는 없습니다. 있는 언어: en, ko.")
_NO_PARTNER = Text("There is no partner {code}.", "{code} 상대국이 없습니다.")
_NO_DAY = Text("{day} is no day; write it as 2026-03-01.", "{day}은(는) 날짜가 아닙니다. 2026-03-01처럼 적으십시오.")
