"""The program that `remaking` runs: it limits itself, then carries out one order.

The order is a JSON object, the first argument; the file comes by standard input. Out goes one line of JSON, which says
what was made or why the file is refused, and then the new content. It opens no connection and writes no file.
"""

import json
import resource
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = {"pdf": "pdfs", "xlsx": "tables"}
"""Which module opens a type of file, where `pictures` does not."""


def bind(order: dict[str, Any]) -> None:
    """Set the limits that nothing below can lift: address space, processor time, size of what is written."""
    cpu = order["cpu_s"]
    for limit, soft, hard in (
        (resource.RLIMIT_AS, order["memory"], order["memory"]),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, order["output"], order["output"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))


def carried_out(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What is answered to an order: the header and the new content."""
    orders = import_module("yidi.evidence.decoding.orders")
    module = import_module("yidi.evidence.decoding." + MODULES.get(order["kind"], "pictures"))
    try:
        header, fresh = getattr(module, order["task"])(content, order)
        orders.must_fit(len(fresh), order)
    except orders.Refused as refused:
        return refused.header, b""
    except MemoryError:
        return {"refused": "heavy"}, b""
    except (
        Exception
    ) as error:  # what a library raises at a damaged file is its own affair: SyntaxError, OSError, …
        return {"refused": "damaged", "error": type(error).__name__}, b""
    return header, fresh


def main() -> None:
    """Carry out the order given as the first argument."""
    order = json.loads(sys.argv[1])
    sys.path.insert(0, str(Path(__file__).parents[3]))  # the yidi that this file belongs to, and no other
    sys.modules["numpy"] = None  # type: ignore[assignment]  # nothing here needs it; openpyxl would take long to load it
    warnings.simplefilter("ignore")
    bind(order)
    header, content = carried_out(order, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
