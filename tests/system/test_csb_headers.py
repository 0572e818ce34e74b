"""Headers with a leading underscore on a real connection: servers drop them, or spell them otherwise (interface §2.5)."""

import pytest

from tests.system.invented import CODE
from tests.system.running import Site
from yidi.his.config import Signature
from yidi.his.errors import Refused
from yidi.his.hospital import Hospital

pytestmark = pytest.mark.system


def test_a_csb_client_over_http(site: Site) -> None:
    """The key comes from the command line; then the scheme is the institution's, and x-tif is no longer taken."""
    added = site.run(
        "yidi", "gateway", "key", "add", "--institution", CODE, "--kind", "csb", "--account", "ak"
    )
    assert added.returncode == 0, added.stderr
    secret = next(line for line in added.stdout.splitlines() if line.startswith("密钥：")).removeprefix(
        "密钥："
    )
    connected = site.run("yidi", "gateway", "connect", CODE, "--scheme", "csb")
    assert "CSB" in connected.stdout, connected.stderr
    with site.serve():
        config = site.config()
        signature = Signature(scheme="_api_", account="ak", secret=secret, service="hsa-fsi")
        given = {"signIn": {"opter_no": "001", "mac": "00", "ip": "127.0.0.1"}}
        other = config.model_copy(update={"signature": signature})
        with Hospital(other, site.journal) as signing, site.hospital() as unlike:
            assert signing.call("9001", given)["signinoutb"]["sign_no"]
            with pytest.raises(Refused, match="GATEWAY-SIGNATURE"):
                unlike.call("9001", given)
