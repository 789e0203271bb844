"""What the server loads before it forks, and how a session comes to it.

A session must not be able to tell: modules that were loaded early are taken out
of `sys.modules` again, and come back when the session imports them. So it is
also known which sessions used them.
"""

import contextlib
import gc
import importlib
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from provenote.run import figures

OURS = "provenote"


class Preloaded:
    """Installed modules that are loaded, in layers: each needs those before it."""

    def __init__(self, layers: list[dict[str, ModuleType]]) -> None:
        self._layers = layers
        self._tops = [frozenset(name.partition(".")[0] for name in layer) for layer in layers]
        self.used: set[str] = set()
        """Top-level names of those that the session has come to."""
        self._hide()

    def seed(self, number: int) -> None:
        """Set where NumPy's global generator starts."""
        numpy: Any = next((layer["numpy"] for layer in self._layers if "numpy" in layer), None)
        if numpy is not None:
            numpy.random.seed(number)

    def _hide(self) -> None:
        """Make `sys.modules` look as if nothing had been loaded early.

        Done before forking: to go through all modules costs a child milliseconds, for it
        touches, and so copies, the memory of each.
        """
        for name in [name for name in sys.modules if name.partition(".")[0] == OURS]:
            del sys.modules[name]
        for layer in self._layers:
            for name in layer:
                sys.modules.pop(name, None)

    def find(self, name: str, local: list[str]) -> ModuleSpec | None:
        """Bring a module back, unless a local one of its name goes first."""
        depth = next((i for i, layer in enumerate(self._layers) if name in layer), None)
        if depth is None or PathFinder.find_spec(name, local):
            return None
        module = self._layers[depth][name]
        for layer, tops in zip(self._layers[: depth + 1], self._tops, strict=False):
            layer.pop(name, None)  # the import system puts it there, or else loads it again
            for other, loaded in layer.items():
                sys.modules.setdefault(other, loaded)
            self.used |= tops
        del self._layers[: depth + 1], self._tops[: depth + 1]
        return ModuleSpec(name, _Again(module), is_package=hasattr(module, "__path__"))


class _Again(Loader):
    """Loads a module that is loaded."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def preload() -> Preloaded:
    """Load NumPy and matplotlib where they are installed, and warm them up."""
    layers = [_layer("numpy", "numpy.random"), _layer("matplotlib.pyplot", "mpl_toolkits.mplot3d")]
    if "matplotlib.pyplot" in sys.modules:
        before = set(sys.modules)
        with contextlib.suppress(Exception):  # a broken font is the snippet's to report
            figures.prepare()
        layers[-1].update(_installed(before))
    preloaded = Preloaded(layers)
    gc.collect()
    gc.freeze()  # keeps pages shared with the children
    return preloaded


def _layer(*names: str) -> dict[str, ModuleType]:
    before = set(sys.modules)
    for name in names:
        with contextlib.suppress(Exception):  # not installed, or broken: the snippet will say
            importlib.import_module(name)
    return _installed(before)


def _installed(before: set[str]) -> dict[str, ModuleType]:
    standard = sys.stdlib_module_names | {OURS}
    return {
        name: module
        for name, module in sys.modules.items()
        if name not in before and name.partition(".")[0] not in standard
    }
