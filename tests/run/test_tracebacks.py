"""A traceback is Python's own: the same text as that of a script, cut to the author's frames."""

import os
import subprocess
import sys

from tests.run.project import Project, brief, text_of

CODE = {
    "chained": "try:\n    int('x')\nexcept ValueError as error:\n    raise KeyError(1) from error",
    "context": "try:\n    int('x')\nexcept ValueError:\n    1 / 0",
    "from none": "try:\n    int('x')\nexcept ValueError:\n    raise KeyError('y') from None",
    "group": (
        "found = []\nfor text in 'ab':\n    try:\n        int(text)\n"
        "    except ValueError as error:\n        found.append(error)\n"
        "raise ExceptionGroup('several', found)"
    ),
    "deep": "def f(n):\n    return f(n + 1)\nf(0)",
    "over lines": "x = [1,\n     2,\n     (3 +\n      'a')]",
    "a call over lines": "def f(a, b):\n    raise ValueError('no')\nf(1,\n  2)",
    "noted": "error = ValueError('x')\nerror.add_note('a hint')\nraise error",
    "interrupted": "raise KeyboardInterrupt",
    "never closed": "x = (1,\n\ny = 2",
    "not indented": "if True:\nx = 1",
    "beyond ASCII": "é = 1; 'ü'; int('é')",
    "exec": "exec('1/0')",
    "lambda": "f = lambda x: 1 / x\nsorted([0], key=f)",
}


def test_it_is_what_python_prints(project: Project) -> None:
    expected = {}
    utf8 = {**os.environ, "PYTHONUTF8": "1"}
    for name, code in CODE.items():
        project.note(f"{name}.md", code)
        script = project.write(f"{name}.py", "\n" * 3 + code)
        done = subprocess.run(
            [sys.executable, str(script)],
            env=utf8,
            capture_output=True,
            text=True,
            check=False,
        )
        expected[name] = done.stderr.replace(str(script), f"docs/{name}.md").splitlines()
    # What `exec` is given has no file: such a frame is not the author's to see.
    expected["exec"] = [line for line in expected["exec"] if '"<string>"' not in line]
    for name, result in project.run().items():
        assert result.failure is not None
        found = result.failure.traceback.splitlines()
        wanted = expected[name.removeprefix("docs/").removesuffix(".md")]
        if "RecursionError" in wanted[-1]:  # how deep it is depends on what is below
            found[-2] = wanted[-2]
        assert found == wanted, name


def test_of_a_library_only_the_call_is_shown(project: Project) -> None:
    project.write("local.py", "import json\n\ndef load(text):\n    return json.loads(text)\n")
    failure = project.only("import local\nlocal.load('{')").failure
    assert failure is not None
    assert brief(failure).startswith("docs/note.md:5:1: JSONDecodeError: Expecting")
    assert [line for line in failure.traceback.splitlines() if not set(line) <= set(" ~^")] == [
        "Traceback (most recent call last):",
        '  File "docs/note.md", line 5, in <module>',
        "    local.load('{')",
        '  File "local.py", line 4, in load',
        "    return json.loads(text)",
        f"json.decoder.{failure.cause}",
    ]


def test_an_indented_fence_has_its_columns(project: Project) -> None:
    project.write(
        "docs/list.md",
        "- item\n\n  1. two\n\n     ```python run\n     x = 0\n     'é' + str(1 / x)\n     ```\n",
    )
    project.write(
        "docs/callout.md",
        "> [!note] T\n> ```python run\n> x = 0\n> y = (2,\n>      1 / x)\n> ```\n",
    )
    project.write("docs/syntax.md", "> > ```python run\n> > x = = 1\n> > ```\n")
    callout, in_list, syntax = (result.failure for result in project.run().values())
    assert brief(in_list) == "docs/list.md:7:16: ZeroDivisionError: division by zero"
    assert brief(callout) == "docs/callout.md:5:8: ZeroDivisionError: division by zero"
    assert brief(syntax) == "docs/syntax.md:2:9: SyntaxError: invalid syntax"
    assert in_list is not None
    assert in_list.traceback.splitlines()[2:4] == [
        "    'é' + str(1 / x)",
        "              ~~^~~",
    ]


def test_a_thread_that_fails_says_so(project: Project) -> None:
    result = project.only(
        """
        import threading
        def fail():
            1 / 0
        thread = threading.Thread(target=fail, name="worker")
        thread.start()
        thread.join()
        """
    )
    assert brief(result.failure) == "fine"
    assert text_of(result, "stderr").splitlines()[:4] == [
        "Exception in thread worker:",
        "Traceback (most recent call last):",
        '  File "docs/note.md", line 6, in fail',
        "    1 / 0",
    ]
