"""What the room needs, it asks for by name; and it is light as long as nothing is asked of it."""

import subprocess
import sys

import pytest

from yidi.simulation import BATCH, SPARK, need_batch, need_spark
from yidi.simulation.errors import PackageMissing

HEAVY = (*BATCH, *SPARK, "pandas")


@pytest.mark.parametrize(
    "modules", ["yidi.simulation", "yidi.simulation.parameters", "yidi.cli.simulate, yidi.cli.generate"]
)
def test_importing_loads_nothing_heavy(modules: str) -> None:
    code = f"import {modules}, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", BATCH)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PackageMissing, match=r"pip install 'yidi\[batch\]'") as refused:
        need_batch()
    assert package in refused.value.message
    assert "pip install 'yidi[batch]'" in refused.value.english


def test_spark_is_an_extra_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    need_batch()
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(PackageMissing, match=r"pip install 'yidi\[spark\]'"):
        need_spark()
