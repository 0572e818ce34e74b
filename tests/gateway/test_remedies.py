"""The interface adds to a room's refusal which transaction helps; the rooms themselves know none."""

import re
from pathlib import Path

import pytest

import yidi
from yidi.gateway.fields import fields_of
from yidi.gateway.remedies import REMEDIES, said
from yidi.gateway.transactions import TABLE, TRANSACTIONS
from yidi.people.errors import WrongHome
from yidi.settlement.errors import AlreadyCancelled, LinesPresent
from yidi.values.errors import Refusal

ROOMS = (
    "audit",
    "accounts",
    "people",
    "ledger",
    "qualification",
    "filing",
    "settlement",
    "claims",
    "clearing",
)


def refusals(of: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [found for kind in of.__subclasses__() for found in (kind, *refusals(kind))]


def test_every_remedy_is_a_transaction_against_a_refusal() -> None:
    assert set(REMEDIES) <= {getattr(kind, "code", "") for kind in refusals()}
    assert set(REMEDIES.values()) <= set(TABLE)


def test_the_transaction_follows_the_sentence() -> None:
    refusal = LinesPresent(visit="000000000001")
    assert said(refusal) == f"[SETL-LINES-PRESENT] {refusal.message}〔交易 2205〕"
    assert "2205" not in refusal.message
    assert said(WrongHome(given="310000", actual="360100")).endswith("〔交易 1101〕")


def test_where_nothing_helps_nothing_is_added() -> None:
    refusal = AlreadyCancelled(settlement="1", cancellation="2")
    assert said(refusal) == str(refusal)


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_use_no_word_of_the_interface(room: str) -> None:
    nodes = [item.request for item in TRANSACTIONS]
    fields = {
        name
        for node in nodes
        for inner in node.__annotations__.values()
        for name in _names(inner)
        if "_" in name
    }
    words = "|".join(sorted({*fields, "begntime", "insuplc_admdvs", "invono", "mdtrtarea_admvs", *TABLE}))
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (Path(yidi.__file__).parent / room).rglob("*.py")
        if "migrations" not in path.parts
    )
    assert re.findall(rf"(?<![\w-])(?:{words})(?![\w-])", text) == []


def _names(declared: object) -> list[str]:
    inner = getattr(declared, "__origin__", declared)
    inner = getattr(inner, "__args__", (inner,))[0]
    return list(fields_of(inner)) if isinstance(inner, type) else []
