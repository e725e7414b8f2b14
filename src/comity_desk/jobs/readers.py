"""A class of readers written down and read back: what a job is made for."""

from __future__ import annotations

import dataclasses
import json

from comity.register.readers import Reader
from comity_desk.ledger.asking import Within


def written_class(reader: Reader) -> str:
    """A class of readers as text, equal for equal classes."""
    return json.dumps(dataclasses.astuple(reader), ensure_ascii=False, separators=(",", ":"))


def read_class(text: str) -> Reader:
    """The class of readers that `written_class` wrote."""
    name, clearance, *within = json.loads(text)
    return Within(name, clearance, Reader(*within[0])) if within else Reader(name, clearance)
