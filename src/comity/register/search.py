"""Which records hold these words, English or Korean, in their ids, titles, summaries or other text?

All words must occur. A Latin word is found from the beginning of a word, whatever its case and diacritics (`turkiye` finds Türkiye); a Korean
word anywhere inside a longer one, since particles and compounds are written together. It finds only what this reader may see, for it reads
a snapshot; it knows no synonyms and does not stem. The folded text is made on the first search and handed on from snapshot to snapshot: after
an edit only the records touched, and those whose titles name them, are folded again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import polars as pl

from comity.register.snapshot import Edited, Snapshot
from comity.vocab.kinds import Field, Kind, codes, kind_of, kinds
from comity.vocab.text import Lang

APART = ("claim", "actor_code")  # cells of other records: what they say is found there
WHERE = ("id", "title", "summary", "text")
UNDECOMPOSED = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
SCHEMA = {"kind": pl.String, "id": pl.String, "title": pl.String, "date": pl.String, "where": pl.String}
TELLING = ("summary", "statement")  # sentences about a record, also where they stand for its title: names come before them
HANGUL = "가-힣"
Made = dict[str, pl.DataFrame]


def search(snapshot: Snapshot, words: str, *, lang: Lang | None = None, kinds: Sequence[str] | None = None, limit: int = 50) -> pl.DataFrame:
    """Records in which all the words occur, best first: `kind`, `id`, `title`, `date` (a partial date as text), `where` they were found.

    `where` is the poorest place needed: `id` for the exact id, then `title` (with the id's parts), `summary`, `text` (any other text field).
    Titles come before summaries (an event's title is its summary) and those before other text; within each, newer records first.
    `kinds` (names or plurals) narrows the search; `lang` is the language of the titles (default: Korean when the words are).
    """
    best = ranked(snapshot, words, kinds=kinds).head(max(limit, 0))
    if best.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    language: Lang = lang or ("ko" if re.search(f"[{HANGUL}]", words) else "en")
    titles = [snapshot.record(f"{kind}:{record_id}").title(language) for kind, record_id in best.select("kind", "id").iter_rows()]
    return best.with_columns(pl.Series("title", titles, dtype=pl.String)).select(list(SCHEMA))


def ranked(snapshot: Snapshot, words: str, *, kinds: Sequence[str] | None = None) -> pl.DataFrame:
    """Every record in which all the words occur, best first and without titles: `kind`, `id`, `date`, `where`."""
    wanted = sorted(set(fold(words).split()))
    exact = unicodedata.normalize("NFC", words.strip())
    within = pl.col("kind").is_in([kind_of(name).name for name in kinds]) if kinds else ~pl.col("kind").is_in(APART)
    found = _hits(_index(snapshot).filter(within), wanted, exact) if wanted else _hits(_index(snapshot).clear(), [" "], exact)
    best = found.sort("rank", "day", "order", "id", descending=[False, True, False, False], nulls_last=True)
    return best.select("kind", "id", "date", where=pl.lit(pl.Series(WHERE)).gather(pl.col("rank")))


def matching(snapshot: Snapshot, words: str, kind: str) -> pl.Series:
    """Ids of the records of one kind in which all the words occur, in any text; every id for no words."""
    index = _index(snapshot).filter(pl.col("kind") == kind_of(kind).name)
    return index.filter(_holds(pl.col("whole"), fold(words).split()))["id"]


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
    """The folded text of every record of the snapshot: `kind`, `id`, `title`, `summary`, `whole` (with all other text), and what they are sorted by."""
    return snapshot.derived(("search",), lambda seen: _indexed(seen, dict.fromkeys(kinds())), _renewed)


def _indexed(snapshot: Snapshot, which: dict[str, None] | Edited) -> pl.DataFrame:
    """Rows of the index for these kinds: all of a kind, or those of the ids named."""
    made: Made = {}
    raw = [_raw(snapshot, kinds()[name], made) if ids is None else _raw_of(snapshot, kinds()[name], ids) for name, ids in which.items()]
    folded = pl.concat(raw).with_columns(_folded(pl.col("title", "summary", "text")))
    return folded.with_columns(whole=pl.col("title") + pl.col("summary") + pl.col("text")).drop("text")


def _renewed(snapshot: Snapshot, former: pl.DataFrame, edited: Edited) -> pl.DataFrame:
    """The index after an edit."""
    touched = _named_by(snapshot, edited)
    if not touched:
        return former
    gone = pl.any_horizontal((pl.col("kind") == name) & pl.col("id").is_in(ids) for name, ids in touched.items())
    return pl.concat([former.filter(~gone), _indexed(snapshot, touched)])


def _named_by(snapshot: Snapshot, edited: Edited) -> Edited:
    """The records edited, and those whose titles name them."""
    touched = {name: set(ids) for name, ids in edited.items()}
    waiting = list(touched)
    while waiting:
        name = waiting.pop()
        for kind in kinds().values():
            named = [field.name for field in _title_fields(kind) if _names(field) == name]
            frame = snapshot.frame(kind.name) if named else None
            if frame is None or frame.is_empty():
                continue
            new = set(frame.filter(pl.any_horizontal(pl.col(named).is_in(list(touched[name]))))["id"]) - touched.get(kind.name, set())
            if new:
                touched.setdefault(kind.name, set()).update(new)
                waiting.append(kind.name)
    return {name: sorted(ids) for name, ids in touched.items()}


def _names(field: Field) -> str | None:
    """The kind whose records a title field names."""
    return "actor" if field.type == "actor" else field.target if field.type == "link" else None


def _raw(snapshot: Snapshot, kind: Kind, made: Made) -> pl.DataFrame:
    """The text of one kind as it is written; `made` keeps what was made, since titles of other kinds hang on it."""
    if kind.name not in made:
        made[kind.name] = _written(snapshot, kind, snapshot.frame(kind.name), made)
    return made[kind.name]


def _raw_of(snapshot: Snapshot, kind: Kind, ids: Sequence[str]) -> pl.DataFrame:
    """The same for some records, and for those that their titles name."""
    frame = snapshot.frame(kind.name).filter(pl.col("id").is_in(ids))
    links = [field for field in _title_fields(kind) if field.type == "link" and field.target in kinds()]
    made = {str(field.target): _raw_of(snapshot, kinds()[str(field.target)], frame[field.name].drop_nulls().unique().to_list()) for field in links}
    return _written(snapshot, kind, frame, made)


def _written(snapshot: Snapshot, kind: Kind, frame: pl.DataFrame, made: Made) -> pl.DataFrame:
    named = _title_fields(kind)
    titled = [_spoken(snapshot, field, made) for field in named if not field.name.startswith(TELLING)]
    told = [pl.col(field.name) for field in kind.of_type("text") if field.name.startswith(TELLING)]
    rest = [pl.col(field.name) for field in kind.of_type("text") if field not in named and not field.name.startswith(TELLING)]
    return frame.select(
        "id",
        title=_together([pl.col("id"), *titled]),
        summary=_together(told),
        text=_together(rest),
        day=_first([f"{field}_earliest" for field in date_fields(kind)], pl.Date),
        date=_first(date_fields(kind), pl.String),
        order=pl.lit(kind.order),
        kind=pl.lit(kind.name),
    )


def _title_fields(kind: Kind) -> list[Field]:
    """The fields of which a title is made, in both languages."""
    named = [name for title in kind.title if title != "id" for name in (title, re.sub("_en$", "_ko", title))]
    return [kind.field(name) for name in dict.fromkeys(named) if kind.has(name)]


def date_fields(kind: Kind) -> list[str]:
    """The dates that a record may be placed by, the one of its act or its beginning first."""
    dates = [field.name for field in kind.of_type("date")]
    first = [name for name in (kind.act, kind.span[0] if kind.span else None) if name in dates and name is not None]
    return list(dict.fromkeys([*first, *dates]))


def _spoken(snapshot: Snapshot, field: Field, made: Made) -> pl.Expr:
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
    is_it = (pl.col("id") == exact) | (pl.col("kind") + ":" + pl.col("id") == exact)
    found = index.filter(is_it | _holds(pl.col("whole"), wanted))  # first of all: few rows are left to look at closely
    places = [is_it, _holds(pl.col("title"), wanted), _holds(pl.col("title") + pl.col("summary"), wanted)]
    return found.with_columns(rank=pl.coalesce([*(pl.when(hit).then(at) for at, hit in enumerate(places)), pl.lit(len(places))]))


def _holds(text: pl.Expr, wanted: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(text.str.contains(_needle(word), literal=True) for word in wanted) if wanted else pl.lit(True)


def _needle(word: str) -> str:
    """Words of an alphabet are found from their first letter, Korean and other East Asian ones anywhere."""
    return word if re.search(r"[ᄀ-ᇿ⺀-鿿가-힣]", word) else f" {word}"
