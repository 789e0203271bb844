"""A cell's source as code objects that know their real place in the author's file."""

import __future__

import ast
from dataclasses import dataclass, replace
from types import CodeType

from provenote.run.protocol import Code

_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag


@dataclass(frozen=True)
class Compiled:
    """What to execute, and then what to evaluate and show."""

    body: CodeType | None
    last: CodeType | None
    flags: int
    """`from __future__` imports, which hold for the cells below as well."""


def compile_cell(cell: Code, filename: str, flags: int, *, script: bool) -> Compiled:
    """Compile a cell; raises what Python raises for source that is wrong."""
    # A script must also run by hand, where Python allows no `await` outside a function.
    allowed = flags if script else flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    if cell.inline:
        bare = cell.source.lstrip()
        lead = len(cell.source) - len(bare)
        tree = _parse(
            replace(cell, source=bare, indent=cell.indent + lead), filename, "eval", allowed
        )
        assert isinstance(tree, ast.Expression)
        return Compiled(None, _code(tree, filename, allowed), flags)
    module = _parse(cell, filename, "exec", allowed)
    assert isinstance(module, ast.Module)
    last = module.body[-1] if module.body else None
    if not isinstance(last, ast.Expr) or _is_silent(last, module, cell, script=script):
        body = _code(module, filename, allowed)
        return Compiled(body, None, flags | (body.co_flags & _FUTURE))
    del module.body[-1]
    body = _code(module, filename, allowed)
    future = body.co_flags & _FUTURE
    value = _code(ast.Expression(last.value), filename, allowed | future)
    return Compiled(body, value, flags | future)


def _parse(cell: Code, filename: str, mode: str, flags: int) -> ast.AST:
    padded = "\n" * (cell.line - 1) + cell.source
    try:
        tree = compile(padded, filename, mode, flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        if error.filename == filename and error.offset is not None:
            error.offset += cell.indent
            error.end_offset = (error.end_offset or 0) + cell.indent
            error.text = " " * cell.indent + (error.text or "")
        raise
    assert isinstance(tree, ast.AST)
    if cell.indent:
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr, ast.arg, ast.keyword, ast.alias)):
                node.col_offset += cell.indent
                node.end_col_offset = (node.end_col_offset or 0) + cell.indent
    return tree


def _code(tree: ast.Module | ast.Expression, filename: str, flags: int) -> CodeType:
    mode = "exec" if isinstance(tree, ast.Module) else "eval"
    code = compile(tree, filename, mode, flags, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def _is_silent(last: ast.Expr, module: ast.Module, cell: Code, *, script: bool) -> bool:
    """Whether nothing is to be shown: for a semicolon behind it, or a script's docstring."""
    if script and len(module.body) == 1 and isinstance(last.value, ast.Constant):
        return isinstance(last.value.value, str)
    lines = cell.source.splitlines()
    line = lines[(last.end_lineno or 0) - cell.line].encode()
    rest = line[(last.end_col_offset or 0) - cell.indent :]
    return rest.lstrip().startswith(b";")
