"""Two worlds that one reader cannot tell apart: the same visible register, and hidden parts that differ at random.

Hidden parts are whole records, competing, adopted-within and withdrawing claims on visible records, markings and sources, all under markings
that the reader may not see. Every hidden word holds `MARK`, so that a page that shows one is found by looking for it.
"""

from __future__ import annotations

import random
from typing import Any

import polars as pl

from comity.register.package import FILE, LINE
from comity.register.readers import Reader
from comity.register.register import Register
from comity.vocab.kinds import kinds

MARK = "Zurückhaltung"
LEFT_OUT = frozenset({"claim", "marking", "actor", "actor_code", "membership"})


def with_hidden(register: Register, reader: Reader, seed: int, *, records: int = 14, claims: int = 24) -> Register:
    """The register with random hidden parts for this reader; none that the reader may see is touched."""
    chance = random.Random(seed)
    visible = set(reader.visible(register.tables["marking"]))
    hidden = [one for one in register.tables["marking"]["id"] if one not in visible]
    bare = without_hidden(register, visible)
    if not hidden:
        return bare
    rows: dict[str, list[dict[str, Any]]] = {}
    for _ in range(chance.randint(records // 2, records)):
        kind = chance.choice([name for name in kinds() if name not in LEFT_OUT and bare.tables[name].height and "marking" in kinds()[name].columns])
        rows.setdefault(kind, []).append(_hidden_row(bare, kind, chance.choice(hidden), chance))
    for _ in range(chance.randint(claims // 2, claims)):
        rows.setdefault("claim", []).append(_hidden_claim(bare, chance.choice(hidden), chance))
    frames = {kind: pl.DataFrame(own, schema=dict.fromkeys(kinds()[kind].columns, pl.String)) for kind, own in rows.items()}
    return bare.with_rows(frames)


def without_hidden(register: Register, visible: set[str]) -> Register:
    """The register without the rows under other markings (the markings themselves are policy and stay)."""
    from dataclasses import replace

    kept = {
        name: table if name == "marking" or "marking" not in table.columns else table.filter(pl.col("marking").is_in(list(visible)))
        for name, table in register.tables.items()
    }
    return replace(register, tables=kept)


def _hidden_row(register: Register, kind: str, marking: str, chance: random.Random) -> dict[str, Any]:
    """A row like a visible one, under a hidden marking, with other words, other days and other links."""
    table = register.tables[kind].drop(LINE, FILE)
    row = dict(table.row(chance.randrange(table.height), named=True))
    row["id"] = f"{row['id']}-{chance.getrandbits(30):x}"
    row["marking"] = marking
    for field in kinds()[kind].fields:
        if field.type == "text" and row[field.name] and field.name != "marking":
            row[field.name] = f"{MARK} {chance.getrandbits(20):x}"
        elif field.type in ("date", "day") and row[field.name] and chance.random() < 0.6 and field.name != "entered_at":
            row[field.name] = f"{chance.randint(1990, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        elif field.type in ("integer", "number") and row[field.name]:
            row[field.name] = str(chance.randint(2, 90))
    row["entered_at"] = f"2026-{chance.randint(1, 11):02d}-{chance.randint(1, 24):02d}" if "entered_at" in row else None
    return {name: row.get(name) for name in kinds()[kind].columns}


def _hidden_claim(register: Register, marking: str, chance: random.Random) -> dict[str, Any]:
    """A claim under a hidden marking on a visible record."""
    kind = chance.choice([name for name in kinds() if name not in LEFT_OUT and register.tables[name].height])
    record = chance.choice(register.tables[kind]["id"].to_list())
    field = chance.choice([one for one in kinds()[kind].fields if one.type in ("text", "date", "integer") and not one.common] or list(kinds()[kind].fields))
    values = {"text": f"{MARK} {chance.getrandbits(20):x}", "date": f"{chance.randint(1990, 2026)}", "integer": str(chance.randint(2, 500))}
    status = chance.choice(["competing", "competing", "adopted_within", "superseded", "withdrawn"])
    told = dict.fromkeys(kinds()["claim"].columns)
    return told | {
        "id": f"{kind}.{record}.{field.name}.{chance.getrandbits(30):x}",
        "record_kind": kind,
        "record": record,
        "field": "*" if status == "withdrawn" else field.name,
        "value": None if status == "withdrawn" else values.get(field.type),
        "status": status,
        "source": register.tables["source"]["id"][0],
        "confidence": "high",
        "marking": marking,
        "entered_at": f"2026-{chance.randint(1, 11):02d}-{chance.randint(1, 24):02d}",
        "superseded_at": "2026-11-20" if status == "superseded" else None,
        "reason_en": f"{MARK} reason",
        "reason_ko": f"{MARK} 이유",
    }
