"""Computes the formulae for what a site says of itself."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.capacity.constants import CONSTANTS, EMBEDDERS
from assistant.capacity.formulae import FORMULAE, Formula


@dataclass(frozen=True, slots=True)
class Site:
    """What is sized: people, documents, pages, and how they work."""

    users: int
    documents: int
    pages: int
    scanned: float = 0.0
    questions_per_hour: float = 4.0
    revisions: float = 2.0
    hours: float = 24.0
    cores: int = 16
    workers: int = 4
    embed_model: str = "bge-m3"

    def names(self) -> dict[str, float]:
        """The options by the names that formulae use."""
        dimension, parameters, all_parameters = EMBEDDERS[self.embed_model]
        given = {name: float(value) for name, value in asdict(self).items() if name != "embed_model"}
        # float32: on a CPU without bfloat16 nothing smaller is loaded.
        return {
            **given,
            "dimension": dimension,
            "embed_parameters": parameters,
            "embed_weight_bytes": 4 * all_parameters,
        }


@dataclass(frozen=True, slots=True)
class Sized:
    """A formula and its value for the site."""

    formula: Formula
    value: float


def sized(site: Site) -> tuple[Sized, ...]:
    """Every formula's value, in order."""
    known = {constant.name: constant.value for constant in CONSTANTS} | site.names()
    found = []
    for formula in FORMULAE:
        known[formula.name] = _value(ast.parse(formula.expression, mode="eval").body, known)
        found.append(Sized(formula, known[formula.name]))
    return tuple(found)


def names_in(expression: str) -> set[str]:
    """The options, constants and formulae that an expression uses."""
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)} - set(_CALLS)


_CALLS: Mapping[str, Callable[..., float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "sqrt": math.sqrt,
    "max": max,
    "min": min,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _value(node: ast.expr, known: Mapping[str, float]) -> float:
    def of(each: ast.expr) -> float:
        return _value(each, known)

    match node:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]  # formulae hold numbers only
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](of(left), of(right))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return of(body) if of(test) else of(orelse)
        case ast.Call(func=ast.Name(id=name), args=args):
            return float(_CALLS[name](*map(of, args)))
    raise ValueError(f"A formula may not hold {ast.dump(node)}.")


def as_json(site: Site) -> dict[str, Any]:
    """Options, results, every formula and every constant, for programs."""
    found = sized(site)
    return {
        "site": asdict(site),
        "results": {each.formula.name: each.value for each in found if each.formula.result},
        "formulae": [{**asdict(each.formula), "value": each.value} for each in found],
        "constants": [asdict(constant) for constant in CONSTANTS],
    }
