"""The configuration: what it takes, and that a refusal does not repeat secrets."""

from pathlib import Path

import pytest

from tests.his import factories
from yidi.his.config import config_of, read_config, toml_text
from yidi.his.errors import BadConfig

PLAIN = {
    "journal": "day.sqlite3",
    "centre": {"url": "http://127.0.0.1:8000/", "timeout_s": 10},
    "institution": {"code": factories.CODE, "name": '示例“一”院\\"', "region": "310000"},
    "signature": {"scheme": "x-tif", "account": "a", "secret": "hush"},
}


def test_written_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "his.toml"
    file.write_text(toml_text(PLAIN), encoding="utf-8")
    config = read_config(file)
    assert config.journal == str(tmp_path / "day.sqlite3")
    assert config.model_copy(update={"journal": "day.sqlite3"}) == config_of(PLAIN)
    assert config.institution.name == PLAIN["institution"]["name"]


@pytest.mark.parametrize(
    "change",
    [{"centre": {"url": "ftp://x"}}, {"centre": {}}, {"institution": {"code": "1"}}, {"signature": {"scheme": "hush"}},
     {"signature": {"secret": "hush", "scheme": "x-tif", "acount": "a"}}, {"recovery": {"attempts": 0}}],
)  # fmt: skip
def test_what_is_wrong_is_named_without_its_value(change: dict) -> None:
    with pytest.raises(BadConfig, match=next(iter(change))) as refused:
        config_of({**PLAIN, **change}, "his.toml")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff", b"a = "])
def test_no_toml(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "his.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadConfig, match=r"his\.toml"):
        read_config(file)
