"""The page about nnref leaves nothing out: every module has its place, every public name its entry.

What is public is asked of the modules themselves, the page reads their source.
"""

import importlib
import pkgutil
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

import nnref

ROOT = Path(__file__).parent.parent.parent
NOTE = (ROOT / "docs/nnref/nnref API.md").read_text(encoding="utf-8")
SNIPPET = ROOT / "snippets/nnref_api.py"
MODULES = [
    module.name for module in pkgutil.iter_modules(nnref.__path__) if module.name != "__main__"
]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return runpy.run_path(str(SNIPPET))


def test_every_module_has_its_heading_and_its_cell() -> None:
    headings = re.findall(r"^### (\w+)\n\n!\[\[nnref_api\.py#(\w+)\]\]$", NOTE, re.MULTILINE)
    cells = re.findall(
        r'^# %% (\w+)\n#\| echo: false\nmodule\("(\w+)"\)$',
        SNIPPET.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert all(heading == cell for heading, cell in headings + cells)
    assert sorted(name for name, _ in headings) == sorted(MODULES)
    assert sorted(name for name, _ in cells) == sorted(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_has_its_entry(name: str, page: dict[str, Any]) -> None:
    module = importlib.import_module(f"nnref.{name}")
    defined = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }
    text = page["module"](name).text
    entries = set(re.findall(rf'<h4 id="nnref\.{name}\.(\w+)">', text))
    assert defined <= entries
    assert entries <= vars(module).keys()


def test_an_entry_has_its_signature_its_words_and_its_sections(page: dict[str, Any]) -> None:
    text = page["module"]("losses").text
    found = text.partition('id="nnref.losses.mse"')[2].partition("<h4")[0]
    entry = re.sub("</?span[^>]*>", "", found)
    assert "mse(pred: Array, y: Array) -&gt; tuple[Scalar, Array]" in entry
    assert "<p>Mean squared error over all elements" in entry
    assert '<th scope="row">Shapes</th><td>pred (...), y (...) -&gt; loss (), dpred' in entry
    assert "<pre><code>&gt;&gt;&gt; float(mse(" in entry


def test_the_first_words_of_a_module_are_no_section(page: dict[str, Any]) -> None:
    assert page["module"]("layers").text.startswith("<p>Layers: the forward map")


def test_a_class_has_its_fields_and_a_constant_its_source(page: dict[str, Any]) -> None:
    text = page["module"]("activations").text
    assert "<code>kinks: tuple[float, ...]</code></th><td>Where the slope jumps;" in text
    assert re.search(r'id="nnref\.activations\.relu">.*?Nair and Hinton', text)
