"""Cells of a note may say `await` outside a function, as in notebooks."""

from tests.run.project import Project, brief, shown, text_of


def test_await_stands_at_top_level(project: Project) -> None:
    result = project.only(
        """
        import asyncio
        async def double(x):
            await asyncio.sleep(0)
            return 2 * x
        queue = asyncio.Queue()
        six = await double(3)
        await double(21)
        """,
        """
        await queue.put(six)  # of the loop that the cell above ran in
        task = asyncio.create_task(double(4))
        await queue.get()
        """,
        "await task",
    )
    assert brief(result.failure) == "fine"
    values = [data["text/plain"] for cell in range(3) for data in shown(result, cell)]
    assert values == ["42", "6", "8"]


def test_a_value_in_the_prose_may_await(project: Project) -> None:
    project.write(
        "docs/note.md",
        "```python run\nasync def f():\n    return 5\n```\n\nIt is `{python} await f()`.\n",
    )
    (result,) = project.run().values()
    assert brief(result.failure) == "fine"
    assert shown(result) == [{"text/plain": "5"}]


def test_an_error_in_a_coroutine_has_its_place(project: Project) -> None:
    result = project.only("async def f():\n    return 1 / 0", "x = await f()")
    assert brief(result.failure) == "docs/note.md:5:12: ZeroDivisionError: division by zero"
    assert result.failure
    assert "asyncio" not in result.failure.traceback
    assert 'File "docs/note.md", line 11, in <module>' in result.failure.traceback


def test_cells_without_it_may_run_a_loop_of_their_own(project: Project) -> None:
    result = project.only(
        "import asyncio\nawait asyncio.sleep(0)",
        "async def f():\n    return 5\nasyncio.run(f())",
        "await f()",
    )
    assert [shown(result, cell) for cell in (1, 2)] == [[{"text/plain": "5"}]] * 2


def test_tasks_left_over_are_cancelled(project: Project) -> None:
    result = project.only(
        """
        import asyncio
        async def forever():
            try:
                await asyncio.sleep(1000)
            finally:
                print("cancelled")
        task = asyncio.create_task(forever())
        await asyncio.sleep(0)
        """
    )
    assert (brief(result.failure), text_of(result)) == ("fine", "cancelled\n")


def test_scripts_are_as_python_reads_them(project: Project) -> None:
    project.write("snippets/a.py", "import asyncio\nawait asyncio.sleep(0)\n")
    project.write("docs/note.md", "")
    (result,) = project.run().values()
    assert brief(result.failure) == "snippets/a.py:2:1: SyntaxError: 'await' outside function"
