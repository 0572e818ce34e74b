"""The steps of a plan: what to do, in which order, where, and with which papers."""

from collections.abc import Iterator

from yidi.guide import texts
from yidi.guide.facts import Facts
from yidi.guide.filings import choices
from yidi.guide.plan import Citation, Materials, PlanStep, Said
from yidi.guide.terms import StepState, Verdict
from yidi.guide.texts import Line, cite, cite_place, speak
from yidi.policy.case_rules import QualificationRule
from yidi.policy.lookup import Parameter
from yidi.policy.rules import Origin
from yidi.values.terms import Benefit, Material, Situation


def steps(facts: Facts, verdict: Verdict) -> tuple[PlanStep, ...]:
    """Every step in the order in which it is taken."""
    return tuple(_steps(facts, verdict))


def _steps(facts: Facts, verdict: Verdict) -> Iterator[PlanStep]:
    if verdict == Verdict.ASK_FIRST:
        yield PlanStep("ask", StepState.TO_DO, _say(facts, texts.ASK), (_say(facts, texts.ASK_HOW),))
    if facts.chronic:
        yield _qualify(facts)
    if facts.situation != Situation.LOCAL:
        yield _file(facts)
    if verdict == Verdict.CLAIM or facts.blocked:
        if facts.ahead:
            yield _pay(facts)
        yield _claim(facts, StepState.TO_DO)
        return
    if facts.situation != Situation.LOCAL:
        yield _choose(facts)
    yield _visit(facts)
    if facts.situation != Situation.LOCAL:
        yield _claim(facts, StepState.FALLBACK)


def _say(facts: Facts, line: Line, *origins: Origin | None) -> Said:
    return speak(facts.book, line, origins, **facts.names)


def _qualify(facts: Facts) -> PlanStep:
    materials, citations = _evidence(facts)
    sentences = [_say(facts, texts.QUALIFY_HOW), _say(facts, texts.QUALIFY_ONCE)]
    rule = facts.qualification
    if rule is not None:
        if rule.listed is None:
            sentences.append(_say(facts, texts.QUALIFY_UNLISTED))
        if rule.fields:
            sentences.append(_fields(facts, rule))
        if rule.years_valid is not None:
            sentences.append(speak(facts.book, texts.QUALIFY_YEARS, (rule.origin,), years=rule.years_valid))
        if rule.valid is None:
            sentences.append(_say(facts, texts.QUALIFY_TERM_UNKNOWN))
        sentences += [speak(facts.book, texts.QUALIFY_NOTE, (rule.origin,), note=note) for note in rule.notes]
    return PlanStep(
        name="qualify",
        state=StepState.TO_DO,
        title=_say(facts, texts.QUALIFY),
        sentences=tuple(sentences),
        materials=materials,
        materials_from=citations,
        channels=rule.channels if rule is not None else (),
    )


def _fields(facts: Facts, rule: QualificationRule) -> Said:
    """What the application asks the person to write."""
    zh, en = (words.join(field.label(language) for field in rule.fields) for words, language in WRITTEN)
    return speak(facts.book, texts.QUALIFY_FIELDS, (rule.origin,), fields=zh, fields_en=en)


WRITTEN = (("、", "zh"), (", ", "en"))
"""How the items of a list are kept apart in each language."""


def _evidence(facts: Facts) -> tuple[Materials, tuple[Citation, ...]]:
    """The papers for a qualification: the pool's list, else the nation's, with the rule that lists them."""
    found = facts.shelf.find(
        Benefit.CHRONIC_DISEASE,
        Parameter.QUALIFICATION,
        lambda rule: rule.qualification.evidence if rule.qualification else None,
    )
    if found is None:
        return (), ()
    return found.value, cite(facts.book, found.origin())


def _file(facts: Facts) -> PlanStep:
    title = _say(facts, texts.FILE)
    if facts.situation == Situation.EMERGENCY:
        return PlanStep("file", StepState.NOT_NEEDED, title, (_say(facts, texts.DEEMED),))
    if not facts.away:
        origin = facts.filing.exempt_within_province
        return PlanStep("file", StepState.NOT_NEEDED, title, (_say(facts, texts.EXEMPT, origin),))
    if facts.situation != Situation.UNFILED:
        return PlanStep("file", StepState.DONE, title, (_say(facts, texts.FILE_DONE),))
    lines = (texts.FILE_HOW, texts.FILE_CITY) if facts.ahead else (texts.FILE_LATE,)
    return PlanStep(
        name="file",
        state=StepState.TO_DO if facts.ahead else StepState.NOT_NEEDED,
        title=title,
        sentences=tuple(_say(facts, line) for line in lines),
        channels=facts.filing.channels,
        choices=choices(facts) if facts.ahead else (),
    )


def _choose(facts: Facts) -> PlanStep:
    lines = [texts.CHOOSE_HOW] + ([texts.CHOOSE_DISEASE] if facts.chronic else [])
    return PlanStep(
        name="choose",
        state=StepState.TO_DO,
        title=_say(facts, texts.CHOOSE),
        sentences=tuple(_say(facts, line) for line in lines),
    )


def _visit(facts: Facts) -> PlanStep:
    tell = texts.VISIT_DISEASE if facts.chronic else texts.VISIT_GENERAL
    away = (tell, texts.VISIT_PAY, texts.PRINCIPLE)
    lines = (texts.VISIT_HOME,) if facts.situation == Situation.LOCAL else away
    return PlanStep(
        name="visit",
        state=StepState.TO_DO,
        title=_say(facts, texts.VISIT if facts.situation != Situation.LOCAL else texts.VISIT_HOME_TITLE),
        sentences=tuple(_say(facts, line) for line in lines),
        materials=texts.COUNTER_MATERIALS,
        materials_from=(cite_place(facts.book, texts.SEED_DIRECT),),
    )


def _pay(facts: Facts) -> PlanStep:
    return PlanStep("pay", StepState.TO_DO, _say(facts, texts.PAY), (_say(facts, texts.PAY_HOW),))


def _claim(facts: Facts, state: StepState) -> PlanStep:
    sentences = [_say(facts, texts.CLAIM_HOW)]
    if facts.situation == Situation.UNFILED and facts.filing.unfiled_settles_directly is False:
        sentences.append(_say(facts, texts.CLAIM_LESS, facts.filing.unfiled_origin))
    return PlanStep(
        name="claim",
        state=state,
        title=_say(facts, texts.CLAIM),
        sentences=tuple(sentences),
        materials=_papers(facts),
        materials_from=cite(facts.book, facts.claim.origin) if facts.claim else (),
    )


def _papers(facts: Facts) -> Materials:
    groups = facts.claim.materials if facts.claim else ()
    return tuple(tuple(Material(name) for name in group) for group in groups)
