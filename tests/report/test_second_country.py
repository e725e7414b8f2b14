"""A second country is a second data package: a brief from three records of another home country, in every section and both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import comity
from comity.report.brief import brief
from comity.report.dossier import dossier
from comity.report.html import to_html
from comity.report.plain import to_plain
from comity.vocab.text import LANGUAGES

DAY = date(2026, 1, 1)
COMMON = "s,high,2026-01-01,public"
FILES = {
    "package.yaml": "name: aus\nversion: '1'\ntitle: {en: Australia, ko: 호주}\nextends: [world]\nhome: AUS\nuntil: 2026-01-01\n",
    "sources.csv": "id,title,source_type,marking\ns,A source,other,public\n",
    "agreements.csv": f"id,title_en,agreement_type,parties,signed,source,confidence,entered_at,marking\nanzus,ANZUS,mutual_defense,AUS;NZL;USA,1951-09-01,{COMMON}\n",
    "exercise_series.csv": f"id,title_en,title_ko,source,confidence,entered_at,marking\nts,Talisman Sabre,탈리스만 세이버,{COMMON}\n",
    "exercises.csv": f"id,title_en,series,start,exercise_types,participants,status,source,confidence,entered_at,marking\nts-05,Talisman Sabre 2005,ts,2005-06-12,FTX,AUS;USA,conducted,{COMMON}\n",
}


@pytest.fixture
def australia(tmp_path: Path) -> comity.Snapshot:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return comity.load(tmp_path).snapshot()


def test_a_brief_of_three_records_is_whole_and_says_what_it_does_not_know(australia: comity.Snapshot) -> None:
    document = brief(australia, as_of=DAY)
    for lang in LANGUAGES:
        words = to_plain(document, lang)
        assert "Talisman Sabre" in words or "탈리스만" in words
        assert "Korea" not in words.replace("South Korea", "")
        assert to_html(document, lang).startswith("<!doctype html>")
    assert {table["partner"] for table in document.answers["tie_strength"]["rows"]} == {"USA", "NZL"}


def test_a_dossier_of_a_partner_without_records_says_so(australia: comity.Snapshot) -> None:
    assert "Nothing on the record." in to_plain(dossier(australia, "FJI", as_of=DAY), "en")
