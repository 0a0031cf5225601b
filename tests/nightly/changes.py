"""Small changes to a function, each of which some test should notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from typing_extensions import override

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "ROUND_HALF_UP": "ROUND_DOWN",
    "ROUND_DOWN": "ROUND_HALF_UP",
}


@dataclass(frozen=True)
class Change:
    """One changed function.

    Args:
        function: Its qualified name, of the outermost function when one stands in another.
        tree: The whole module with the change.
    """

    function: str
    line: int
    what: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Where and what, for people."""
        return f"{self.line} {self.function}: {self.what}"


def changes(source: str) -> Iterator[Change]:
    """Every change to every function of a module, in the order of the lines."""
    tree = ast.parse(source)
    for number, (function, line, what) in enumerate(_Places().all_of(tree)):
        changed = copy.deepcopy(tree)
        _Places(only=number).visit(changed)
        yield Change(function, line, what, ast.fix_missing_locations(changed))


class _Places(ast.NodeTransformer):
    """Counts the places where something can be changed, and changes one of them."""

    def __init__(self, only: int = -1) -> None:
        self._only = only
        self._scope: list[str] = []
        self._inside = 0
        self._found: list[tuple[str, int, str]] = []

    def all_of(self, tree: ast.Module) -> list[tuple[str, int, str]]:
        """Function, line and words of each place, in the order in which they are visited."""
        self.visit(copy.deepcopy(tree))
        return self._found

    def _here(self, node: ast.AST, what: str) -> bool:
        """Whether the change at this place is the wanted one; places outside functions are none."""
        if not self._inside:
            return False
        self._found.append((".".join(self._scope), getattr(node, "lineno", 0), what))
        return len(self._found) - 1 == self._only

    # -- what is around

    @override
    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if self._inside:
            return self.generic_visit(node)
        self._scope.append(node.name)
        self.generic_visit(node)
        self._scope.pop()
        return node

    @override
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outermost = not self._inside
        if outermost:
            self._scope.append(node.name)
        self._inside += 1
        node.body = [self.visit(each) for each in node.body]
        self._inside -= 1
        if outermost:
            self._scope.pop()
        return node

    @override
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    @override
    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.Pass() if self._here(node, "raise left out") else node  # words are not changed

    @override
    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return node  # a docstring
        return self.generic_visit(node)

    # -- what is changed

    @override
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for place, operator in enumerate(node.ops):
            other = COMPARED[type(operator)]
            if self._here(node, f"{type(operator).__name__} -> {other.__name__}"):
                node.ops[place] = other()
        return node

    @override
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = COUNTED.get(type(node.op))
        if other and self._here(node, f"{type(node.op).__name__} -> {other.__name__}"):
            node.op = other()
        return node

    @override
    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        other = COUNTED.get(type(node.op))
        if other and self._here(node, f"{type(node.op).__name__}= -> {other.__name__}="):
            node.op = other()
        return node

    @override
    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._here(node, "and -> or" if isinstance(node.op, ast.And) else "or -> and"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    @override
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if self._here(node, "sign or not left out") else node

    @override
    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        return self._other_way(node)

    @override
    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        return self._other_way(node)

    def _other_way(self, node: ast.If | ast.IfExp) -> ast.AST:
        plain = isinstance(node.test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr)
        if plain and self._here(node, "if -> if not"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    @override
    def visit_Name(self, node: ast.Name) -> ast.AST:
        other = CALLED.get(node.id)
        if other and self._here(node, f"{node.id} -> {other}"):
            if other.startswith("ROUND"):
                return ast.Constant(other)
            node.id = other
        return node

    @override
    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return ast.Break() if self._here(node, "continue -> break") else node

    @override
    def visit_Break(self, node: ast.Break) -> ast.AST:
        return ast.Continue() if self._here(node, "break -> continue") else node

    @override
    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        other = _next(node.value)
        if other is not None and self._here(node, f"{node.value!r} -> {other!r}"):
            node.value = other
        return node


def _next(value: object) -> bool | int | str | None:
    """Another value of the same kind; None when a constant is not to be changed."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        try:
            return str(Decimal(value) + 1)
        except InvalidOperation:
            return f"{value}?" if value.replace("_", "").replace(".", "").isalpha() else None
    return None
