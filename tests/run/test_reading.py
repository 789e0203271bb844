"""However a session comes to a file, it runs again when that file is another one."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.run.project import Project, brief

Edit = Callable[[Path], object]


def rewrite(folder: Path) -> None:
    (folder / "file.txt").write_text("3 4 5")


def remove(folder: Path) -> None:
    (folder / "file.txt").unlink()


def add(folder: Path) -> None:
    (folder / "more.txt").write_text("6")


def deeper(folder: Path) -> None:
    (folder / "sub" / "more.txt").write_text("6")


def insert(folder: Path) -> None:
    with sqlite3.connect(folder / "file.db") as base:
        base.execute("create table t (x)")
    base.close()


def package(folder: Path) -> None:
    (folder / "space" / "__init__.py").write_text("x = 1")


def link(folder: Path) -> None:
    (folder / "link").unlink()
    (folder / "link").symlink_to("sub/file.txt")


WAYS: dict[str, tuple[str, Edit]] = {
    "open": ("open(here / 'file.txt').read()", rewrite),
    "pathlib": ("(here / 'file.txt').read_text()", rewrite),
    "os.open": ("import os\nos.read(os.open(here / 'file.txt', os.O_RDONLY), 9)", rewrite),
    "relative": ("import os\nos.chdir(here)\nopen('file.txt').read()", rewrite),
    "bytes": ("import os\nopen(os.fsencode(here / 'file.txt')).read()", rewrite),
    "numpy": ("import numpy as np\nnp.loadtxt(here / 'file.txt')", rewrite),
    "memmap": ("import numpy as np\nnp.memmap(here / 'file.txt', mode='r')[:3]", rewrite),
    "mmap": (
        "import mmap\nfile = open(here / 'file.txt', 'rb')\n"
        "mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:]",
        rewrite,
    ),
    "fileinput": ("import fileinput\nlist(fileinput.input(here / 'file.txt'))", rewrite),
    "linecache": ("import linecache\nlinecache.getline(str(here / 'file.txt'), 1)", rewrite),
    "sqlite": (
        "import sqlite3\nsqlite3.connect(here / 'file.db').execute('select 1').fetchall()",
        insert,
    ),
    "sqlite by address": (
        "import sqlite3\nbase = sqlite3.connect(f'file:{here}/file.db?mode=ro', uri=True)\n"
        "base.execute('select * from sqlite_master').fetchall()",
        insert,
    ),
    "a shell": ("import subprocess\nsubprocess.getoutput(f'cat {here}/file.txt')", rewrite),
    "size": ("(here / 'file.txt').stat().st_size", lambda p: (p / "file.txt").write_text("1")),
    "getsize": (
        "import os\nos.path.getsize(here / 'file.txt')",
        lambda p: (p / "file.txt").write_text("1"),
    ),
    "exists": ("(here / 'file.txt').exists()", remove),
    "exists not": ("(here / 'more.txt').exists()", add),
    "isfile": ("import os\nos.path.isfile(here / 'more.txt')", add),
    "isdir": ("import os\nos.path.isdir(here / 'new')", lambda p: (p / "new").mkdir()),
    "access": ("import os\nos.access(here / 'more.txt', os.R_OK)", add),
    "try": ("try:\n    open(here / 'more.txt')\nexcept OSError:\n    pass", add),
    "islink": ("(here / 'link').is_symlink(), (here / 'link').readlink()", link),
    "through a link": ("(here / 'link').read_text()", link),
    "listdir": ("import os\nos.listdir(here)", add),
    "iterdir": ("sorted(here.iterdir())[0].name", add),
    "scandir": ("import os\nlen(list(os.scandir(here)))", add),
    "walk": ("import os\nlen(list(os.walk(here)))", deeper),
    "glob": ("import glob\nlen(glob.glob(f'{here}/*.txt'))", add),
    "recursive glob": ("import glob\nlen(glob.glob(f'{here}/**/*', recursive=True))", deeper),
    "path glob": ("len(list(here.glob('*.txt')))", add),
    "path rglob": ("len(list(here.rglob('*')))", deeper),
    "run_path": (
        "import runpy\nrunpy.run_path(str(here / 'code.py'))['x']",
        lambda p: (p / "code.py").write_text("x = 33"),
    ),
    "path entry": (
        "import sys\nsys.path.append(str(here))\nimport code_of_{slug}",
        lambda p: next(p.glob("code_of_*")).write_text("x = 33"),
    ),
    "namespace": (
        "import sys\nsys.path.append(str(here))\nimport space.part",
        package,
    ),
    "no module yet": (
        "import sys\nsys.path.insert(0, str(here))\ntry:\n    import absent\n"
        "except ImportError:\n    pass",
        lambda p: (p / "absent.py").write_text(""),
    ),
    "shadows a package": (
        "import sys\nsys.path.insert(0, str(here))\nimport cycler\ncycler.__name__",
        lambda p: (p / "cycler.py").write_text(""),
    ),
    "resources": (
        "import sys\nsys.path.append(str(here))\nfrom importlib import resources\n"
        "resources.files('space').joinpath('text').read_text()",
        lambda p: (p / "space" / "text").write_text("new"),
    ),
    "modules there are": (
        "import pkgutil\n[one.name for one in pkgutil.iter_modules([str(here)])]",
        lambda p: (p / "another.py").write_text(""),
    ),
    "zip": (
        "import sys\nsys.path.insert(0, str(here / 'z.zip'))\nimport zipped",
        lambda p: zipped(p, "x = 2"),
    ),
}


def zipped(folder: Path, code: str) -> None:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("zipped.py", code)


def furnish(project: Project, slug: str) -> Path:
    for path, text in {
        "file.txt": "1 2",
        "file.db": "",
        "sub/file.txt": "7",
        "code.py": "x = 1",
        f"code_of_{slug}.py": "x = 1",
        "space/part.py": "x = 1",
        "space/text": "old",
    }.items():
        project.write(f"data/{slug}/{path}", text)
    folder = project.root / "data" / slug
    (folder / "link").symlink_to("file.txt")
    zipped(folder, "x = 1")
    return folder


def test_it_runs_again_and_nothing_else_does(project: Project) -> None:
    folders = {}
    for number, (name, (code, _)) in enumerate(WAYS.items()):
        slug = f"way{number}"
        folders[name] = furnish(project, slug)
        depends = f"#| depends: data/{slug}/*.txt\n" if name == "a shell" else ""
        start = f"from pathlib import Path\nhere = Path('{folders[name]}')\n"
        project.note(f"{name}.md", depends + start + code.replace("{slug}", slug))
    everything = {f"docs/{name}.md" for name in WAYS}
    assert project.rerun() == everything
    assert {brief(result.failure) for result in project.last.values()} == {"fine"}
    assert project.rerun() == set()
    names = list(WAYS)
    for edited in (names[::2], names[1::2]):
        for name in edited:
            WAYS[name][1](folders[name])
        assert project.rerun() == {f"docs/{name}.md" for name in edited}
        assert project.rerun() == set()
