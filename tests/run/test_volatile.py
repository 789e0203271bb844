"""Sessions whose output is that of one run are known, and said."""

import pytest

from provenote.run.results import volatile
from tests.run.project import Project, brief


def said(project: Project) -> list[str]:
    return [str(problem) for problem in volatile(project.last)]


def advice(*what: str, line: int = 4) -> str:
    read = ", ".join(what)
    return (
        f"docs/note.md:{line}: another run may give other output, for this one read {read}"
        " (volatile)"
    )


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import time; time.time()", "time.time"),
        ("from time import time_ns as t; t()", "time.time_ns"),
        ("import time; time.strftime('%Y')", "time.strftime"),
        ("import time; time.localtime()", "time.localtime"),
        ("from datetime import datetime; datetime.now()", "datetime.now"),
        ("from datetime import datetime, UTC; print(datetime.now(tz=UTC))", "datetime.now"),
        ("import datetime; datetime.date.today()", "time.time"),
        ("import os; os.urandom(1)", "os.urandom"),
        ("import secrets; secrets.token_hex()", "secrets.token_hex"),
        ("import uuid; uuid.uuid4()", "uuid.uuid4"),
        ("import random; random.Random().random()", "randomness without a seed"),
        ("import random; random.seed(); 1", "randomness without a seed"),
        ("import random; random.SystemRandom().random()", "randomness without a seed"),
        ("import numpy as np; np.random.default_rng()", "randomness without a seed"),
        ("import numpy as np; np.random.default_rng(seed=None)", "randomness without a seed"),
        ("#| network: true\n1", "the network"),
    ],
)
def test_what_differs_from_run_to_run_is_said(project: Project, code: str, what: str) -> None:
    assert brief(project.only(code).failure) == "fine"
    line = 5 if "\n" in code else 4
    assert said(project) == [advice(what, line=line)]


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np; np.random.default_rng(0), np.random.random()",
        "import numpy as np; np.random.default_rng(seed=0)",
        "import random; random.Random(3).random(), random.random(); random.seed(1); 1",
        "import time; time.gmtime(0), time.strftime('%Y', time.gmtime(0)), time.monotonic()",
        "from datetime import date, datetime; datetime(2026, 1, 2), date.fromtimestamp(0)",
        "import asyncio, http.client, logging, multiprocessing, tempfile, uuid; 1",
        "import tempfile; tempfile.mkdtemp(); 1",
        "import logging; logging.warning('x')",
        "import matplotlib.pyplot as plt; plt.plot([1, 2])",
        "import time\ndef unused():\n    return time.time()",
        "import time; started = time.time()",
    ],
)
def test_what_does_not_is_not(project: Project, code: str) -> None:
    assert brief(project.only(code).failure) == "fine"
    assert said(project) == []


def test_local_modules_are_the_authors(project: Project) -> None:
    project.write("local.py", "import time\n\ndef stamp():\n    return time.time()\n")
    project.note("note.md", "import local", "1\nlocal.stamp()")
    project.run()
    assert said(project) == [advice("time.time", line=11)]


def test_it_is_stored_and_said_each_time(project: Project) -> None:
    code = "import os, time, uuid\ntime.time(), time.time(), os.urandom(1), uuid.uuid4()"
    project.note("note.md", code)
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()
    assert said(project) == [advice("time.time", "os.urandom", "uuid.uuid4", line=5)]


def test_watched_functions_are_as_they_were(project: Project) -> None:
    result = project.only(
        """
        import copy, datetime, pickle, random, time
        class Stopwatch:
            clock = time.time
        assert Stopwatch().clock() > 0 and repr(time.time) == "<built-in function time>"
        assert pickle.loads(pickle.dumps(time.time)) is time.time is copy.copy(time.time)
        class Moment(datetime.datetime):
            pass
        assert type(Moment.now()) is Moment and type(datetime.datetime.now()) is datetime.datetime
        assert datetime.datetime.now(datetime.UTC).tzinfo is datetime.UTC
        random.seed(5)
        assert random.random() == random.Random(5).random()
        """
    )
    assert brief(result.failure) == "fine"
