"""IPython's `display` where a snippet imports it: without a notebook it would only print."""

from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from provenote.run import display

_MODULE = "IPython.core.display_functions"


class Finder(MetaPathFinder):
    """Finds the module that defines `display`, and puts ours in its place."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == _MODULE else None
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    def __init__(self, real: Loader) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        ours = (
            display.display,
            display.update_display,
            display.publish_display_data,
            display.clear_output,
        )
        for function in ours:
            setattr(module, function.__name__, function)
