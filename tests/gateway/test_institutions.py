"""Connecting and disconnecting an institution."""

import pytest

from tests.gateway import factories
from tests.gateway.client import Client
from tests.gateway.test_refusals import refuse
from yidi.accounts.actors import SYSTEM
from yidi.gateway import institutions
from yidi.gateway.errors import UnknownInstitution

pytestmark = pytest.mark.django_db


def test_connecting_disconnecting_and_connecting_again(client: Client) -> None:
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海第二示例医院（合成）")
    body = client.message("9001", fixmedins_code=provider.code)
    refuse(client, body, "GATEWAY-INSTITUTION")
    institution = institutions.connect(provider, SYSTEM, signed=False)
    assert client.send(body)["infcode"] == 0
    institutions.disconnect(institution, SYSTEM)
    with pytest.raises(UnknownInstitution):
        institutions.find(factories.OTHER_HOSPITAL)
    again = institutions.connect(provider, SYSTEM, paasid="p", secret="s")
    assert again.pk == institution.pk
    found, keys = institutions.find(factories.OTHER_HOSPITAL)
    assert (found.scheme, [key.account for key in keys]) == ("x-tif", ["p"])
