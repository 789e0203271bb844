"""The same project gives the same bytes, whoever builds it and with how many hands."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.run.project import Project

BUILD = """
import dataclasses, json, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from provenote.run.pool import Pool
from tests.run.project import Project
with Pool(jobs=int(sys.argv[1])) as pool:
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
    for name, code in NOTES.items():
        project.note(name, code)
    first = outputs(project.root, jobs=1, hash_seed="1")
    second = outputs(project.root, jobs=2, hash_seed="2")
    assert len(first) == len(NOTES)
    assert first == second
