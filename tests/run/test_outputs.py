"""What a cell gives."""

import pytest

from provenote.model import Display, Result, Stream
from tests.run.project import Project, brief, shown, text_of


def kinds(result: Result) -> list[str]:
    return [
        f"{o.name}: {o.text.strip()}" if isinstance(o, Stream) else type(o).__name__
        for outputs in result.outputs
        for o in outputs
    ]


def test_streams_values_and_child_processes_keep_their_order(project: Project) -> None:
    result = project.only(
        """
        import os, subprocess, sys
        print("one")
        print("two", file=sys.stderr)
        os.write(1, b"three\\n")
        subprocess.run(["echo", "four"])
        print("five", file=sys.stderr)
        display(6)
        print("seven")
        8
        """
    )
    assert brief(result.failure) == "fine"
    assert kinds(result) == [
        "stdout: one",
        "stderr: two",
        "stdout: three\nfour",
        "stderr: five",
        "Display",
        "stdout: seven",
        "Display",
    ]


def test_streams_that_alternate_fast_keep_their_order(project: Project) -> None:
    result = project.only(
        """
        import sys
        for i in range(300):
            print(i, file=sys.stderr if i % 2 else sys.stdout)
        """
    )
    texts = [o.text.strip() for o in result.outputs[0] if isinstance(o, Stream)]
    assert texts == [str(i) for i in range(300)]


def test_what_a_child_process_writes_stays_in_its_cell(project: Project) -> None:
    cells = [f"import os\nos.system('echo {number}')" for number in range(40)]
    result = project.only(*(code + ";" for code in cells))
    texts = [[o.text for o in outputs if isinstance(o, Stream)] for outputs in result.outputs]
    assert texts == [[f"{number}\n"] for number in range(40)]


def test_a_process_that_the_author_forks_has_no_say(project: Project) -> None:
    result = project.only(
        """
        import os
        pid = os.fork()
        if pid == 0:
            display("child")
            print("child")
        else:
            os.waitpid(pid, 0)
            display("parent")
        """,
        "print('after')",
    )
    assert brief(result.failure) == "fine"
    assert [data["text/plain"] for data in shown(result, 0)] == ["'parent'"]
    assert text_of(result) == "child\nafter\n"


def test_logging_and_warnings_go_to_stderr_without_a_line_number(project: Project) -> None:
    result = project.only(
        """
        import logging, warnings
        logging.warning("logged")
        warnings.warn("warned")
        """
    )
    assert text_of(result, "stderr") == "WARNING:root:logged\nUserWarning: warned\n"


def test_cells_share_a_namespace_and_future_imports(project: Project) -> None:
    result = project.only(
        "from __future__ import annotations\nx = 2",
        "def f(a: Undefined) -> None: ...\nx + 1",
    )
    assert brief(result.failure) == "fine"
    assert shown(result) == [{"text/plain": "3"}]


@pytest.mark.parametrize("code", ["None", "1;", "x = 1", "1 ;  # quiet", "import json"])
def test_nothing_to_show(project: Project, code: str) -> None:
    assert project.only(code).outputs == ((),)


@pytest.mark.parametrize(
    ("code", "value"),
    [("1 + 1", "2"), ("'; '", "'; '"), ("1  # ;", "1"), ("[\n 1,\n 2,\n]", "[1, 2]")],
)
def test_the_last_value_is_shown(project: Project, code: str, value: str) -> None:
    assert shown(project.only(code)) == [{"text/plain": value}]


def test_rich_values_speak_jupyters_protocol(project: Project) -> None:
    result = project.only(
        """
        class Rich:
            def _repr_html_(self): return "<b>1</b>"
            def _repr_latex_(self): return "$1$"
            def _repr_png_(self): return b"png"
            def _repr_markdown_(self): raise ValueError
            def __repr__(self): return "plain"

        class Bundle:
            def _repr_mimebundle_(self, include=None, exclude=None):
                return {"text/html": "<i>2</i>", "text/plain": "two"}, {}

        display(Rich(), Bundle())
        Rich
        """
    )
    assert shown(result) == [
        {"text/html": "<b>1</b>", "text/latex": "$1$", "image/png": "cG5n", "text/plain": "plain"},
        {"text/html": "<i>2</i>", "text/plain": "two"},
        {"text/plain": "<class '__main__.Rich'>"},
    ]


def test_addresses_do_not_show(project: Project) -> None:
    result = project.only("o = object()\nprint(o)\no")
    assert text_of(result) == "<object object at 0x…>\n"
    assert shown(result) == [{"text/plain": "<object object at 0x…>"}]


def test_an_inline_value_stands_for_itself(project: Project) -> None:
    project.write(
        "docs/note.md",
        "A `{python} f'{x:.2f}'` too.\n\n```python run\nx = 1\n```\n\n`{python} x`\n",
    )
    result = next(iter(project.run().values()))
    assert brief(result.failure) == "docs/note.md:1:16: NameError: name 'x' is not defined"
    project.write("docs/note.md", "```python run\nx = 1/3\n```\n\nIt is `{python} f'{x:.2f}'`.\n")
    result = next(iter(project.run().values()))
    assert result.outputs[1] == (Display({"text/plain": "0.33"}),)


def test_dataclasses_pickle_and_inspect_work_in_a_note(project: Project) -> None:
    result = project.only(
        """
        import dataclasses, inspect, pickle

        @dataclasses.dataclass
        class Point:
            x: "int" = 1

        def double(x):
            return 2 * x

        print(pickle.loads(pickle.dumps(Point(3))))
        print(inspect.getsource(double), end="")
        """
    )
    assert brief(result.failure) == "fine"
    assert text_of(result) == "Point(x=3)\ndef double(x):\n    return 2 * x\n"


def test_a_script_runs_as_main_beside_its_neighbours(project: Project) -> None:
    project.write("snippets/neighbour.py", "name = 'neighbour'\n")
    project.write(
        "snippets/script.py",
        '''\
        """Its docstring is no value."""
        # %% first
        import neighbour
        from pathlib import Path

        print(neighbour.name, __name__, Path(__file__).name, __doc__)
        # %% second
        text = """
        # %% no cell
        """
        if __name__ == "__main__":
            print("main")
        ''',
    )
    result = project.run()[project.plan().sessions[1].id]
    assert [cell.name for cell in project.plan().sessions[1].cells] == ["", "first", "second"]
    assert brief(result.failure) == "fine"
    assert result.outputs[0] == ()
    assert text_of(result) == "neighbour __main__ script.py Its docstring is no value.\nmain\n"


def test_threads_and_exit_functions_end_before_the_session_does(project: Project) -> None:
    result = project.only(
        """
        import atexit, threading, time
        from concurrent.futures import ThreadPoolExecutor

        atexit.register(print, "at exit")
        threading.Thread(target=lambda: (time.sleep(0.1), print("thread"))).start()
        ThreadPoolExecutor(1).submit(print, "pool")
        """
    )
    assert sorted(text_of(result).split("\n")) == ["", "at exit", "pool", "thread"]


def test_output_that_cannot_be_utf8_is_shown_escaped(project: Project) -> None:
    result = project.only("import os\nos.write(1, b'\\xff\\n')\n'\\udc80'")
    assert text_of(result) == "\\xff\n"
    assert shown(result) == [{"text/plain": "'\\udc80'"}]


def test_a_cell_that_is_not_evaluated_gives_nothing(project: Project) -> None:
    result = project.only("#| eval: false\n1/0", "2")
    assert result.outputs[0] == ()
    assert shown(result) == [{"text/plain": "2"}]


def test_standard_modules_can_be_shadowed_as_in_python(project: Project) -> None:
    project.write("selectors.py", "here = 'local'\n")
    project.write("numpy.py", "here = 'local numpy'\n")
    result = project.only("import numpy, selectors\nprint(selectors.here, numpy.here)")
    assert brief(result.failure) == "fine"
    assert text_of(result) == "local local numpy\n"


def test_a_session_cannot_tell_what_was_loaded_before_it(project: Project) -> None:
    result = project.only(
        """
        import sys
        early = {"numpy", "matplotlib", "provenote", "provenote.run.worker"}
        print(early & set(sys.modules))
        import numpy.linalg
        import matplotlib.pyplot
        print(sorted(early & set(sys.modules)))
        print(sys.modules["numpy"] is numpy, numpy.__spec__.origin == numpy.__file__)
        """
    )
    assert text_of(result) == "set()\n['matplotlib', 'numpy']\nTrue True\n"
    assert text_of(result, "stderr") == ""  # NumPy warns when it is loaded twice


def test_random_numbers_start_from_the_same_seed(project: Project) -> None:
    code = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    assert text_of(project.only(code)) == text_of(project.only(code))
