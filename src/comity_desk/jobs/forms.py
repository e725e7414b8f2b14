"""What can be asked for on the page of jobs: one small form for each ready-made kind of work.

The forms only gather words; what may be made is checked by the kind's own `clean`, which the API meets too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text, same
from comity_desk.jobs import documents, exports
from comity_desk.lib import clock
from comity_desk.lib.language import lang, words

Choice = tuple[str, str]
PARTNERS = ("state", "organisation", "bloc")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to choose: a list of choices, or a day."""

    name: str
    label: Text
    value: str
    choices: Sequence[Choice] = ()
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class JobForm:
    """A kind of work and what is asked about it."""

    kind: str
    label: Text
    help: Text
    questions: tuple[Question, ...]


def job_forms(snapshot: Snapshot) -> list[JobForm]:
    """The forms, with the choices that this reader has."""
    page = (_form(), _language(), Question("as_of", Text("As of", "기준일"), clock.today().isoformat()))
    return [
        JobForm("brief", documents.BRIEF, _BRIEF_HELP, page),
        JobForm("dossier", documents.DOSSIER, _DOSSIER_HELP, (Question("partner", Text("Partner", "상대국"), "", partners(snapshot)), *page)),
        JobForm("export", exports.EXPORT, _EXPORT_HELP, (_export_form(), Question("kind", Text("Kind", "종류"), "agreement", kinds_told(), _KIND_HELP))),
    ]


def partners(snapshot: Snapshot) -> list[Choice]:
    """States and organisations of today that the reader's snapshot knows: states first, each by name."""
    rows = snapshot.frame("actor").filter(pl.col("end_latest").fill_null(clock.today()) >= clock.today())
    names = snapshot.actor_names
    at = 1 if lang() == "ko" else 0
    told = [
        (kind != "state", names[code][at], code) for code, kind in rows.select("id", "actor_type").iter_rows() if kind in PARTNERS and code != snapshot.home
    ]
    return [(code, name) for _, name, code in sorted(told)]


def kinds_told() -> list[Choice]:
    """Kinds of records by name."""
    return [(kind.name, words(kind.plural_label)) for kind in kinds().values()]


def _told(choices: dict[str, Text]) -> list[Choice]:
    return [(value, words(label)) for value, label in choices.items()]


def _form() -> Question:
    return Question("form", Text("File", "파일 형식"), "pdf", _told({name: same(name.upper()) for name in documents.MEDIA_TYPES}))


def _language() -> Question:
    return Question("lang", Text("Language", "언어"), lang(), [("en", "English"), ("ko", "한국어")])


def _export_form() -> Question:
    return Question("form", Text("File", "파일 형식"), "package", _told(exports.FORMS))


_BRIEF_HELP = Text("The whole brief; the first one of a new state of the record takes minutes.", "보고서 전체. 기록이 바뀐 뒤 처음 만들 때는 몇 분 걸립니다.")
_DOSSIER_HELP = Text("What to know before meeting one partner.", "한 상대국과의 회담 준비 자료.")
_EXPORT_HELP = Text("The record as you may see it.", "열람 권한 범위의 기록.")
_KIND_HELP = Text("For one kind as CSV.", "한 종류만 CSV로 내보낼 때.")
