"""The demo's script, read from story.yaml."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yidi.benefit.split import FeeLine
from yidi.policy import yaml_lines
from yidi.reference import diseases
from yidi.values.money import line_amount, parse_price, parse_quantity, parse_yuan, yuan_text

STORY = Path(__file__).with_name("story.yaml")


@dataclass(frozen=True, slots=True)
class ScriptedVisit:
    """One visit of the script. `expect` holds amounts in fen, worked out by hand."""

    id: str
    title: str
    who: str
    med_type: str
    diagnosis: str
    diagnosis_name: str
    lines: tuple[FeeLine, ...]
    disease: str = ""
    cancel: bool = False
    refused: str = ""
    expect: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    provider: dict[str, str]
    people: dict[str, dict[str, Any]]
    visits: tuple[ScriptedVisit, ...]
    claim: dict[str, Any]

    def visit(self, name: str) -> ScriptedVisit:
        """The visit of that id."""
        return next(visit for visit in self.visits if visit.id == name)


def read_script(path: Path = STORY) -> Script:
    """The script with amounts in fen."""
    data = yaml_lines.read(path).data
    people = {
        name: {**person, "account": parse_yuan(person["account"])} for name, person in data["people"].items()
    }
    bills = {visit["id"]: visit["lines"] for visit in data["visits"] if "lines" in visit}
    visits = tuple(_visit(visit, bills) for visit in data["visits"])
    claim = {**data["claim"], "expect": _fen(data["claim"]["expect"])}
    return Script(data["provider"], people, visits, claim)


def _visit(data: dict[str, Any], bills: dict[str, list[dict[str, Any]]]) -> ScriptedVisit:
    """One visit; `lines_of` names another visit with the same bill."""
    bill = bills[data.get("lines_of", data["id"])]
    lines = tuple(_line(serial, line) for serial, line in enumerate(bill, start=1))
    plain = {name: value for name, value in data.items() if name not in ("lines", "lines_of", "expect")}
    return ScriptedVisit(**plain, lines=lines, expect=_fen(data.get("expect", {})))


def _line(serial: int, line: dict[str, Any]) -> FeeLine:
    quantity, price = parse_quantity(line["quantity"]), parse_price(line["price"])
    return FeeLine(str(serial), line["code"], line["name"], quantity, price, line_amount(quantity, price))


def _fen(amounts: dict[str, Any]) -> dict[str, int]:
    return {name: parse_yuan(amount) for name, amount in amounts.items()}


def for_hospital(script: Script, url: str, secret: str) -> dict[str, Any]:
    """The configuration of the hospital's system."""
    provider = script.provider
    return {
        "journal": "his.sqlite3",
        "centre": {"url": url},
        "institution": {name: provider[name] for name in ("code", "name", "region")},
        "signature": {"scheme": "x-tif", "account": provider["paasid"], "secret": secret},
    }


def as_ordered(script: Script, visit: ScriptedVisit) -> dict[str, Any]:
    """One visit as the hospital's process reads it: plain JSON, amounts as text in yuan."""
    return _plain(visit, script.people[visit.who]["identity"])


def _plain(visit: ScriptedVisit, certno: str) -> dict[str, Any]:
    return {
        "id": visit.id,
        "certno": certno,
        "med_type": visit.med_type,
        "disease": visit.disease,
        "disease_name": diseases.disease(visit.disease).name if visit.disease else "",
        "diagnosis": visit.diagnosis,
        "diagnosis_name": visit.diagnosis_name,
        "cancel": visit.cancel,
        "invoice": f"{visit.id}-{len(visit.lines)}",
        "lines": [
            {
                "serial": line.serial,
                "code": line.code,
                "quantity": line.quantity // 10_000,
                "price": yuan_text(line.price_micro // 10_000),
                "amount": yuan_text(line.amount),
            }
            for line in visit.lines
        ],
    }
