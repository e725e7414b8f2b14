"""POLECAT (2018 on): political events coded in the PLOVER ontology, one row an event, 40 tab-separated columns with a header.

Weekly text files and yearly zips of monthly ones; both spellings of the columns (`Event ID`, `event_id`) and both encodings (UTF-8, Latin-1)
are read, also with empty columns at the end. Where an actor cell names several states (`USA;KOR`) none is chosen: the state stays null and the
cell is kept as published. The day a story was published is not the day on which a row was added, which the form does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from comity.sources.actor_codes import known, state_names
from comity.sources.cameo import PLOVER_ROOTS
from comity.sources.event_text import EventForm, event_batches, place_checks
from comity.sources.reading import Batch
from comity.sources.sifting import Check, as_day, as_number, day_checks, plain_hyphens
from comity.vocab.text import Text

ADDRESS = "https://doi.org/10.7910/DVN/AJGVIT"
CITATION = (
    "Scarborough, G. I. et al. (2023). POLECAT Weekly Data. Harvard Dataverse. doi:10.7910/DVN/AJGVIT; "
    "Halterman, A., Bagozzi, B., Beger, A., Schrodt, P. & Scarborough, G. (2023). PLOVER and POLECAT. SocArXiv rm5dw"
)
TERMS = Text("Terms of Harvard Dataverse; read them there before passing the data on.", "Harvard Dataverse의 약관. 재배포 전에 원문을 확인하십시오.")
EDITIONS: dict[str, str] = {}
QUAD = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1, "COOPERATE": 2, "AID": 2, "RETREAT": 2, "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
QUAD_WORDS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4, "1": 1, "2": 2, "3": 3, "4": 4}
CONTEXTS = (
    "military intelligence executive legislative election political_institutions pro-democracy pro-autocracy economic legal reparations human_rights "
    "rights_freedoms repression human_security gender lgbt religion_ethnicity inequality diplomatic territory peacekeeping health asylum migration disasters "
    "natural_resources environment technology terrorism cbrn cyber misinformation crime corruption illegal_drugs trafficking"
)
MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release return disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict ban arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict ban censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture execute sexual assassinate destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons crowd-control "
    "cleansing massacre unconventional sideab",
}
COLUMNS = (
    "event_id", "event_date", "event_type", "event_mode", "intensity", "quad_code", "contexts", "actor_name", "actor_country", "primary_actor_sector",
    "recipient_name", "recipient_country", "primary_recipient_sector", "country", "latitude", "longitude",
)  # fmt: skip


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of one weekly file or yearly zip; `code` is the PLOVER type with its mode (`COERCE/arrest`), `goldstein` the intensity.

    Lines of the files in a zip are numbered through, in the archive's order. Raises `DamagedFile` without the form's header.
    """
    yield from event_batches(path, _form(), batch_lines=batch_lines)


def contexts(cell: str | None) -> list[str]:
    """The contexts of a cell such as `military;diplomatic` that the ontology knows, in small letters; others are left out.

    >>> contexts("Military; diplomatic;sport")
    ['military', 'diplomatic']
    """
    known_ones = set(CONTEXTS.split())
    return [word for part in (cell or "").split(";") if (word := part.strip().lower()) in known_ones]


@cache
def _form() -> EventForm:
    kind = plain_hyphens(pl.col("event_type")).str.to_uppercase()
    mode = plain_hyphens(pl.col("event_mode")).str.to_lowercase()
    first = (
        pl.col("event_id_said").alias("event_id"),
        as_day("event_date").alias("day"),
        kind.alias("root"),
        mode.alias("_mode"),
        pl.coalesce("actor_name", "actor_country").alias("actor1_code"),
        pl.coalesce("recipient_name", "recipient_country").alias("actor2_code"),
        pl.col("primary_actor_sector").alias("role1"),
        pl.col("primary_recipient_sector").alias("role2"),
        _only_state("actor_country").alias("actor1"),
        _only_state("recipient_country").alias("actor2"),
        pl.coalesce(_only_state("country"), _named("country")).alias("place"),
        plain_hyphens(pl.col("quad_code")).str.to_lowercase().str.replace_all("[-_ ]+", " ").alias("_quad_words"),
        as_number("intensity", pl.Float32()).alias("goldstein"),
        as_number("latitude", pl.Float32()).alias("lat"),
        as_number("longitude", pl.Float32()).alias("lon"),
    )
    second = (
        pl.col("root").replace_strict(QUAD, default=None, return_dtype=pl.Int8).alias("quad"),
        pl.col("_quad_words").replace_strict(QUAD_WORDS, default=None, return_dtype=pl.Int8).alias("_quad_said"),
        pl.concat_str("root", "_mode", separator="/", ignore_nulls=True).alias("code"),
    )
    modes = [f"{root}/{word}" for root, words in MODES.items() for word in words.split()]
    checks = (
        Check("Event ID", "id", pl.col("event_id").is_null()),
        *day_checks("Event Date", "event_date"),
        Check("Event Type", "unknown-type", ~pl.col("root").is_in(PLOVER_ROOTS)),
        Check("Event Mode", "unknown-code", pl.col("_mode").is_not_null() & ~pl.col("code").is_in(modes)),
        Check("Quad Code", "quad", pl.col("quad_code").is_not_null() & (pl.col("_quad_said") != pl.col("quad"))),
        Check("Intensity", "number", pl.col("goldstein").is_null() & pl.col("intensity").is_not_null()),
        Check("Intensity", "range", pl.col("goldstein").is_not_null() & ~pl.col("goldstein").is_between(-10, 10)),
        *place_checks("latitude", "longitude"),
    )
    return EventForm(COLUMNS, (first, second), checks, members=True)


def _only_state(name: str) -> pl.Expr:
    """The state of a cell of ISO codes if it names one and no other; several different ones are no state."""
    found = pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "").unique())
    one = pl.when(found.list.len() == 1).then(found.list.first())
    return pl.when(one.is_in(sorted(known()))).then(one)


def _named(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().replace_strict(state_names(), default=None, return_dtype=pl.String)
