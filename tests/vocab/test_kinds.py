"""The vocabulary speaks two languages everywhere and can say all that the flat columns it grew from could not."""

from __future__ import annotations

import re

import polars as pl
import pytest

from comity.register.frames import schema
from comity.vocab.errors import UnknownCode, UnknownField, UnknownKind
from comity.vocab.kinds import Field, Kind, code_label, code_lists, code_of, codes, kind_of, kinds

HANGUL = re.compile(r"[가-힣]")
SAME_IN_KOREAN = re.compile(r"[A-Z0-9][A-Za-z0-9 .,/()+-]*")  # acronyms and names of scales: COW, OPCON, PLOVER
FIELDS = [pytest.param(kind, field, id=f"{kind.name}.{field.name}") for kind in kinds().values() for field in kind.fields if not field.common]
COMMON = [field for field in kind_of("agreement").fields if field.common]
CODES = [pytest.param(name, value, id=f"{name}.{value}") for name in code_lists() for value in codes(name)]


def korean(text: str, *, acronym_allowed: bool = False) -> bool:
    return bool(HANGUL.search(text)) or (acronym_allowed and bool(SAME_IN_KOREAN.fullmatch(text)))


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_every_kind_is_named_and_explained_in_both_languages(kind: Kind) -> None:
    assert kind.label.en
    assert kind.plural_label.en
    assert not HANGUL.search(kind.label.en + kind.plural_label.en + kind.help.en)
    assert korean(kind.label.ko)
    assert korean(kind.plural_label.ko)
    assert korean(kind.help.ko)
    assert kind.help.en.endswith(".")
    assert kind.help.ko.endswith(".")


def check_field(field: Field) -> None:
    assert field.label.en
    assert field.help.en
    assert not HANGUL.search(field.label.en + field.help.en)
    assert korean(field.label.ko, acronym_allowed=True)
    assert korean(field.help.ko, acronym_allowed=field.type == "code")
    if field.type in ("code", "codes"):
        assert codes(str(field.codes))
    if field.type in ("link", "links"):
        assert field.target == "any" or field.target in kinds()
    if field.min is not None and field.max is not None:
        assert field.min < field.max


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_every_field_is_named_and_explained_in_both_languages(kind: Kind, field: Field) -> None:
    check_field(field)
    assert kind.field(field.name) is field


@pytest.mark.parametrize("field", COMMON, ids=lambda field: field.name)
def test_every_common_field_is_named_and_explained_in_both_languages(field: Field) -> None:
    check_field(field)


@pytest.mark.parametrize(("name", "value"), CODES)
def test_every_code_is_labelled_in_both_languages(name: str, value: str) -> None:
    label = codes(name)[value].label
    assert label.en
    assert not HANGUL.search(label.en)
    assert korean(label.ko, acronym_allowed=True)
    assert re.fullmatch(r"[A-Za-z0-9_]+", value)


def test_every_controlled_list_is_used() -> None:
    used = {field.codes for kind in kinds().values() for field in kind.fields if field.codes}
    assert used == set(code_lists())


def test_links_say_what_they_are_from_the_other_end() -> None:
    links = [(kind.name, field) for kind in kinds().values() for field in kind.of_type("link", "links")]
    assert links
    for kind_name, field in links:
        assert field.inverse is not None, f"{kind_name}.{field.name}"
        assert field.inverse.en, f"{kind_name}.{field.name}"
        assert korean(field.inverse.ko), f"{kind_name}.{field.name}"


def test_titles_spans_and_acts_name_fields_that_exist() -> None:
    for kind in kinds().values():
        named = [*kind.title, *(kind.span or ()), *([kind.act] if kind.act else [])]
        assert set(named) <= set(kind.columns), kind.name
        assert all(kind.field(name).type == "date" for name in [*(kind.span or ()), *([kind.act] if kind.act else [])])
        assert len(kind.columns) == len(set(kind.columns))


def test_names_orders_and_files_are_unique() -> None:
    words = [word for kind in kinds().values() for word in {kind.name, kind.plural}]
    assert len(words) == len(set(words))
    assert len({kind.order for kind in kinds().values()}) == len(kinds())


def test_a_text_in_english_has_its_korean_beside_it() -> None:
    only_english = {
        f"{kind.name}.{field.name}"
        for kind in kinds().values()
        for field in kind.fields
        if field.name.endswith("_en") and not kind.has(field.name[:-3] + "_ko")
    }
    assert only_english == {"finding.what_en"}  # what an audit found is quoted as it was written


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_typed_frames_have_every_column_and_the_bounds_of_dates(kind: Kind) -> None:
    columns = schema(kind)
    assert set(kind.columns) <= set(columns)
    for field in kind.fields:
        if field.type == "date":
            assert columns[f"{field.name}_earliest"] == columns[f"{field.name}_latest"] == pl.Date()
        elif field.is_list:
            assert columns[field.name] == pl.List(pl.String)


def test_words_outside_the_vocabulary_are_refused_in_both_languages() -> None:
    with pytest.raises(UnknownKind, match="treaty") as kind_error:
        kind_of("treaty")
    with pytest.raises(UnknownField, match="colour") as field_error:
        kind_of("agreement").field("colour")
    with pytest.raises(UnknownCode, match="certain") as code_error:
        code_of("confidence", "certain")
    assert all(HANGUL.search(error.value.in_("ko")) for error in (kind_error, field_error, code_error))
    assert (code_label("confidence", None, "ko"), code_label("confidence", "certain", "ko")) == ("", "certain")


# What the flat columns of the research files could not say (their README) → the fields that say it, with a code where one value does.
SAYABLE = {
    "agreements suspended and revived over time": [
        "agreement_period.status=suspended",
        "agreement_period.status=restored",
        "agreement_period.start",
        "agreement_period.end",
    ],
    "agreements suspended in part": ["agreement_period.status=suspended_in_part"],
    "term": ["agreement.term", "agreement.expires", "agreement.term_text_en"],
    "automatic renewal": ["agreement.renewal=automatic", "agreement.renewal_term"],
    "notice period, from which the next notice day follows": ["agreement.notice", "agreement.notice_text_en"],
    "legal form": ["agreement.legal_form"],
    "parent, amending and replacing instrument": [
        "agreement.under",
        "agreement.amends",
        "agreement.extends",
        "agreement.replaces",
        "agreement.implements",
        "agreement.supplements",
    ],
    "known to exist with secret text": ["agreement.secret_text", "agreement.text_public"],
    "in force as of a day without a signing day": ["agreement.attested"],
    "last day of a dialogue": ["dialogue.end"],
    "format, in person or virtual": ["dialogue.format=in_person", "dialogue.format=virtual"],
    "host of a dialogue": ["dialogue.host"],
    "heads of delegation": ["dialogue.heads"],
    "invited against attended": ["dialogue.invited", "dialogue.parties"],
    "planned against held": ["dialogue.status=planned", "dialogue.status=held"],
    "parent event of a dialogue": ["dialogue.beside"],
    "agreements signed at a dialogue": ["agreement.signed_at", "transfer.signed_at"],
    "communique": ["dialogue.communique"],
    "announced against realised dates and size": ["exercise.start_announced", "exercise.end_announced", "exercise.personnel_announced", "exercise.personnel"],
    "personnel of each side": ["exercise.personnel_by_actor"],
    "number of field events": ["exercise.field_events"],
    "phases and nested exercises": ["exercise.nested_in", "exercise.combined_with"],
    "observers against participants": ["exercise.observers", "exercise.participants"],
    "who asked for a cut or delay and why": ["exercise.requested_by", "exercise.because_of", "exercise.status=postponed", "exercise.status=scaled_down"],
    "strategic assets present": ["exercise.strategic_assets"],
    "condition stages of the transfer of operational control": ["exercise.opcon_stage"],
    "known only from a series statement": ["exercise.count_as=statement", "exercise_series.statement_en"],
    "mandate by consent and extension": ["mandate.act=consent", "mandate.act=extension", "mandate.until"],
    "rotation": ["mandate.act=rotation"],
    "authorised ceiling against strength": ["deployment.personnel_ceiling", "mandate.ceiling", "strength.personnel"],
    "several areas": ["deployment.countries"],
    "casualties": ["deployment.casualties"],
    "host and command framework apart": ["deployment.framework", "deployment.command", "deployment.countries"],
    "troops, police and experts apart": ["strength.troops", "strength.police", "strength.experts"],
    "who counted; staff officers in or out": ["strength.counted_by", "strength.staff_included"],
    "framework against executive contract": ["transfer.contract_stage=framework", "transfer.contract_stage=executive", "transfer.contract_of"],
    "options, exercised or open, as contracts under their framework": ["transfer.contract_of", "transfer.contract_stage=approved", "transfer.quantity"],
    "delivered to date": ["transfer.delivered"],
    "currency and price year": ["transfer.currency", "transfer.price_year"],
    "financing; local production": ["transfer.financing", "transfer.local_production"],
    "approved but not contracted; stalled": ["transfer.status=approved", "transfer.status=stalled"],
    "claimed against assessed type and number": ["event.claimed_subtype", "event.subtype", "event.number", "claim.status=competing"],
    "attribution": ["event.attribution=claimed", "event.attribution=assessed", "event.attribution=alleged", "event.attribution=denied"],
    "last day of an event; time zone": ["event.end", "event.time_zone"],
    "losses by side": ["event.fatalities_by_actor"],
    "link to the exercise or event answered": ["event.answers", "exercise.answers"],
    "accidents, defections, cancelled meetings": ["event.subtype=accident", "event.subtype=defection", "event.subtype=cancelled_meeting"],
    "actors that are not states": ["actor.actor_type=nonstate"],
    "working-level talks": ["event.subtype=working_level_talks"],
    "heads of one service": ["dialogue.level=service_chief"],
    "polls: mode, margin, population, sponsor, original question": [
        "poll_answer.mode",
        "poll_answer.margin",
        "poll_answer.population",
        "poll_answer.sponsor",
        "poll_question.original_wording",
    ],
    "several answers of one question": ["poll_answer.question", "poll_answer.answer_en"],
    "published against computed share": ["poll_answer.basis=published", "poll_answer.basis=computed"],
    "questions on operational control, tactical nuclear weapons, cost sharing": [
        "poll_question.topic=opcon",
        "poll_question.topic=tactical_nuclear",
        "poll_question.topic=cost_sharing",
    ],
    "label history of partners": ["partner.since", "partner.until"],
    "several blocs": ["partner.blocs"],
    "diplomatic against security status": ["partner.status", "partner.security_status"],
    "confidence of a single field": ["claim.field", "claim.confidence"],
    "the source's own date and locator": ["source.published", "claim.locator", "agreement.locator"],
    "competing values": ["claim.status=competing"],
}


@pytest.mark.parametrize("item", SAYABLE)
def test_what_the_columns_could_not_say_can_be_said(item: str) -> None:
    for named in SAYABLE[item]:
        place, _, value = named.partition("=")
        kind_name, _, field_name = place.partition(".")
        field = kind_of(kind_name).field(field_name)
        if value:
            assert value in codes(str(field.codes)), named
