"""Record kinds as data: what can be said of an agreement, an exercise, an event …

Each kind is one YAML file beside this module, with its fields, types, controlled values, links and labels in English and Korean.
File schemas, checks, frames, reference pages, codebook, forms and API all come from these declarations; nothing about a kind is
written down a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from comity.vocab.errors import UnknownCode, UnknownField, UnknownKind
from comity.vocab.text import Lang, Text

FieldType = Literal["text", "code", "codes", "actor", "actors", "date", "day", "integer", "number", "flag", "link", "links", "url", "duration", "actor_counts"]
LIST_TYPES = frozenset({"codes", "actors", "links"})
VOCABULARY_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Code:
    """One controlled value with its label."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record kind."""

    name: str
    type: FieldType
    label: Text
    help: Text
    required: bool = False
    codes: str | None = None
    target: str | None = None
    inverse: Text | None = None
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    maps: dict[str, str] = field(default_factory=dict, hash=False)
    common: bool = False

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values, separated by `;`."""
        return self.type in LIST_TYPES


@dataclass(frozen=True, slots=True)
class Kind:
    """One record kind: its names, its fields in file order, and which fields title it, date it and bound it in time."""

    name: str
    plural: str
    order: int
    label: Text
    plural_label: Text
    help: Text
    fields: tuple[Field, ...]
    title: tuple[str, str]
    span: tuple[str, str] | None = None
    act: str | None = None
    id_style: Literal["kebab", "actor"] = "kebab"

    @property
    def file(self) -> str:
        """Name of the kind's file in a data package."""
        return f"{self.plural}.csv"

    @property
    def columns(self) -> list[str]:
        """Columns of the file, in order."""
        return ["id", *(f.name for f in self.fields)]

    def field(self, name: str) -> Field:
        """The field of that name, or `UnknownField`."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise UnknownField(
            Text("{kind} has no field {name}; it has {all}.", "{kind}에는 {name} 항목이 없습니다. 있는 항목: {all}.").format(
                kind=self.label, name=repr(name), all=", ".join(self.columns)
            )
        )

    def has(self, name: str) -> bool:
        """Whether the kind has a field of that name."""
        return any(candidate.name == name for candidate in self.fields)

    def of_type(self, *types: FieldType) -> list[Field]:
        """The fields of these types, in file order."""
        return [candidate for candidate in self.fields if candidate.type in types]


@cache
def kinds() -> dict[str, Kind]:
    """Every record kind by name, in reading order."""
    folder = files("comity.vocab") / "kinds"
    common = tuple(_field(raw, common=True) for raw in _yaml("kinds/_common.yaml")["fields"])
    declared = [_kind(_yaml(f"kinds/{entry.name}"), common) for entry in folder.iterdir() if entry.name.endswith(".yaml") and not entry.name.startswith("_")]
    return {kind.name: kind for kind in sorted(declared, key=lambda kind: kind.order)}


def kind_of(word: str) -> Kind:
    """The kind of that name or plural (`agreement`, `agreements`), or `UnknownKind`.

    >>> kind_of("agreements").name
    'agreement'
    """
    for kind in kinds().values():
        if word in (kind.name, kind.plural):
            return kind
    raise UnknownKind(
        Text("There is no record kind {word}; there are {all}.", "{word}라는 기록 종류는 없습니다. 있는 종류: {all}.").format(
            word=repr(word), all=", ".join(kinds())
        )
    )


@cache
def codes(name: str) -> dict[str, Code]:
    """The controlled list of that name, by value, in its own order.

    >>> codes("event_class")["grey_zone"].label.ko
    '회색지대 도발'
    """
    return {raw["value"]: Code(raw["value"], Text(raw["en"], raw["ko"])) for raw in _yaml("codes.yaml")[name]}


def code_label(name: str, value: str | None, lang: Lang) -> str:
    """Label of a controlled value; the value itself when the list does not have it, empty when unknown."""
    if value is None:
        return ""
    code = codes(name).get(value)
    return code.label.in_(lang) if code else value


def code_of(name: str, value: str) -> Code:
    """The controlled value, or `UnknownCode`."""
    try:
        return codes(name)[value]
    except KeyError:
        raise UnknownCode(
            Text("{value} is not in the list {name}: {all}.", "{value}은(는) {name} 목록에 없습니다: {all}.").format(
                value=repr(value), name=name, all=", ".join(codes(name))
            )
        ) from None


def code_lists() -> list[str]:
    """Names of all controlled lists."""
    return list(_yaml("codes.yaml"))


def _kind(raw: dict[str, Any], common: tuple[Field, ...]) -> Kind:
    own = tuple(_field(entry) for entry in raw["fields"])
    span, title = raw.get("span"), raw["title"]
    return Kind(
        name=raw["kind"],
        plural=raw["plural"],
        order=raw["order"],
        label=Text(raw["en"], raw["ko"]),
        plural_label=Text(raw["plural_en"], raw["plural_ko"]),
        help=Text(raw["help_en"], raw["help_ko"]),
        fields=own + (common if raw.get("common", True) else ()),
        title=(title[0], title[1]),
        span=(span[0], span[1]) if span else None,
        act=raw.get("act"),
        id_style=raw.get("id_style", "kebab"),
    )


def _field(raw: dict[str, Any], *, common: bool = False) -> Field:
    inverse = Text(raw["inverse_en"], raw["inverse_ko"]) if "inverse_en" in raw else None
    plain = {key: raw[key] for key in ("name", "type", "required", "codes", "target", "unit", "min", "max", "maps") if key in raw}
    return Field(label=Text(raw["en"], raw["ko"]), help=Text(raw["help_en"], raw["help_ko"]), inverse=inverse, common=common, **plain)


@cache
def _yaml(path: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resource = files("comity.vocab") / path
    loaded: dict[str, Any] = yaml.load(resource.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, the C one where there is one
    return loaded
