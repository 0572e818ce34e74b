"""What a transaction may refuse, found by following its handler through the rooms.

Every function names what it raises, in its docstring or by raising it. So the refusals of a handler are those of the
functions it calls, and of theirs. What is called through an object whose class cannot be told is not followed.
"""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, get_args

from yidi.gateway import errors
from yidi.gateway.declarations import Transaction
from yidi.values.errors import Refusal

OURS = "yidi."
NOT_TOLD = (
    *("DICTIONARY-", "PERSON-DATA-KEY", "REFERENCE-", "POLICY-PACK"),
    *("ACTOR-KIND", "CASE-APPEAL", "CASE-SAME-CLERK", "CASE-VOT", "DOCUMENT-", "EVIDENCE-"),
)
"""How the codes begin of what no message can cause: a centre with broken data, and what clerks and papers meet."""
_RAISES = re.compile(r"Raises ([^.]*)")
_CLASS = re.compile(r"\b[A-Z][A-Za-z]+\b")

Kind = type[Refusal]
Function = FunctionType


@cache
def refusals_of(transaction: Transaction) -> tuple[Kind, ...]:
    """The refusals that a transaction's handler may come to, by their codes; those of every message are not among them."""
    roots = [transaction.handle, *filter(None, [transaction.still_holds])]
    found = {kind for root in roots for function in _reached(root) for kind in _named(function)}
    if transaction.writes:
        found.add(errors.MessageReused)
    return tuple(sorted(found - set(every_message()), key=lambda kind: kind.code))


@cache
def every_message() -> tuple[Kind, ...]:
    """What any message may be refused for before its transaction is asked, in the order in which it is checked."""
    from yidi.gateway.services import answer

    order: dict[Kind, None] = {errors.TooLarge: None, errors.MethodNotAllowed: None}
    for function in _reached(answer):
        order |= dict.fromkeys(_named(function))
    order.pop(errors.MessageReused, None)
    return tuple(order)


def _reached(root: Any) -> list[Function]:
    """The functions of ours that a function calls, itself first, in the order in which they are met."""
    found: dict[Function, None] = {}
    waiting = list(_functions(root))
    while waiting:
        function = waiting.pop(0)
        if function not in found:
            found[function] = None
            waiting += _called(function)
    return list(found)


def _functions(thing: Any) -> Iterator[Function]:
    """The plain functions of ours behind a name: a function, a method, a property, a decorated one."""
    thing = getattr(thing, "fget", thing)
    thing = inspect.unwrap(getattr(thing, "__func__", thing)) if callable(thing) else thing
    if isinstance(thing, FunctionType) and thing.__module__.startswith(OURS):
        yield thing


@cache
def _tree(function: Function) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


@cache
def _called(function: Function) -> tuple[Function, ...]:
    names = (node for node in ast.walk(_tree(function)) if isinstance(node, (ast.Name, ast.Attribute)))
    return tuple(found for node in names for found in _functions(_resolved(function, node)))


@cache
def _named(function: Function) -> tuple[Kind, ...]:
    """The refusals that a function raises or makes, and those that its docstring names."""
    made = [
        _resolved(function, node.func) for node in ast.walk(_tree(function)) if isinstance(node, ast.Call)
    ]
    said = [
        _class_called(function, name)
        for sentence in _RAISES.findall(" ".join((function.__doc__ or "").split()))
        for name in _CLASS.findall(sentence)
    ]
    return tuple(kind for kind in (*made, *said) if _is_refusal(kind))


def _is_refusal(thing: Any) -> bool:
    """Whether a sender may be told it."""
    is_refusal = isinstance(thing, type) and issubclass(thing, Refusal) and hasattr(thing, "code")
    return is_refusal and not thing.code.startswith(NOT_TOLD)


def _class_called(function: Function, name: str) -> Any:
    """The class that a docstring names: imported where the function stands, or one of its room's errors."""
    room = ".".join(function.__module__.split(".")[:2])
    known = (function.__globals__, *(_errors(place) for place in (room, "yidi.values")))
    return next((place[name] for place in known if name in place), None)


@cache
def _errors(room: str) -> dict[str, Any]:
    try:
        return vars(importlib.import_module(f"{room}.errors"))
    except ModuleNotFoundError:
        return {}


def _resolved(function: Function, node: ast.AST) -> Any:
    """What a name means inside a function: a global, a parameter's class, or what stands in either."""
    if isinstance(node, ast.Name):
        if node.id in function.__annotations__ and node.id != "return":
            return _class_of(function.__annotations__[node.id])
        if node.id == "self":
            return function.__globals__.get(function.__qualname__.partition(".")[0])
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolved(function, node.value)
        if isinstance(owner, (ModuleType, type)):
            return inspect.getattr_static(owner, node.attr, None)
    return None


def _class_of(hint: Any) -> Any:
    """The class of a parameter, also where it may be missing."""
    return next((part for part in (hint, *get_args(hint)) if isinstance(part, type)), None)
