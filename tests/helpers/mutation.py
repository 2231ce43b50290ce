"""Every way to break one step of a function that was written as text: dropped, or turned about."""

import ast
import re
from collections.abc import Iterator
from types import CodeType
from typing import Any

_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def mutants(text: str) -> Iterator[tuple[str, CodeType]]:
    """What was broken, in words that many functions share, and the code with it."""
    tree = ast.parse(text)
    for node in [*ast.walk(tree)][1:]:
        for words, parts, place, other in [*_changes(node)]:
            before = parts[place]
            parts[place] = other
            yield plain(words), compile(ast.fix_missing_locations(tree), "m", "exec")
            parts[place] = before


def plain(words: str) -> str:
    """The words without the names and numbers of one model."""
    words = re.sub(
        r"\b(v|lo|hi|r|t|certain|able|sure|in)_\w+?((?:_(?:lo|hi|one))?)\b", r"\1\2", words
    )
    return re.sub(r"'\w+'|-?\b\d+\b|\bK\d+\b", "#", words)


def _changes(node: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    """What to put where: in a list of parts, or among the fields of the node."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            for other in _TURNED[type(op)]:
                yield f"{ast.unparse(node)} | {other.__name__}", node.ops, place, other()
    if isinstance(node, ast.BoolOp):
        neutral = ast.Constant(isinstance(node.op, ast.And))
        for place, value in enumerate(node.values):
            yield (
                f"{type(node.op).__name__} without {ast.unparse(value)}",
                node.values,
                place,
                neutral,
            )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield (
            f"{ast.unparse(node)} | without not",
            vars(node),
            "operand",
            ast.UnaryOp(node.op, node.operand),
        )
    for body in ("body", "orelse"):
        if isinstance(statements := getattr(node, body, None), list):
            for place, each in enumerate(statements):
                first = ast.unparse(each).splitlines()[0]
                yield f"without {first}", statements, place, ast.Pass()
