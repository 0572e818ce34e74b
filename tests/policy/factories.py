"""Rule books made of a few lines of YAML."""

from pathlib import Path

from yidi.policy.book import RuleBook, load, read_all
from yidi.policy.errors import PackProblem
from yidi.policy.resolve import benefit_rule, numbers, readings
from yidi.policy.rules import BenefitRule, Question

SOURCES = """\
LAW: {title: 某市医保办法, issued: 2023-12-01}
NEWS: {title: 某报报道}
"""
CONFLICTS = """\
E-99: {zh: 两处写法不同。, en: Two sources differ.}
"""
HEAD = """\
pool: 360100
scheme: employee
benefit: general-outpatient
rules:
"""
RULE = """\
  - id: one
    reading: law
    adopted: true
    in_force: {from: 2024-01-01}
    source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01}
    deductible: {yuan: 300, per: year}
    share: {active: {primary: 65%, tertiary: 55%}, retired: 70%}
    ceiling: {yuan: 2000, per: year, on: fund}
"""


def write(folder: Path, **packs: str) -> Path:
    """A policies folder with the two registers and one file per pack."""
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "conflicts.yaml").write_text(CONFLICTS, encoding="utf-8")
    (folder / "packs").mkdir(exist_ok=True)
    for name, text in packs.items():
        (folder / "packs" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def book_of(folder: Path, **packs: str) -> RuleBook:
    return load(write(folder, **packs))


def faults_of(folder: Path, **packs: str) -> list[PackProblem]:
    faults: list[PackProblem] = []
    read_all(write(folder, **packs), faults)
    return faults


def pack(
    *rules: str, pool: str = "360100", scheme: str = "employee", benefit: str = "general-outpatient"
) -> str:
    """A pack of rules given as flow mappings without their usual head: `id`, dates and source are filled in."""
    lines = [f"pool: {pool}", f"scheme: {scheme}", f"benefit: {benefit}", "rules:"]
    for number, rule in enumerate(rules):
        fields = {
            "id": f"{pool}-{number}",
            "reading": "law",
            "adopted": "true",
            "in_force": "{from: 2024-01-01}",
            "source": '{id: LAW, clause: "1", grade: A, checked: 2026-01-01}',
        }
        own = [line.strip() for line in rule.strip().splitlines()]
        stated = {line.partition(":")[0] for line in own}
        own += [f"{key}: {value}" for key, value in fields.items() if key not in stated]
        lines += [f"  - {own[0]}", *(f"    {line}" for line in own[1:])]
    return "\n".join(lines) + "\n"


def other_rules(book: RuleBook, question: Question, unverified: bool = False) -> dict[str, BenefitRule]:
    """What each reading that is kept beside the adopted ones would say, by reading, where it says anything else."""
    adopted = benefit_rule(book, question, "", unverified)
    found: dict[str, BenefitRule] = {}
    for reading in sorted(readings(book, question.home, question.scheme)):
        rule = benefit_rule(book, question, reading, unverified)
        if numbers(rule) != numbers(adopted):
            found[reading] = rule
    return found
