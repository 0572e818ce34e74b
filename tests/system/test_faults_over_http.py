"""What a client on the other end of a real connection sees of the fault bench, and what it finds when it asks again."""

import http.client

import pytest

from tests.system.invented import CODE
from tests.system.running import Site

pytestmark = pytest.mark.system


def test_what_a_client_sees(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same 9001 three times: no reply, half a reply, and at last the reply of the work that was done once."""
    monkeypatch.setenv("YIDI_FAULT_BENCH", "1")
    for number, kind in enumerate(("drop", "half"), start=1):
        laid = site.run(
            "yidi",
            "gateway",
            "faults",
            "set",
            "--institution",
            CODE,
            "--kind",
            kind,
            "--numbers",
            str(number),
        )
        assert laid.returncode == 0, laid.stderr
    with site.serve():
        hospital = site.hospital()
        body = {"signIn": {"opter_no": "001", "mac": "00:00:00:00:00:00", "ip": "127.0.0.1"}}
        request = hospital.envelope("9001", body)
        # Either nothing comes, or a head without its body: never a reply.
        with pytest.raises(
            (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)
        ) as lost:
            hospital.send(request)
        if isinstance(lost.value, http.client.IncompleteRead):
            assert lost.value.partial == b""
        with pytest.raises(http.client.IncompleteRead) as cut:
            hospital.send(request)
        assert cut.value.partial.startswith(b'{"infcode":0')
        assert cut.value.expected
        hospital.send(request)
    assert [record["reply"].startswith(cut.value.partial.decode()) for record in site.records] == [True]
