r"""Chemistry and units, `\ce{H2O}` and `\pu{1 kg}`, in TeX: what Obsidian's MathJax has mhchem for.

It is the same parser, by mhchem's author (https://github.com/mhchem/mhchemParser, 4.2.1); it
lies beside this file as npm has it.
"""

import re
from functools import lru_cache
from pathlib import Path
from threading import get_ident
from typing import Any

_PARSER = Path(__file__).parent / "mhchem/mhchemParser.js"
_TIME, _MEMORY = 1.0, 2**26
_FINE = re.compile(
    r"\\smash\[[tb]\]|\\vphantom\{\w\}"
    r"|\{\\vphantom\{A\}\}\^\{\\hphantom\{[^{}]*\}\}_\{\\hphantom\{[^{}]*\}\}\\mkern-1\.5mu"
)
"""Heights and overlaps, which math-core makes of letters that only search would find."""


@lru_cache(maxsize=1024)
def in_tex(written: str, command: str) -> str | None:
    """What stands in a `ce` or `pu`, in TeX; None if that is not understood."""
    quickjs, to_tex = _parser(get_ident())
    try:
        return _FINE.sub("", to_tex(written, command))
    except (quickjs.JSException, TypeError):  # the latter of a number of thousands of digits
        return None


@lru_cache(maxsize=4)
def _parser(thread: int) -> tuple[Any, Any]:
    """The parser in an engine, which belongs to one thread."""
    import quickjs  # noqa: PLC0415 - 8 MB that few formulas need

    engine = quickjs.Context()
    engine.set_time_limit(_TIME)
    engine.set_memory_limit(_MEMORY)
    engine.eval("var exports = {};" + _PARSER.read_text(encoding="utf-8"))
    return quickjs, engine.eval("(text, command) => exports.mhchemParser.toTex(text, command)")
