"""Every session runs anew, and what differs from the store is named."""

from provenote.run.reproduce import Reproduction
from provenote.run.sessions import silent
from provenote.run.store import Store
from tests.run.project import Project


def rerun(project: Project) -> list[str]:
    again = Reproduction()
    store = Store(project.settings.store_dir)
    results = again(project.plan().sessions, project.settings, store=store, progress=silent)
    assert {name: result.stored for name, result in results.items()} == {
        name: True for name in results if not results[name].failure
    } | {name: False for name in results if results[name].failure}
    return [str(problem) for problem in again.problems]


def test_what_differs_is_named_and_why(project: Project) -> None:
    outside = project.root.parent / "outside"
    project.note("same.md", "import numpy as np\nnp.random.random(), hash('x')", "{'a', 'b'}")
    project.note("clock.md", "1", "import time\ntime.time()")
    project.note("failing.md", "1/0")
    outside.write_text("1")
    for name, word in (("child.md", "1"), ("broken.md", "import sys; sys.exit('2')")):
        # What a child process reads is not observed.
        code = f"import subprocess\nx = subprocess.getoutput('cat {outside}')"
        project.note(name, f"{code}\nprint(x) if x == '1' or {word!r} == '1' else exec({word!r})")
    project.rerun()
    outside.write_text("2")
    assert rerun(project) == [
        "docs/broken.md:4: session docs/broken.md gave other output when it ran again;"
        " it failed: SystemExit: 2 (irreproducible)",
        "docs/child.md:4: session docs/child.md gave other output when it ran again"
        " (irreproducible)",
        "docs/clock.md:10: session docs/clock.md gave other output when it ran again;"
        " it read time.time (irreproducible)",
    ]
