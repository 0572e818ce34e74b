"""Compiles the C peers, on the machine that runs them."""

import ctypes
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.batch.field import COLUMNS, Array
from benchmarks.batch.peers import Unavailable

COMPILER = "gcc"
OPTIONS = ("-std=c11", "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror")
TYPES = "".join(f"typedef {kind.__name__}_t {name}_t;\n" for name, kind in COLUMNS.items())
"""The columns' types, for C."""


def build(name: str, folder: Path, **headers: str) -> ctypes.CDLL:
    """The library of a C file here, with such headers. Raises Unavailable where there is no compiler."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise Unavailable(f"there is no {COMPILER}")
    for header, text in headers.items():
        (folder / f"{header}.h").write_text(text)
    library, source = folder / f"{name}.so", Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, *OPTIONS, f"-I{folder}", "-o", library, source], check=True)
    return ctypes.CDLL(str(library))


def version() -> str:
    """The compiler's own words, and how it was called; empty where there is none."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        return ""
    told = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True).stdout
    return f"{told.splitlines()[0]}, {' '.join(OPTIONS[1:4])}"


def pointers(*arrays: Array) -> "ctypes.Array[ctypes.c_void_p]":
    """A struct of pointers to the arrays, which must outlive it."""
    for array in arrays:
        assert array.flags.c_contiguous
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))


def struct(name: str, arrays: Any) -> str:
    """A named tuple of arrays as C has it: pointers of their types, under their names."""
    members = "".join(f"    {array.dtype}_t *{field};\n" for field, array in arrays._asdict().items())
    return f"typedef struct {{\n{members}}} {name};\n"


def defines(prefix: str, values: Mapping[str, object]) -> str:
    """The whole numbers among some names, for C."""
    numbers = {name: value for name, value in values.items() if isinstance(value, int) and name.isupper()}
    return "".join(f"#define {prefix}{name} {_literal(value)}\n" for name, value in numbers.items())


def table(name: str, values: Array) -> str:
    """A table of whole numbers, for C."""
    sizes = "".join(f"[{size}]" for size in values.shape)
    written = str(values.tolist()).replace("[", "{").replace("]", "}")
    return f"static const int64_t {name}{sizes} = {written};\n"


def _literal(value: int) -> str:
    return "INT64_MIN" if value == -(1 << 63) else f"INT64_C({value})"
