"""How is a register cited: an APA-like sentence, a BibTeX entry, and a Citation File Format record.

Authors, address and DOI come from package.yaml (`authors`, `url`, `doi`); without authors the package's contributors stand in. The date is the
package's `until`, the last day on which the record was looked after, so that citing twice gives the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]


def citation_of(settings: Settings, checksum: str) -> tuple[str, str]:
    """The APA-like citation and the BibTeX entry of an edition whose zip file has this SHA-256."""
    name, version, year = str(settings["name"]), str(settings["version"]), _year(settings)
    place = f" {_place(settings)}" if _place(settings) else ""
    apa = f"{_people(settings, '; ')}. ({year}). {_title(settings)} (Version {version}) [Data set]. Comity.{place} SHA-256 {checksum}"
    held = {
        "author": f"{{{_people(settings, ' and ')}}}",
        "title": f"{{{_title(settings)}}}",
        "year": year,
        "version": version,
        "publisher": "Comity",
        "doi": str(settings.get("doi") or ""),
        "url": str(settings.get("url") or ""),
        "note": f"SHA-256 {checksum}",
    }
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in held.items() if value)
    return apa, f"@misc{{comity-{name}-{version},\n{lines}\n}}"


def cff(settings: Settings, snapshot: str) -> str:
    """CITATION.cff (version 1.2.0) of an edition; the identifier is the hash of its snapshot, as a file cannot hold its own checksum."""
    import yaml

    licence = str(settings.get("licence") or "")
    told = {
        "cff-version": "1.2.0",
        "message": "Cite this data set by title, version and checksum.",
        "type": "dataset",
        "title": _title(settings),
        "version": str(settings["version"]),
        "date-released": str(settings["until"]) if settings.get("until") else None,
        "authors": [{"name": author} if isinstance(author, str) else dict(author) for author in _authors(settings)],
        "license": licence if licence and " " not in licence else None,
        "url": settings.get("url"),
        "doi": settings.get("doi"),
        "identifiers": [{"type": "other", "value": f"sha256:{snapshot}", "description": "Hash of the snapshot that the edition holds"}],
    }
    text: str = yaml.safe_dump({name: value for name, value in told.items() if value}, sort_keys=False, allow_unicode=True)
    return text


def _authors(settings: Settings) -> list[Any]:
    return list(settings.get("authors") or ["Comity contributors"])


def _people(settings: Settings, between: str) -> str:
    return between.join(author if isinstance(author, str) else _person(author) for author in _authors(settings))


def _person(author: Mapping[str, Any]) -> str:
    if author.get("name"):
        return str(author["name"])
    return ", ".join(str(author[part]) for part in ("family-names", "given-names") if author.get(part))


def _title(settings: Settings) -> str:
    title = settings["title"]
    return str(title["en"] if isinstance(title, Mapping) else title)


def _year(settings: Settings) -> str:
    return str(settings["until"])[:4] if settings.get("until") else "n.d."


def _place(settings: Settings) -> str:
    return f"https://doi.org/{settings['doi']}" if settings.get("doi") else str(settings.get("url") or "")
