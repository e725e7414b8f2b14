"""Which records hold these words, English or Korean, in their ids, titles, summaries or other text?

All words must occur. A Latin word is found from the beginning of a word, whatever its case and diacritics (`turkiye` finds Türkiye); a Korean
word anywhere inside a longer one, since particles and compounds are written together. It finds only what this reader may see, for it reads
a snapshot; it knows no synonyms and does not stem. The folded text is made on the first search of a snapshot and kept with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind, codes, kind_of, kinds
from comity.vocab.text import Lang

APART = ("claim", "actor_code")  # cells of other records: what they say is found there
WHERE = ("id", "title", "summary", "text")
UNDECOMPOSED = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
SCHEMA = {"kind": pl.String, "id": pl.String, "title": pl.String, "date": pl.String, "where": pl.String}
TELLING = ("summary", "statement")  # sentences about a record, also where they stand for its title: names come before them
HANGUL = "가-힣"

_indexed: WeakKeyDictionary[Snapshot, pl.DataFrame] = WeakKeyDictionary()


def search(snapshot: Snapshot, words: str, *, lang: Lang | None = None, kinds: Sequence[str] | None = None, limit: int = 50) -> pl.DataFrame:
    """Records in which all the words occur, best first: `kind`, `id`, `title`, `date` (a partial date as text), `where` they were found.

    `where` is the poorest place needed: `id` for the exact id, then `title` (with the id's parts), `summary`, `text` (any other text field).
    Titles come before summaries (an event's title is its summary) and those before other text; within each, newer records first.
    `kinds` (names or plurals) narrows the search; `lang` is the language of the titles (default: Korean when the words are).
    """
    wanted = sorted(set(fold(words).split()))
    if not wanted or limit < 1:
        return pl.DataFrame(schema=SCHEMA)
    within = pl.col("kind").is_in([kind_of(name).name for name in kinds]) if kinds else ~pl.col("kind").is_in(APART)
    exact = unicodedata.normalize("NFC", words.strip())
    found = _hits(_index(snapshot).filter(within), wanted, exact)
    best = found.sort("rank", "day", "order", "id", descending=[False, True, False, False], nulls_last=True).head(limit)
    language: Lang = lang or ("ko" if re.search(f"[{HANGUL}]", words) else "en")
    titles = [snapshot.record(f"{kind}:{record_id}").title(language) for kind, record_id in best.select("kind", "id").iter_rows()]
    return best.with_columns(pl.Series("title", titles, dtype=pl.String), where=pl.lit(pl.Series(WHERE)).gather(pl.col("rank"))).select(list(SCHEMA))


def fold(words: str) -> str:
    """Text as it is compared: no case, no diacritics, no punctuation, Hangul composed, and a space where scripts meet.

    >>> fold("Türkiye, K9자주포")
    'turkiye k9 자주포'
    """
    bare = "".join(one for one in unicodedata.normalize("NFKD", words.lower()) if unicodedata.category(one) != "Mn")
    for old, new in UNDECOMPOSED.items():
        bare = bare.replace(old, new)
    bare = unicodedata.normalize("NFC", bare)
    spaced = re.sub(r"[\W_]+", " ", bare)
    return re.sub(f"([a-z0-9])([{HANGUL}])", r"\1 \2", re.sub(f"([{HANGUL}])([a-z0-9])", r"\1 \2", spaced)).strip()


def _folded(text: pl.Expr) -> pl.Expr:
    """`fold` on a column, between spaces so that every word begins after one."""
    bare = text.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{Mn}", "").str.replace_many(UNDECOMPOSED).str.normalize("NFC")
    spaced = bare.str.replace_all(r"[^\p{L}\p{N}]+", " ")
    parted = spaced.str.replace_all(f"([{HANGUL}])([a-z0-9])", "$1 $2").str.replace_all(f"([a-z0-9])([{HANGUL}])", "$1 $2")
    return (" " + parted.fill_null("") + " ").name.keep()


def _index(snapshot: Snapshot) -> pl.DataFrame:
    """The folded text of every record of the snapshot: `kind`, `id`, `title`, `summary`, `text`, and what they are sorted by."""
    if snapshot not in _indexed:
        raw: dict[str, pl.DataFrame] = {}
        for kind in kinds().values():
            _raw(snapshot, kind, raw)
        _indexed[snapshot] = pl.concat(raw.values()).with_columns(_folded(pl.col("title", "summary", "text")))
    return _indexed[snapshot]


def _raw(snapshot: Snapshot, kind: Kind, made: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The text of one kind as it is written; `made` keeps what was made, since titles of other kinds hang on it."""
    if kind.name not in made:
        named = _title_fields(kind)
        titled = [_spoken(snapshot, field, made) for field in named if not field.name.startswith(TELLING)]
        told = [pl.col(field.name) for field in kind.of_type("text") if field.name.startswith(TELLING)]
        rest = [pl.col(field.name) for field in kind.of_type("text") if field not in named and not field.name.startswith(TELLING)]
        made[kind.name] = snapshot.frame(kind.name).select(
            "id",
            title=_together([pl.col("id"), *titled]),
            summary=_together(told),
            text=_together(rest),
            day=_first([f"{field}_earliest" for field in _date_fields(kind)], pl.Date),
            date=_first(_date_fields(kind), pl.String),
            order=pl.lit(kind.order),
            kind=pl.lit(kind.name),
        )
    return made[kind.name]


def _title_fields(kind: Kind) -> list[Field]:
    """The fields of which a title is made, in both languages."""
    named = [name for title in kind.title if title != "id" for name in (title, re.sub("_en$", "_ko", title))]
    return [kind.field(name) for name in dict.fromkeys(named) if kind.has(name)]


def _date_fields(kind: Kind) -> list[str]:
    """The dates that a record may be placed by, the one of its act or its beginning first."""
    dates = [field.name for field in kind.of_type("date")]
    first = [name for name in (kind.act, kind.span[0] if kind.span else None) if name in dates and name is not None]
    return list(dict.fromkeys([*first, *dates]))


def _spoken(snapshot: Snapshot, field: Field, made: dict[str, pl.DataFrame]) -> pl.Expr:
    """What a title says for a cell: names of actors, labels of codes and titles of linked records, in both languages."""
    if field.type == "actor":
        words = {code: " ".join(names) for code, names in snapshot.actor_names.items()}
    elif field.type == "code":
        words = {value: f"{code.label.en} {code.label.ko}" for value, code in codes(str(field.codes)).items()}
    elif field.type == "link" and field.target in kinds():
        words = dict(_raw(snapshot, kinds()[str(field.target)], made).select("id", "title").iter_rows())
    else:
        return pl.col(field.name).cast(pl.String)
    return pl.col(field.name).replace(words)


def _together(texts: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str(texts, separator=" ", ignore_nulls=True) if texts else pl.lit("")


def _first(names: list[str], kind: type[pl.DataType]) -> pl.Expr:
    return pl.coalesce(names) if names else pl.lit(None, dtype=kind())


def _hits(index: pl.DataFrame, wanted: list[str], exact: str) -> pl.DataFrame:
    """The rows that hold every word, with the place that it took to find them all."""
    places = [pl.col("title"), pl.col("title") + pl.col("summary"), pl.col("title") + pl.col("summary") + pl.col("text")]
    by_place = [pl.all_horizontal(place.str.contains(_needle(word), literal=True) for word in wanted) for place in places]
    is_it = (pl.col("id") == exact) | (pl.col("kind") + ":" + pl.col("id") == exact)
    ranks = [pl.when(hit).then(at) for at, hit in enumerate([is_it, *by_place])]
    found = index.with_columns(rank=pl.coalesce(ranks))
    return found.filter(pl.col("rank").is_not_null())


def _needle(word: str) -> str:
    """Words of an alphabet are found from their first letter, Korean and other East Asian ones anywhere."""
    return word if re.search(r"[ᄀ-ᇿ⺀-鿿가-힣]", word) else f" {word}"
