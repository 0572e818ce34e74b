"""Guards of the repository as a whole: what no single room can promise by itself."""

import ast
import doctest
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import yidi
from yidi.values.errors import Refusal

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "yidi"
LIBRARY = ("values", "reference", "policy", "benefit", "calculators", "simulation", "guide", "his")
REGISTERS = ("people", "providers", "catalogue")
BUSINESS = ("qualification", "filing", "settlement", "claims", "clearing")
SERVICES = ("accounts", "audit", "casework", "consents", "evidence", "documents", "notices", "ledger")
FACES = ("gateway", "portal", "desk", "pages")
MONEY = (
    "values",
    "policy",
    "benefit",
    "catalogue",
    "people",
    "ledger",
    "settlement",
    "claims",
    "clearing",
    "guide",
)
LONGEST_FUNCTION = 50
"""Lines."""


def modules() -> list[str]:
    """Every module that may be imported for its own sake: not the entry points, not the migrations."""
    names = [module.name for module in pkgutil.walk_packages(yidi.__path__, "yidi.")]
    return [name for name in names if not re.search(r"\.(migrations|__main__|wsgi)\b", name)]


def source_files(*rooms: str) -> list[Path]:
    folders = [SOURCE / room for room in rooms] or [SOURCE]
    files = sorted(
        path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts
    )
    assert files
    return files


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


# rooms


@pytest.mark.parametrize("room", BUSINESS)
def test_every_business_room_has_the_same_files(room: str) -> None:
    wanted = {
        "__init__.py",
        "apps.py",
        "models.py",
        "states.py",
        "services.py",
        "queries.py",
        "errors.py",
        "README.md",
    }
    assert wanted <= {path.name for path in (SOURCE / room).iterdir()}


@pytest.mark.parametrize("room", REGISTERS)
def test_every_register_has_the_same_files(room: str) -> None:
    wanted = {"__init__.py", "apps.py", "models.py", "services.py", "queries.py", "errors.py", "README.md"}
    assert wanted <= {path.name for path in (SOURCE / room).iterdir()}


@pytest.mark.parametrize("room", [*REGISTERS, *BUSINESS, *SERVICES, *FACES, "guide", "his"])
def test_every_room_introduces_itself_in_half_a_page(room: str) -> None:
    text = (SOURCE / room / "README.md").read_text(encoding="utf-8")
    title, *rest = text.splitlines()
    assert title.startswith(f"# {room}")
    assert 5 <= len(rest) <= 45
    for name in re.findall(r"`(\w+\.py)`", text):
        assert list((SOURCE / room).rglob(name)), f"{room}/README.md speaks of {name}, which is not there"


@pytest.mark.parametrize("room", [*LIBRARY, *REGISTERS, *BUSINESS, *SERVICES, *FACES, "cli"])
def test_every_room_has_tests_of_its_own(room: str) -> None:
    assert list((ROOT / "tests" / room).glob("test_*.py"))


def test_the_rooms_of_this_page_are_the_rooms_there_are() -> None:
    known = {*LIBRARY, *REGISTERS, *BUSINESS, *SERVICES, *FACES, "cli", "demo", "operations", "site"}
    assert {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()} == known


# refusals


def refusals() -> list[type[Refusal]]:
    """Every refusal that can be raised; those without a sentence are parents of others."""
    for name in modules():
        importlib.import_module(name)
    found: list[type[Refusal]] = []
    pending: list[type[Refusal]] = [Refusal]
    while pending:
        for kind in pending.pop().__subclasses__():
            pending.append(kind)
            if kind.__module__.startswith("yidi.") and "zh" in vars(kind):
                found.append(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.__dict__.get("code", "") for kind in refusals()]
    assert len(codes) > 60
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[A-Z]+(-[A-Z]+)+", code)] == []


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_speaks_both_languages(kind: type[Refusal]) -> None:
    assert re.search("[一-鿿]", kind.zh)
    assert kind.zh.endswith(("。", "{remedy}"))
    assert not re.search("[一-鿿]", kind.en)
    assert kind.en.endswith((".", "{remedy}"))
    # `parameter` in Chinese may be `parameter_en` in English. The gateway's readers are Chinese: its English is short.
    chinese = placeholders(kind.zh)
    english = {name.removesuffix("_en") for name in placeholders(kind.en)}
    assert english == chinese or kind.__module__.startswith("yidi.gateway")
    assert all(name.isidentifier() for name in chinese | english)


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_can_be_said(kind: type[Refusal]) -> None:
    details = dict.fromkeys(placeholders(kind.zh) | placeholders(kind.en), "甲")
    refusal = kind(**details)
    assert str(refusal) == f"[{kind.code}] {refusal.message}"
    assert "{" not in refusal.message + refusal.english


# code


def test_no_float_comes_near_money() -> None:
    found = [
        where(path, node)
        for path in source_files(*MONEY)
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and not _divides_decimals_or_paths(path, node)
        )
    ]
    assert found == []


def _divides_decimals_or_paths(path: Path, node: ast.BinOp) -> bool:
    """`/` of two whole numbers is a float; of a Decimal, a Fraction or a path it is not."""
    text = ast.get_source_segment(path.read_text(encoding="utf-8"), node) or ""
    return bool(re.search(r"Decimal\(|Fraction\(|folder|path|\"", text))


def test_nothing_is_printed_but_by_the_command_line() -> None:
    found = [
        where(path, node)
        for path in source_files()
        if not {"cli", "demo", "operations"} & set(path.parts)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []


def test_functions_are_short() -> None:
    found = [
        f"{where(path, node)} {node.name}"
        for path in source_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in source_files()
        if path.name not in ("apps.py", "__init__.py", "__main__.py") and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_no_error_is_swallowed_whole() -> None:
    found = [
        where(path, node)
        for path in source_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert found == []


NAMES = re.compile(
    r"\b(psn_no|psn_name|certno|mdtrt_id|ipt_otp_no|setl_id|chrg_bchno|feedetl_sn|fixmedins_code|fixmedins_name|med_type"
    r"|insutype|insuplc_admdvs|mdtrtarea_admvs|mdtrt_cert_type|opsp_dise_code|dise_codg|begntime|medfee_sumamt"
    r"|det_item_fee_sumamt|fund_pay_sumamt|psn_cash_pay|psn_part_amt|acct_pay|hifp_pay|inscp_scp_amt|fulamt_ownpay_amt"
    r"|overlmt_selfpay|preselfpay_amt|act_pay_dedc|pool_prop_selfpay|hosp_lv|chrgitm_lv|med_list_codg|infno|inf_refmsgid"
    r"|sender_trns_id|omsgid)\b"
)


def test_interface_names_live_at_the_gateway() -> None:
    """And at the hospital's client, its command and the demo. Refusals are read at hospitals: they may name a field."""
    found = []
    for path in [*source_files(), *SOURCE.rglob("*.html")]:
        room = path.relative_to(SOURCE).parts[0]
        if room in ("gateway", "his", "demo") or (room == "cli" and path.stem.startswith("his")):
            continue
        text = path.read_text(encoding="utf-8")
        if path.name == "errors.py":
            text = re.sub(r"\"[^\"\n]*\"", '""', text)
        found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(set(NAMES.findall(text)))]
    assert found == []


# the tree

TEXTS = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".html",
    ".css",
    ".js",
    ".sh",
    ".po",
    ".json",
    "",
}
SKIPPED = {
    ".git", ".venv", "var", "build", "dist", "htmlcov", "test-results", "__pycache__", "environments", "results",
}  # fmt: skip


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the project; registers, vendored files and locks of hashes are data, not text."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if (
            SKIPPED & set(parts)
            or any(part.startswith(".") and part != ".ci" for part in parts)
            or "vendor" in parts
        ):
            continue
        if path.is_file() and path.suffix in TEXTS and not path.name.endswith(".egg-info"):
            yield path, path.read_text(encoding="utf-8")


MACHINE = re.compile(r"(?<![\w./~-])/(?:work|root|Users|home/\w+|mnt|scratch)(?:/|\b)")
REGISTRY = re.compile(
    r"files\.pythonhosted|pypi\.org|registry\.npmjs|proxy\.golang|index-url\s*=|/simple/?\b"
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


@pytest.mark.parametrize(
    "pattern", [MACHINE, REGISTRY, UNFINISHED], ids=["machine", "registry", "unfinished"]
)
def test_the_tree_speaks_of_itself_alone(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts()
        if path != Path(__file__)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_file_is_left_empty_or_without_its_last_line_end() -> None:
    """Templates may be: a line end in them is a space on the page."""
    found = [
        str(path.relative_to(ROOT))
        for path, text in texts()
        if path.name not in ("__init__.py", "py.typed") and path.suffix != ".html" and not text.endswith("\n")
    ]
    assert found == []


@pytest.mark.parametrize(
    "name", [name for name in modules() if name.split(".")[1] in (*LIBRARY, "resources")]
)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
