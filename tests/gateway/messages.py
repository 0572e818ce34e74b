"""A message of every transaction that is declared, made from its declaration: right in form, and about people there are."""

from typing import Any, get_args

from django.utils import timezone

from tests.gateway.client import Client, Json
from yidi.gateway.fields import Field, fields_of
from yidi.gateway.nodes import Node
from yidi.gateway.transactions import TABLE
from yidi.reference import dictionaries

OF_SETTLED = {"2208", "2601", "5203", "5204"}
"""Transactions about a visit that is settled."""


def message_of(infno: str, client: Client) -> Json:
    """The message of a transaction: by hand where the client knows how, otherwise from the declaration."""
    if hasattr(client, f"_{infno.removesuffix('A')}"):
        return client.message(infno)
    return {**client._envelope(infno), "input": filled(TABLE[infno].request, known(client))}


def known(client: Client) -> Json:
    """What the fields of that name hold, so that a message is about something there is."""
    today = f"{timezone.localdate():%Y-%m-%d}"
    return {
        "psn_no": client.world.person.number, "mdtrt_id": client.visit, "setl_id": client.settlement,
        "ipt_otp_no": client.provider_number, "insutype": "310", "med_type": "14", "mdtrt_cert_type": "02",
        "mdtrt_cert_no": client.world.certificate, "certno": client.world.certificate, "psn_cert_type": "01",
        "dise_codg": "M03900", "opsp_dise_code": "M03900", "fixmedins_code": str(client.world.provider.code),
        "oinfno": "2207", "omsgid": client.requests.get("2207A", {}).get("msgid", "X"), "clr_type": "11",
        "setl_optins": "310000", "stmt_begndate": today, "stmt_enddate": today, "trt_year": today[:4],
        "trt_month": today[5:7], "setlym": today[:4] + today[5:7], "cum_ym": today[:4] + today[5:7], "startrow": "1", "page_num": 1, "page_size": 10,
        "insu_optins": client.world.coverage.pool, "filename": "file.zip", "in": [80, 75, 5, 6] + [0] * 18,
    }  # fmt: skip


def filled(cls: Any, facts: Json) -> Json:
    """A node with every one of its fields filled."""
    return {
        sent: facts[sent] if sent in facts else _value(cls, name, item, facts)
        for name, item in fields_of(cls).items()
        for sent in [name.removesuffix("_")]
    }


def _value(cls: Any, name: str, field: Field, facts: Json) -> Any:
    if field.kind in ("node", "list"):
        inner = _node_of(cls.model_fields[name].annotation)
        node = filled(inner, facts) if inner else {}
        return [node] if field.kind == "list" else node
    now = timezone.localtime()
    plain = {"D": f"{now:%Y-%m-%d}", "DT": f"{now:%Y-%m-%d %H:%M:%S}", "N": 1}
    if field.kind in plain:
        return plain[field.kind]
    if field.dictionary:
        return next(iter(dictionaries.dictionary(field.dictionary)))
    return "1"


def _node_of(annotation: Any) -> Any:
    """The class of the node that an annotation speaks of, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, Node):
        return annotation
    return next((found for part in get_args(annotation) if (found := _node_of(part))), None)


def envelope_of(world: Any) -> Json:
    """What an envelope must say for the message to be looked at: who sends it, where, and for whose home."""
    return {
        "fixmedins_code": str(world.provider.code),
        "mdtrtarea_admvs": "310106",
        "insuplc_admdvs": world.coverage.pool,
    }
