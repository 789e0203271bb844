"""The same project gives the same bytes, whoever builds it and with how many hands."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from provenote.run.pool import Pool
from provenote.run.sessions import run
from tests.run.project import Project

BUILD = """
import dataclasses, json, sys
from dataclasses import replace
from contextlib import closing
from pathlib import Path
sys.path.insert(0, {root!r})
from provenote.run.pool import Pool
from provenote.run.sessions import run
from tests.run.project import Project
with closing(Pool(jobs=int(sys.argv[1]))) as pool:
    results = Project(Path(sys.argv[2]), pool).run()
for result in results.values():
    print(json.dumps([result.session, repr(result.outputs), repr(result.failure)]))
"""

NOTES = {
    "figure.md": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.bar([1], [2], hatch='/');",
    "polar.md": "import matplotlib.pyplot as plt\nplt.subplot(projection='polar').plot([1, 2]);",
    "3d.md": "import matplotlib.pyplot as plt\nplt.subplot(projection='3d').plot([1], [2], [3]);",
    "image.md": "import matplotlib.pyplot as plt\nplt.imshow([[1, 2], [3, 4]]);",
    "sets.md": "print({'a', 'b', 'c'}, hash('x'))",
    "objects.md": "o = object()\nprint(o)\n[o]",
    "random.md": "import random, numpy as np\nprint(random.random(), np.random.rand())",
    "sums.md": "import numpy as np\nx = np.random.rand(300, 300)\nprint((x @ x).sum())",
    "environment.md": "import os, time, locale\nprint(time.tzname, os.environ['COLUMNS'])",
    "failure.md": "def f():\n    return 1 / 0\nf()",
    "streams.md": "import os, sys\nprint(1)\nos.system('echo 2')\nprint(3, file=sys.stderr)",
    "rich.md": "class R:\n    def _repr_html_(self): return '<b>r</b>'\ndisplay(R(), 2)\nR()",
    "modules.md": "import core, sys\nprint(core.value, 'numpy' in sys.modules, len(sys.path))",
    "loaded.md": "import sys, numpy\nsorted(one for one in sys.modules if 'numpy' in one)",
    "gone.md": "import os\nos._exit(2)",
    "killed.md": "import os\nos.kill(os.getpid(), 9)",
    "crash.md": "import ctypes\nctypes.string_at(0)",
    "memory.md": "x = b'x' * 2**34",
    "endless.md": "#| timeout: 2\nwhile True: pass",
    "threads.md": "import threading\nt = threading.Thread(target=print, args=[1])\nt.start()",
    "later.md": "import atexit\natexit.register(print, 'bye')\n1",
    "async.md": "import asyncio\nawait asyncio.sleep(0, 'slept')",
    "expected.md": "#| error: true\nimport nothing",
    "volatile.md": "import time\nx = time.time()",
}


def outputs(project: Path, jobs: int, hash_seed: str) -> list[list[str]]:
    code = BUILD.format(root=str(Path(__file__).parents[2]))
    environment = {
        **os.environ,
        "PYTHONHASHSEED": hash_seed,
        "COLUMNS": hash_seed,
        "TZ": "Asia/Tokyo",
        "OMP_NUM_THREADS": hash_seed,
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(jobs), str(project)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_neither_hash_seed_nor_jobs_nor_environment_changes_a_byte(project: Project) -> None:
    project.write("core.py", "value = 1\n")
    for name, code in NOTES.items():
        project.note(name, code)
    first = outputs(project.root, jobs=1, hash_seed="1")
    second = outputs(project.root, jobs=2, hash_seed="2")
    assert len(first) == len(NOTES)
    assert first == second


def test_a_new_interpreter_for_each_session_gives_the_same(project: Project) -> None:
    """As where fork is not safe."""
    project.write("core.py", "value = 1\n")
    for name in sorted(NOTES)[::2]:  # each takes a second
        project.note(name, NOTES[name])
    forked = project.run()
    with closing(Pool(jobs=2, fork=False)) as pool:
        fresh = run(project.plan().sessions, project.settings, store=None, pool=pool)
    assert len(fresh) == len(NOTES) / 2
    for name, result in fresh.items():
        assert replace(result, seconds=0) == replace(forked[name], seconds=0)
