"""An institution sees and changes its own visits alone: every transaction, with the numbers of another's visit."""

from dataclasses import replace

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.factories import World
from tests.gateway.messages import message_of
from yidi.gateway.json_text import encode, parse
from yidi.gateway.transactions import TABLE
from yidi.settlement.models import Diagnosis, Settlement, Visit, VisitLine


def another(world: World) -> Client:
    """A client of another hospital that knows the numbers of the first one's visit and person."""
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）")
    factories.open_service(provider, "general-outpatient")
    factories.open_service(provider, "chronic-disease", factories.DISEASE)
    institution = factories.connect(provider, paasid="another")
    return Client(replace(world, provider=provider, institution=institution))


def of_visits(world: World) -> list[list[tuple[object, ...]]]:
    """Everything that is kept of the first hospital's visits."""
    mine = {"visit__provider": world.provider}
    return [
        sorted(Visit.objects.filter(provider=world.provider).values_list(), key=str),
        *(
            sorted(model.objects.filter(**mine).values_list(), key=str)
            for model in (Diagnosis, VisitLine, Settlement)
        ),
    ]


def stolen(infno: str, client: Client, mine: Client) -> Json:
    """The message of a transaction in the other's own name, about the visit that is not theirs."""
    client.visit, client.settlement = mine.visit, mine.settlement
    client.provider_number, client.requests = mine.provider_number, mine.requests
    return message_of(infno, client)


def tells(infno: str, body: Json, reply: Json, secrets: tuple[str, str]) -> bool:
    """Whether a reply holds a number of the visit, or grants what was asked about it; an empty list is neither."""
    sent, got = encode(body["input"]), encode(reply["output"])
    asked = any(f'"{number}"' in sent for number in secrets)
    assert not (asked and "[GATEWAY-FIELDS]" in str(reply["err_msg"])), infno
    granted = (
        asked and reply["infcode"] == 0 and (TABLE[infno].writes or any((reply["output"] or {}).values()))
    )
    return granted or any(f'"{number}"' in got for number in secrets)


def test_no_transaction_tells_or_changes_another_institutions_visit(client: Client) -> None:
    client.run(*FLOW[:-1])
    other, before = another(client.world), of_visits(client.world)
    told = []
    for infno in sorted(TABLE):
        body = stolen(infno, other, client)
        response = other.post(body)
        if not response["Content-Type"].startswith("application/json"):
            continue
        if tells(infno, body, parse(response.content.decode()), (client.visit, client.settlement)):
            told.append(infno)
    assert told == []
    assert of_visits(client.world) == before
