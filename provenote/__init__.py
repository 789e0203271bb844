"""Provenote: a knowledge base generator whose notes run.

From Python it is two functions: `from provenote import build, run`.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provenote.faces.api import build as build
    from provenote.faces.api import run as run

__all__ = ["build", "run"]


class _Package(ModuleType):
    """Fetches the functions when they are asked for: a session's process has no need of them.

    They have the names of a module and of a package, which the import system would put in
    their place; `from provenote.build import ...` finds those all the same.
    """

    @property
    def build(self) -> Any:
        return _api("build")

    @build.setter
    def build(self, module: ModuleType) -> None:
        pass

    @property
    def run(self) -> Any:
        return _api("run")

    @run.setter
    def run(self, module: ModuleType) -> None:
        pass


def _api(name: str) -> Any:
    from provenote.faces import api  # noqa: PLC0415

    return getattr(api, name)


sys.modules[__name__].__class__ = _Package
