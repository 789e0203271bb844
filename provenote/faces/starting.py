"""The vault that `provenote new` starts."""

import shutil
from contextlib import suppress
from pathlib import Path

STARTER = Path(__file__).parent / "starter"


def start(directory: Path) -> None:
    """Copy the starter into a directory that is empty or not there; all of it, or nothing.

    Raises: OSError.
    """
    sources = [path for path in sorted(STARTER.rglob("*")) if "__pycache__" not in path.parts]
    made = [directory] if not directory.exists() else []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for source in sources:
            target = directory / source.relative_to(STARTER)
            made.append(target)
            if source.is_dir():
                target.mkdir()
            else:
                shutil.copyfile(source, target)
    except OSError:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise
