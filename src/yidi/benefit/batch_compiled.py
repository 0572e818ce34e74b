"""The walk and the kernel, compiled: the very same functions, each with the names it calls put to compiled ones.

Inside, columns and tables are bare pointers: an index is never negative, which arrays would have to ask each time.
"""

import hashlib
import inspect
import sys
from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from numba import int64, njit, types, uint64
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

from yidi.benefit import batch_walk, kernel
from yidi.benefit.batch_walk import first_fault, walk

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
SELDOM = frozenset({"turn_to", "change_account", "pay_range", "tell_apart", "cost_of"})
"""Functions that few visits come to: called, where the others are written out in place."""
_numba: Any = types


def _pointers(context: Any, arrays: Any) -> Any:
    """The same named tuple, with pointers to the first elements in place of arrays."""
    pointed = [_numba.CPointer(array.dtype) for array in arrays]
    found = _numba.BaseTuple.from_types(pointed, arrays.instance_class)

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        unpack: Any = cgutils.unpack_tuple
        struct: Any = arrayobj.make_array
        members = zip(arrays, unpack(builder, args[0]), strict=True)
        data = [struct(array)(context, builder, member).data for array, member in members]
        return context.make_tuple(builder, signature.return_type, data)

    return found(arrays), write


pointers: Any = intrinsic(_pointers)
"""To be called in compiled functions alone, with a named tuple of arrays."""


def start_walk(rules: Any, visits: Any, memory: Any, paid: Any, start: int, end: int) -> int:
    return walk(pointers(rules), pointers(visits), pointers(memory), pointers(paid), start, end)


def start_first_fault(visits: Any, count: int, slots: int, days: int, person: int, day: int) -> int:
    return first_fault(pointers(visits), count, slots, days, person, day)


@cache
def compiled_walk() -> Callable[..., int]:
    """`batch_walk.walk` over NumPy arrays, compiled."""
    return entry(start_walk, walk, SELDOM, kernel, batch_walk)


@cache
def compiled_first_fault() -> Callable[..., int]:
    """`batch_walk.first_fault` over NumPy arrays, compiled."""
    return entry(start_first_fault, first_fault, SELDOM, kernel, batch_walk)


def entry(start: Any, function: Any, seldom: frozenset[str], *modules: ModuleType) -> Callable[..., int]:
    """`start`, compiled, with the compiled `function` where it names it; kept on disk for the next process.

    `modules` are those that the function and what it calls stand in: what is kept is kept under a name made of their
    text, since a compiler that finds it again would look at one file alone.
    """
    files = (*modules, sys.modules[start.__module__], sys.modules[__name__])
    digest = hashlib.sha256("".join(inspect.getsource(module) for module in files).encode()).hexdigest()
    names = {**start.__globals__, function.__name__: _compiled(function, seldom)}
    copy = FunctionType(start.__code__, names, start.__name__)
    copy.__module__, copy.__qualname__ = start.__module__, f"{start.__name__}_{digest[:16]}"
    compiled: Callable[..., int] = njit(cache=True, **OPTIONS)(copy)
    return compiled


def half_up(parts: Any) -> Any:
    """`kernel.half_up`, telling the compiler what the kernel knows: that nothing is negative."""
    return int64((uint64(parts) + uint64(kernel.PPM // 2)) // uint64(kernel.PPM))


INSTEAD: dict[Any, Any] = {kernel.half_up: half_up}
"""Functions that are compiled in other words."""


@cache
def _compiled(function: Any, seldom: frozenset[str]) -> Any:
    said = INSTEAD.get(function, function)
    called = {name: said.__globals__.get(name) for name in said.__code__.co_names}
    functions = {
        name: _compiled(item, seldom) for name, item in called.items() if isinstance(item, FunctionType)
    }
    copy = FunctionType(said.__code__, {**said.__globals__, **functions}, said.__name__)
    return njit(forceinline=function.__name__ not in seldom, **OPTIONS)(copy)
