"""What the modules of nnref say of themselves, as HTML."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

import nnref

SECTION = re.compile(r"^([A-Z][a-z]+): +", re.MULTILINE)
Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass
class Html:
    """Shown as it is."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def module(name: str) -> Html:
    """A module's own words, then each of its public names."""
    source = inspect.getsource(importlib.import_module(f"nnref.{name}"))
    tree = ast.parse(source)
    entries = (entry(name, node, text) for node, text in public(tree.body))
    return Html(described(ast.get_docstring(tree) or "") + "".join(entries))


def public(body: list[ast.stmt]) -> Iterator[tuple[Definition, str]]:
    """Every definition that is not private, with its docstring or the text under it."""
    for node, below in zip_longest(body, body[1:]):
        if not isinstance(node, Definition) or named(node).startswith("_"):
            continue
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node, ast.get_docstring(node) or ""
        else:
            yield node, under(below)


def named(node: Definition) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return ast.unparse(
        target.elts[0] if isinstance(target, ast.Tuple) else target
    )


def under(below: ast.stmt | None) -> str:
    """The text under an attribute."""
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        return inspect.cleandoc(str(below.value.value))
    return ""


def entry(name: str, node: Definition, text: str) -> str:
    anchor = f"nnref.{name}.{named(node)}"
    heading = f'<h4 id="{anchor}"><code>{written(signature(node))}</code></h4>'
    if isinstance(node, ast.ClassDef):
        return heading + described(text) + fields(node)
    return heading + described(text or attributed(node))


def signature(node: Definition) -> str:
    if isinstance(node, ast.FunctionDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"{node.name}({ast.unparse(node.args)}){returns}"
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return ast.unparse(node)
    value = ast.unparse(node.value) if node.value else ""
    return ast.unparse(node) if 0 < len(value) < 60 else named(node)


def attributed(node: Definition) -> str:
    """The source that a constant names in its own arguments."""
    call = node.value if isinstance(node, ast.Assign) else None
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return "".join(
        str(ast.literal_eval(k.value)) for k in keywords if k.arg == "source"
    )


def fields(node: ast.ClassDef) -> str:
    """A table of what a class holds and does."""
    rows = [
        row(signature(part), prose(text.partition("\n\n")[0]))
        for part, text in public(node.body)
        if not isinstance(part, ast.Assign)
    ]
    return table(rows)


def described(text: str) -> str:
    """A docstring: paragraphs, examples, then its sections as a table."""
    first, _, more = text.partition("\n\n")
    before, *parts = SECTION.split(more)
    examples = ""
    if parts:
        parts[-1], *rest = re.split(r"\n\n", parts[-1], maxsplit=1)
        examples = "".join(map(paragraph, rest))
    rows = [
        row(*pair)
        for pair in zip(parts[::2], map(prose, parts[1::2]), strict=True)
    ]
    paragraphs = map(
        paragraph, filter(str.strip, [first, *before.split("\n\n")])
    )
    return "".join(paragraphs) + table(rows) + examples


def paragraph(text: str) -> str:
    """Prose, or what stands there as code: an example, or lines that are indented."""
    if text.startswith((">>>", "    ")):
        return f"<pre><code>{escape(inspect.cleandoc(text))}</code></pre>"
    return f"<p>{prose(text)}</p>"


def prose(text: str) -> str:
    html = re.sub("`([^`]+)`", r"<code>\1</code>", written(text))
    return re.sub(r"https://\S+", r'<a href="\g<0>">\g<0></a>', html)


def written(text: str) -> str:
    """Text in which no line ends within an arrow."""
    arrow = '<span style="white-space: nowrap">-&gt;</span>'
    return escape(" ".join(text.split())).replace("-&gt;", arrow)


def row(name: str, content: str) -> str:
    title = name if name.isalpha() else f"<code>{written(name)}</code>"
    return f'<tr><th scope="row">{title}</th><td>{content}</td></tr>'


def table(rows: list[str]) -> str:
    return f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else ""


# %% conventions
#| echo: false
Html(described(inspect.getdoc(nnref) or ""))

# %% activations
#| echo: false
module("activations")

# %% softmax
#| echo: false
module("softmax")

# %% layers
#| echo: false
module("layers")

# %% norms
#| echo: false
module("norms")

# %% convolution
#| echo: false
module("convolution")

# %% recurrent
#| echo: false
module("recurrent")

# %% embedding
#| echo: false
module("embedding")

# %% residual
#| echo: false
module("residual")

# %% losses
#| echo: false
module("losses")

# %% mlp
#| echo: false
module("mlp")

# %% init
#| echo: false
module("init")

# %% optim
#| echo: false
module("optim")

# %% schedules
#| echo: false
module("schedules")

# %% train
#| echo: false
module("train")

# %% data
#| echo: false
module("data")

# %% fast
#| echo: false
module("fast")

# %% inplace
#| echo: false
module("inplace")

# %% overwrite
#| echo: false
module("overwrite")

# %% aligned
#| echo: false
module("aligned")

# %% differences
#| echo: false
module("differences")

# %% gradcheck
#| echo: false
module("gradcheck")

# %% dying
#| echo: false
module("dying")

# %% born_dead
#| echo: false
module("born_dead")

# %% spread
#| echo: false
module("spread")

# %% pwl
#| echo: false
module("pwl")

# %% regions
#| echo: false
module("regions")

# %% region_counts
#| echo: false
module("region_counts")

# %% region_search
#| echo: false
module("region_search")

# %% drawing
#| echo: false
module("drawing")

# %% arrays
#| echo: false
module("arrays")

# %% erf
#| echo: false
module("erf")

# %% proof
#| echo: false
module("proof")

# %% selfcheck
#| echo: false
module("selfcheck")

# %% selfcheck_layers
#| echo: false
module("selfcheck_layers")

# %% selfcheck_regions
#| echo: false
module("selfcheck_regions")

# %% selfcheck_training
#| echo: false
module("selfcheck_training")
