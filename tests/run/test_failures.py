"""What a snippet does wrong is said at its place, and nothing else suffers."""

from provenote.model import Failure, Result, SessionId, Stream
from provenote.run.results import problems
from tests.run.project import Project, brief, shown, text_of

BAD = {
    "syntax": ("x = 1\nx = = 3", "5:5: SyntaxError: invalid syntax"),
    "exception": ("x = 0\n1 / x", "5:1: ZeroDivisionError: division by zero"),
    "exit": ("import sys\nsys.exit(3)", "5:1: SystemExit: 3"),
    "words at exit": ("raise SystemExit('so')", "4:1: SystemExit: so"),
    "os exit": ("import os\nos._exit(4)", "4: the process ended itself with exit code 4"),
    "kill": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "4: the process was ended by SIGKILL",
    ),
    "crash": (
        "import ctypes\nx = 1\nctypes.string_at(0)",
        "6: the process was ended by SIGSEGV",
    ),
    "memory": ("x = b'x' * 2**34", "4:5: MemoryError: the session may take 2048 MB"),
    "full memory": (
        "#| memory: 60\nx, size = [], 2**20\nwhile size:\n    try:\n        x.append(bytes(size))\n"
        "    except MemoryError:\n        size //= 2\nx.append(bytes(2**20))",
        "11:10: MemoryError: the session may take 60 MB",
    ),
    "endless": ("#| timeout: 1\nx = 1\nwhile True: pass", "6: no end after 1 s"),
    "deaf": (
        "#| timeout: 1\nimport signal, time\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "while True:\n    time.sleep(9)",
        "5: no end after 1 s",
    ),
    "flood": ("while True:\n    print('x' * 999)", "4: wrote more than 4 MB"),
    "raw flood": ("import os\nos.system('yes')", "4: wrote more than 4 MB"),
    "big value": ("'x' * 70_000_000", "4: showed more than 64 MB"),
    "network": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "5:1: PermissionError: snippets have no network; `#| network: true` asks for it",
    ),
    "input": ("input()", "4:1: EOFError: EOF when reading a line"),
    "big file": (
        "with open('x', 'wb') as f:\n    f.truncate(2**33)",
        "5:5: OSError: [Errno 27] File too large",
    ),
    "forks": (
        "import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(60)",
        "6:8: PermissionError: a session may start 500 processes, not more",
    ),
    "files": (
        "files = []\nwhile True:\n    files.append(open('/dev/null'))",
        "6:18: OSError: [Errno 24] Too many open files: '/dev/null'",
    ),
    "full disk": (
        "file = open('/dev/full', 'w')\nfile.write('x')\nfile.close()",
        "6:1: OSError: [Errno 28] No space left on device",
    ),
    "abort": ("import os\nos.abort()", "5: the process was ended by SIGABRT"),
    "all of its group": (
        "import os, signal\nos.killpg(0, signal.SIGKILL)",
        "4: the process was ended by SIGKILL",
    ),
    "all descriptors closed": (
        "import os\nos.closerange(0, 99)",
        "4: the process ended itself with exit code 70",
    ),
    "in C": ("#| timeout: 1\nsum(range(10**13))", "5: no end after 1 s"),
    "deaf to all": (
        "#| timeout: 1\nimport signal\nfor number in set(signal.Signals) - {9, 19}:\n"
        "    signal.signal(number, signal.SIG_IGN)\nwhile True: pass",
        "5: no end after 1 s",
    ),
    "thread left": (
        "#| timeout: 1\nimport threading, time\ndef f():\n    while True: time.sleep(0.01)\n"
        "threading.Thread(target=f).start()",
        "5: no end after 1 s",
    ),
    "interrupt": ("x = 1\nraise KeyboardInterrupt", "5:1: KeyboardInterrupt"),
    "terminated": (
        "import os\nos.kill(os.getpid(), 15)",
        "4: the process was ended by SIGTERM",
    ),
    "base": ("class B(BaseException): pass\nraise B('b')", "5:1: B: b"),
    "broken value": (
        "class R:\n    def __repr__(self): raise ValueError('r')\nR()",
        "5:25: ValueError: r",
    ),
    "no builtins": (
        "import builtins\nvars(builtins).clear()",
        "4: the process ended itself with exit code 70",
    ),
    "unprintable": (
        "class E(Exception):\n    def __str__(self): raise E\nraise E",
        "6:1: E: (an error that cannot be printed)",
    ),
    "not raised": (
        "#| error: true\n1",
        "5: was expected to raise (`error: true`) and did not",
    ),
}


def expected(results: dict[SessionId, Result]) -> dict[str, str]:
    return {name: brief(result.failure) for name, result in results.items()}


def test_every_kind_of_failure_is_reported_and_the_rest_runs(project: Project) -> None:
    for name, (code, _) in BAD.items():
        project.note(f"{name}.md", code)
    project.note("good.md", "1 + 1")
    project.note("silent.md", "x = 1")
    results = dict(project.run())
    wanted = {f"docs/{name}.md": f"docs/{name}.md:{text}" for name, (_, text) in BAD.items()}
    fine = {"docs/good.md": "fine", "docs/silent.md": "fine"}
    assert expected(results) == {**wanted, **fine}
    assert len(problems(results)) == len(BAD)


def test_the_problem_names_place_and_cause_with_the_authors_traceback(project: Project) -> None:
    project.write("docs/relu/Dying ReLU.md", "Text\n\n```python run\nx = 0\n1 / x\n```\n")
    (problem,) = problems(project.run())
    assert str(problem) == (
        "docs/relu/Dying ReLU.md:5:1: snippet failed: ZeroDivisionError: division by zero"
        " (snippet-failed)\n"
        "    Traceback (most recent call last):\n"
        '      File "docs/relu/Dying ReLU.md", line 5, in <module>\n'
        "        1 / x\n"
        "        ~~^~~\n"
        "    ZeroDivisionError: division by zero"
    )


def test_a_module_that_raises_is_named_in_the_traceback(project: Project) -> None:
    project.write("lib/inner.py", "def f(x):\n    return 1 / x\n")
    failure = project.only("import lib.inner as inner\n\ninner.f(0)").failure
    assert brief(failure) == "docs/note.md:6:1: ZeroDivisionError: division by zero"
    assert failure is not None
    lines = failure.traceback.splitlines()
    assert [line for line in lines if not set(line) <= set(" ~^")] == [
        "Traceback (most recent call last):",
        '  File "docs/note.md", line 6, in <module>',
        "    inner.f(0)",
        '  File "lib/inner.py", line 2, in f',
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]
    assert lines[-2] == "           ~~^~~"


def test_a_module_with_a_syntax_error_fails_at_its_import(project: Project) -> None:
    project.write("broken.py", "x = = 1\n")
    failure = project.only("y = 1\nimport broken").failure
    assert brief(failure) == "docs/note.md:5:1: SyntaxError: invalid syntax"
    assert failure is not None
    assert 'File "broken.py", line 1' in failure.traceback


def test_frames_of_installed_packages_are_left_out(project: Project) -> None:
    failure = project.only("import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))").failure
    assert brief(failure) == "docs/note.md:5:1: LinAlgError: Singular matrix"
    assert failure is not None
    assert "site-packages" not in failure.traceback
    assert "provenote" not in failure.traceback


def test_a_function_of_an_earlier_cell_fails_where_it_stands(project: Project) -> None:
    result = project.only("def f(x):\n    return 1 / x", "'é'; f(1); f(0)")
    assert brief(result.failure) == "docs/note.md:5:12: ZeroDivisionError: division by zero"
    failure = next(o for o in result.outputs[1] if isinstance(o, Failure))
    assert "line 11, in <module>\n    'é'; f(1); f(0)\n               " in failure.traceback


def test_cells_after_a_failure_do_not_run(project: Project) -> None:
    result = project.only("print(1)", "1/0", "print(2)")
    assert text_of(result) == "1\n"
    assert result.outputs[2] == ()


def test_an_expected_failure_is_an_output(project: Project) -> None:
    result = project.only("#| error: true\n1 / 0", "'on'")
    assert brief(result.failure) == "fine"
    assert [brief(o) for o in result.outputs[0] if isinstance(o, Failure)] == [
        "docs/note.md:5:1: ZeroDivisionError: division by zero"
    ]
    assert shown(result) == [{"text/plain": "'on'"}]


def test_leaving_with_success_is_no_failure(project: Project) -> None:
    result = project.only("print(1)\nraise SystemExit", "print(2)")
    assert brief(result.failure) == "fine"
    assert text_of(result) == "1\n"


def test_of_too_much_output_little_is_kept(project: Project) -> None:
    result = project.only("while True:\n    print('x' * 999)")
    texts = [o.text for o in result.outputs[0] if isinstance(o, Stream)]
    assert sum(map(len, texts)) < 5000


def test_a_figure_that_cannot_be_drawn_fails_in_its_cell(project: Project) -> None:
    result = project.only(
        "import matplotlib.pyplot as plt", "plt.plot([1])\nplt.title(r'$\\frac$')\nx = 1"
    )
    assert brief(result.failure) == "docs/note.md:10: ValueError: \\frac"


def test_a_fence_in_a_list_has_its_line(project: Project) -> None:
    project.write("docs/n.md", "- item\n\n  ```python run\n  x = 0\n  1 / x\n  ```\n")
    result = next(iter(project.run().values()))
    assert brief(result.failure).startswith("docs/n.md:5:")


def test_what_is_no_utf8_is_shown_as_bytes(project: Project) -> None:
    result = project.only(
        "import sys\nsys.stdout.buffer.write(b'\\xff ok\\n');", "print('\\udcff')"
    )
    assert text_of(result) == "\\xff ok\n\\udcff\n"


def test_a_daemon_thread_ends_with_its_session(project: Project) -> None:
    result = project.only(
        """
        import threading, time
        def endless():
            while True: time.sleep(0.01)
        threading.Thread(target=endless, daemon=True).start()
        print("on")
        """
    )
    assert (brief(result.failure), text_of(result)) == ("fine", "on\n")
