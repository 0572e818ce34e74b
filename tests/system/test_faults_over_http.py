"""What a client on the other end of a real connection sees of the fault bench, and what it finds when it asks again."""

import http.client
import json

import pytest

from tests.system.invented import CODE
from tests.system.running import Site
from yidi.his.config import PATH
from yidi.his.connection import headers_of

pytestmark = pytest.mark.system
MESSAGE = {
    "infno": "9001", "msgid": f"{CODE}202601010800000001", "mdtrtarea_admvs": "310000", "recer_sys_code": "YBXT",
    "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员", "inf_time": "2026-01-01 08:00:00",
    "fixmedins_code": CODE, "fixmedins_name": "系统测试医院（合成）", "input": {"signIn": {"opter_no": "001"}},
}  # fmt: skip


def send(site: Site) -> bytes:
    """The same message on a connection of its own; the whole reply, else what http.client raises."""
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        link.request("POST", PATH, json.dumps(MESSAGE).encode(), headers_of(site.config().signature))
        return link.getresponse().read()
    finally:
        link.close()


def test_what_a_client_sees(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same 9001 three times: no reply, half a reply, and at last the reply of the work that was done once."""
    monkeypatch.setenv("YIDI_FAULT_BENCH", "1")
    for number, kind in (("1", "drop"), ("2", "half")):
        when = ("--institution", CODE, "--kind", kind, "--numbers", number)
        laid = site.run("yidi", "gateway", "faults", "set", *when)
        assert laid.returncode == 0, laid.stderr
    with site.serve():
        # Either nothing comes, or a head without its body: never a reply.
        lost_ways = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)
        with pytest.raises(lost_ways) as lost:
            send(site)
        assert getattr(lost.value, "partial", b"") == b""
        with pytest.raises(http.client.IncompleteRead) as cut:
            send(site)
        whole = send(site)
    assert cut.value.partial.startswith(b'{"infcode":0')
    assert whole.startswith(cut.value.partial)
    assert len(whole) == len(cut.value.partial) + (cut.value.expected or 0)
