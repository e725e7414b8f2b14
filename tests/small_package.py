"""A small whole package, written by hand, that tests may damage."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from comity.vocab.kinds import kinds

Rows = dict[str, dict[str, dict[str, str]]]

SETTINGS = """name: small
version: "1"
home: KOR
adversaries: [PRK]
title: {en: A small register, ko: 작은 등록부}
"""
COMMON = {"source": "treaty-series", "confidence": "high", "entered_at": "2026-01-10", "marking": "public"}

ROWS: Rows = {
    "actor": {
        "KOR": {
            "actor_type": "state",
            "name_en": "Republic of Korea",
            "short_en": "South Korea",
            "name_ko": "대한민국",
            "short_ko": "한국",
            "iso3": "KOR",
            "iso2": "KR",
            "start": "1948-08-15",
            "end": "..",
        },
        "PRK": {
            "actor_type": "state",
            "name_en": "Democratic People's Republic of Korea",
            "short_en": "North Korea",
            "name_ko": "조선민주주의인민공화국",
            "short_ko": "북한",
            "start": "1948-09-09",
            "end": "..",
        },
        "USA": {
            "actor_type": "state",
            "name_en": "United States of America",
            "short_en": "United States",
            "name_ko": "미합중국",
            "short_ko": "미국",
            "start": "1776-07-04",
            "end": "..",
        },
        "JPN": {"actor_type": "state", "name_en": "Japan", "short_en": "Japan", "name_ko": "일본국", "short_ko": "일본", "end": ".."},
        "SUN": {
            "actor_type": "state",
            "name_en": "Soviet Union",
            "short_en": "Soviet Union",
            "name_ko": "소비에트 연방",
            "short_ko": "소련",
            "start": "1922-12-30",
            "end": "1991-12-26",
        },
        "UN": {
            "actor_type": "organisation",
            "name_en": "United Nations",
            "short_en": "UN",
            "name_ko": "국제연합",
            "short_ko": "유엔",
            "start": "1945-10-24",
            "end": "..",
        },
        "LBN": {
            "actor_type": "state",
            "name_en": "Lebanon",
            "short_en": "Lebanon",
            "name_ko": "레바논",
            "short_ko": "레바논",
            "start": "1943-11-22",
            "end": "..",
        },
        "CFC": {
            "actor_type": "command",
            "name_en": "Combined Forces Command",
            "short_en": "CFC",
            "name_ko": "한미연합군사령부",
            "short_ko": "연합사",
            "start": "1978-11-07",
            "end": "..",
            "parent": "KOR",
        },
    },
    "actor_code": {
        "kor-cow": {"actor": "KOR", "system": "cow", "code": "732", "start": "1949-06-29", "end": ".."},
        "prk-cow": {"actor": "PRK", "system": "cow", "code": "731", "start": "1948-09-09", "end": ".."},
    },
    "membership": {
        "kor-un": {"member": "KOR", "organisation": "UN", "role": "member", "start": "1991-09-17", "end": ".."},
        "prk-un": {"member": "PRK", "organisation": "UN", "role": "member", "start": "1991-09-17", "end": ".."},
    },
    "partner": {
        "usa-ally": {"actor": "USA", "status": "ally", "since": "1953-10-01", "until": ".."},
        "jpn-partner": {"actor": "JPN", "status": "partner", "since": "1965", "until": "2000-01-01", "blocs": "UN"},
        "jpn-closer": {"actor": "JPN", "status": "strategic_partner", "since": "2000-01-01", "until": ".."},
    },
    "agreement": {
        "mutual-defence": {
            "title_en": "Mutual Defence Treaty",
            "title_ko": "상호방위조약",
            "agreement_type": "mutual_defense",
            "parties": "KOR;USA",
            "signed": "1953-10-01",
            "in_force": "1954-11-18",
            "ended": "..",
            "obligations": "defense;consultation",
            "notice": "P1Y",
            "text_public": "true",
        },
        "gsomia": {
            "title_en": "Military information agreement",
            "title_ko": "군사비밀정보보호협정",
            "agreement_type": "information_security",
            "parties": "KOR;JPN",
            "signed": "2016-11-23",
            "in_force": "2016-11-23",
            "ended": "..",
            "term": "P1Y",
            "signed_at": "scm-2016",
        },
        "first-cost": {
            "title_en": "First cost agreement, with a comma",
            "agreement_type": "cost_sharing",
            "parties": "KOR;USA",
            "signed": "1991-01-25",
            "in_force": "1991-02-08",
            "ended": "1993-12-31",
            "under": "mutual-defence",
        },
        "second-cost": {
            "title_en": 'Second "cost" agreement',
            "agreement_type": "cost_sharing",
            "parties": "KOR;USA",
            "signed": "1993-11-23",
            "in_force": "1994-01-01",
            "ended": "1995",
            "replaces": "first-cost",
            "under": "mutual-defence",
            "text_url": "https://example.org/text",
        },
    },
    "agreement_period": {
        "gsomia.1": {"agreement": "gsomia", "status": "in_force", "start": "2016-11-23", "end": "2019-08-22", "by": "KOR;JPN", "what_en": "In force."},
        "gsomia.2": {
            "agreement": "gsomia",
            "status": "conditionally_continued",
            "start": "2019-11-22",
            "end": "2023-03-21",
            "by": "KOR",
            "what_en": "Kept on condition.",
        },
    },
    "exercise_series": {
        "team-spirit": {
            "title_en": "Team Spirit",
            "title_ko": "팀스피릿",
            "participants": "KOR;USA",
            "frequency": "annual",
            "exercise_types": "FTX",
            "first_held": "1976-06",
            "last_held": "1993-03-18",
        },
        "freedom-shield": {
            "title_en": "Freedom Shield",
            "title_ko": "자유의 방패",
            "participants": "KOR;USA",
            "first_held": "2023-03-13",
            "last_held": "..",
            "predecessors": "team-spirit",
        },
    },
    "exercise": {
        "team-spirit-1984": {
            "title_en": "Team Spirit 84",
            "series": "team-spirit",
            "start": "1984-02-01",
            "end": "1984-04",
            "exercise_types": "FTX",
            "participants": "KOR;USA",
            "personnel": "207150",
            "personnel_by_actor": "KOR:147300;USA:59850",
            "status": "conducted",
        },
        "team-spirit-1992": {
            "title_en": "Team Spirit 92",
            "series": "team-spirit",
            "start": "1992",
            "exercise_types": "FTX",
            "participants": "KOR;USA",
            "status": "cancelled",
            "because_of": "event:talks-1991",
        },
        "freedom-shield-2023": {
            "title_en": "Freedom Shield 23",
            "title_ko": "2023년 자유의 방패",
            "series": "freedom-shield",
            "start": "2023-03-13",
            "end": "2023-03-23",
            "exercise_types": "CPX;FTX",
            "participants": "KOR;USA",
            "personnel": "5000",
            "status": "conducted",
        },
        "freedom-shield-2024": {
            "title_en": "Freedom Shield 24",
            "series": "freedom-shield",
            "start": "2024-03-04",
            "end": "2024-03-14",
            "exercise_types": "CPX;FTX",
            "participants": "KOR;USA;UN",
            "status": "conducted",
            "field_events": "48",
            "nested_in": "freedom-shield-2023",
        },
    },
    "dialogue_series": {
        "scm": {
            "title_en": "Security Consultative Meeting",
            "title_ko": "한미안보협의회의",
            "level": "minister",
            "participants": "KOR;USA",
            "frequency": "annual",
            "first_held": "1968-05-27",
            "last_held": "..",
        },
        "mcm": {
            "title_en": "Military Committee Meeting",
            "title_ko": "한미군사위원회의",
            "level": "chief_of_defence",
            "participants": "KOR;USA",
            "first_held": "1978-07-28",
            "last_held": "..",
            "part_of": "scm",
        },
    },
    "dialogue": {
        "scm-2016": {
            "series": "scm",
            "edition": "48",
            "level": "minister",
            "parties": "KOR;USA",
            "start": "2016-10-20",
            "end": "2016-10-21",
            "place_en": "Washington",
            "outcome_en": "A communique\nof two lines.",
        },
        "scm-2017": {"series": "scm", "edition": "49", "level": "minister", "parties": "KOR;USA", "start": "2017-10-28", "host": "KOR"},
        "mcm-2017": {"series": "mcm", "edition": "42", "level": "chief_of_defence", "parties": "KOR;USA", "start": "2017-10-27", "beside": "dialogue:scm-2017"},
    },
    "visit": {"carrier-2017": {"visitor": "USA", "host": "KOR", "visit_type": "port_call", "start": "2017-10-21", "what_en": "A carrier calls at Busan."}},
    "deployment": {
        "dongmyeong": {
            "mission_en": "UNIFIL",
            "unit_en": "Dongmyeong unit",
            "unit_ko": "동명부대",
            "framework": "UN",
            "deployment_type": "pko",
            "countries": "LBN",
            "start": "2007-07-19",
            "end": "..",
            "personnel_peak": "367",
        },
    },
    "mandate": {
        "dongmyeong-2006": {
            "deployment": "dongmyeong",
            "act": "consent",
            "date": "2006-12-22",
            "until": "2007-12-31",
            "ceiling": "400",
            "document_en": "Consent of the National Assembly",
        }
    },
    "strength": {
        "dongmyeong@2008-12": {"deployment": "dongmyeong", "date": "2008-12", "personnel": "359"},
        "dongmyeong@2020-12": {"deployment": "dongmyeong", "date": "2020-12-31", "personnel": "280"},
    },
    "transfer": {
        "usa-kor-f35": {
            "supplier": "USA",
            "recipient": "KOR",
            "item_en": "F-35A",
            "transfer_type": "import",
            "signed": "2014-09",
            "quantity": "40",
            "value_usd_m": "7000.5",
            "status": "delivered",
        }
    },
    "event": {
        "talks-1991": {
            "start": "1991-12-13",
            "source_actors": "KOR",
            "target_actors": "PRK",
            "event_type": "AGREE",
            "subtype": "high_level_talks",
            "event_class": "talks",
            "summary_en": "Basic Agreement signed.",
        },
        "nuclear-2006": {
            "start": "2006-10-09",
            "source_actors": "PRK",
            "target_actors": "KOR;USA",
            "event_type": "ASSAULT",
            "subtype": "nuclear_test",
            "event_class": "nuclear",
            "number": "1",
            "summary_en": "First nuclear test.",
            "summary_ko": "제1차 핵실험",
        },
        "shelling-2010": {
            "start": "2010-11-23",
            "source_actors": "PRK",
            "target_actors": "KOR",
            "event_type": "ASSAULT",
            "subtype": "artillery_fire",
            "event_class": "conventional_clash",
            "fatalities": "4",
            "fatalities_by_actor": "KOR:4",
            "summary_en": "Shelling of Yeonpyeong island.",
        },
        "shelling-2010-retold": {
            "start": "2010-11-23",
            "source_actors": "PRK",
            "target_actors": "KOR",
            "event_type": "ASSAULT",
            "subtype": "artillery_fire",
            "event_class": "conventional_clash",
            "summary_en": "The same, from another list.",
            "count_as": "double",
            "counted_with": "event:shelling-2010",
        },
        "protest-2023": {
            "start": "2023-03-12",
            "source_actors": "PRK",
            "target_actors": "KOR;USA",
            "event_type": "PROTEST",
            "subtype": "statement",
            "event_class": "statements",
            "summary_en": "Pyongyang protests.",
            "answers": "exercise:freedom-shield-2023",
            "source": "unsourced",
            "confidence": "low",
        },
    },
    "poll_question": {"alliance-needed": {"topic": "alliance_support", "wording_en": "Is the alliance needed?", "wording_ko": "한미동맹이 필요합니까?"}},
    "poll_answer": {
        "needed-2022": {
            "question": "alliance-needed",
            "fielded_start": "2022-03-10",
            "fielded_end": "2022-03-12",
            "pollster": "Asan",
            "country": "KOR",
            "n": "1000",
            "margin": "3.1",
            "answer_en": "needed",
            "share_pct": "91.9",
        },
    },
    "office_holder": {"minister-1": {"actor": "KOR", "office": "defence_minister", "person_en": "A. Minister", "start": "2017-07-13", "end": "2018-09-20"}},
    "attache_post": {"kor-in-usa": {"sender": "KOR", "host": "USA", "start": "1951", "end": ".."}},
    "commitment": {
        "reform-2017": {
            "by": "KOR",
            "to": "USA",
            "what_en": "Report on reform",
            "promised": "2017-10-28",
            "promised_at": "dialogue:scm-2017",
            "due": "2018-06",
            "status": "open",
        }
    },
    "objective": {
        "strategy-2018": {"level": "strategy", "title_en": "National security strategy", "year": "2018"},
        "deter-2018": {"level": "objective", "parent": "strategy-2018", "title_en": "Deterrence"},
    },
    "crisis_level": {"watchcon-3": {"system": "WATCHCON", "level": "3", "title_en": "Watch condition 3"}},
    "finding": {
        "audit-1": {"records": "event:shelling-2010;event:shelling-2010-retold", "what_en": "Told twice?", "settlement": "mended", "how_en": "Counted once."}
    },
    "coverage": {"kind-exercise": {"scope": "kind:exercise", "start": "1976", "end": "..", "completeness": "partial", "basis_en": "Two series."}},
    "marking": {
        "public": {"name_en": "Public", "name_ko": "공개", "public": "true"},
        "kor-jpn": {
            "name_en": "Korea and Japan only",
            "public": "false",
            "owner": "KOR",
            "level": "confidential",
            "releasable_to": "JPN",
            "handling": "no_onward",
            "basis": "gsomia",
        },
    },
    "claim": {
        "claim-1": {
            "record_kind": "agreement",
            "record": "mutual-defence",
            "field": "in_force",
            "value": "1954-11-17",
            "status": "competing",
            "source": "newspaper",
        },
        "claim-2": {
            "record_kind": "agreement",
            "record": "mutual-defence",
            "field": "in_force",
            "value": "1954-11-18",
            "status": "adopted",
            "source": "treaty-series",
        },
        "claim-3": {
            "record_kind": "exercise",
            "record": "freedom-shield-2023",
            "field": "personnel",
            "value": "4000",
            "status": "superseded",
            "source": "newspaper",
            "superseded_at": "2026-03-01",
            "reason_en": "Miscounted.",
        },
    },
    "source": {
        "treaty-series": {
            "title": "Treaty series",
            "url": "https://example.org/treaties",
            "published": "1960",
            "retrieved": "2026-01-09",
            "source_type": "treaty_text",
        },
        "newspaper": {"title": 'A newspaper, "late edition"', "source_type": "news"},
        "unsourced": {"title": "No source", "source_type": "other"},
    },
}


class SmallPackage:
    """The package's rows, to change, and the folder, to write them to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: Rows = {kind: {record: {"id": record, **cells} for record, cells in rows.items()} for kind, rows in ROWS.items()}
        for kind, rows in self.rows.items():
            for record, cells in rows.items():
                rows[record] = {key: value for key, value in (COMMON | cells).items() if key in kinds()[kind].columns}

    def edit(self, kind: str, record: str, /, **cells: str) -> SmallPackage:
        """Change cells of a row; a record not there yet is copied from the kind's first."""
        rows = self.rows[kind]
        if record not in rows:
            rows[record] = dict(next(iter(rows.values()))) | {"id": record}
        rows[record] |= cells
        return self

    def write(self) -> Path:
        """Write every file with the package's settings."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "package.yaml").write_text(SETTINGS, encoding="utf-8")
        for kind, rows in self.rows.items():
            (self.path / kinds()[kind].file).write_text(self.text(kind, rows), encoding="utf-8", newline="")
        return self.path

    @staticmethod
    def text(kind: str, rows: dict[str, dict[str, str]]) -> str:
        """The CSV of one kind."""
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, kinds()[kind].columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows.values())
        return out.getvalue()

    def line_of(self, kind: str, record: str) -> int:
        """Line on which a record's row begins in the written file."""
        before = self.path.joinpath(kinds()[kind].file).read_text(encoding="utf-8").partition(f"\n{record},")[0]
        return before.count("\n") + 2


def fingerprint(folder: Path) -> dict[str, str]:
    """Name and hash of every file of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.is_file()}
