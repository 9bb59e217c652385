"""Arithmetic of worked examples, read by a small parser and never executed as code."""

import ast
import math
import operator
import re
from collections.abc import Callable

_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
    "min": min,
    "max": max,
}
# What is longer may be too much for Python's parser, and have numbers that no float holds.
_MOST_CHARACTERS = 300
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")


def calculate(text: str) -> float:
    """Return the value of an expression of numbers, + - * / ( ), ceil, floor, round, min and max.

    Raises ValueError, with a reason for people, for anything else.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"it has more than {_MOST_CHARACTERS} characters")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError("it cannot be read") from error
    except ArithmeticError as error:
        raise ValueError("it divides by zero, or is too large") from error


def _value(node: ast.AST) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*map(_value, arguments))
        case _:
            raise ValueError("it has more than numbers, + - * / ( ), ceil, floor, round, min and max")


def agrees(printed: str, value: float) -> bool:
    """Tell whether the first number of a text is a value, rounded to as many digits as are printed."""
    found = _NUMBER.search(printed)
    if not found:
        return False
    number = found[0].replace(",", "").replace("−", "-")
    digits = len(number.partition(".")[2])
    return math.isclose(float(number), value, rel_tol=1e-9, abs_tol=(0.5 + 1e-9) * 10.0**-digits)
