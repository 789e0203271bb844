"""A vault's snippets as tests, as a person who types `pytest` sees them."""

import pytest

MKDOCS = "site_name: x\nplugins:\n  - search\n  - provenote\nextra: !ENV [X, 1]\n"
NOTE = "# Note\n\n```python run\nimport local\nprint('hello')\nassert local.x == {value}\n```\n"


@pytest.fixture
def vault(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two notes, one with two sessions, and a script; the local module says 1."""
    files = {
        "mkdocs.yml": MKDOCS,
        "local.py": "x = 1\n",
        "README.md": "```python run\n1/0\n```\n",
        "docs/relu/Dying ReLU.md": NOTE.format(value=1),
        "docs/two.md": "```python run\n1\n```\n\n```python run session=b\n2\n```\n",
        "docs/draft.md": "---\ndraft: true\n---\n```python run\n1/0\n```\n",
        "docs/prose.md": "Only words.\n",
        "snippets/dying_relu.py": "x = 1\n\n# %% plot\nx\n",
    }
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pytester


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    result = pytester.runpytest_inprocess("--collect-only", "-q", *arguments)
    return [line for line in result.outlines if line.split(":")[0].endswith((".md", ".py"))]


def test_ids_are_file_and_line(vault: pytest.Pytester) -> None:
    assert collected(vault) == [
        "docs/relu/Dying ReLU.md:4",
        "docs/two.md:2",
        "docs/two.md:6",
        "snippets/dying_relu.py:1",
    ]


def test_an_id_that_was_printed_can_be_given_back(vault: pytest.Pytester) -> None:
    assert collected(vault, "docs/relu/Dying ReLU.md:4") == ["docs/relu/Dying ReLU.md:4"]
    assert collected(vault, "docs/two.md:6") == ["docs/two.md:6"]


def test_names_select(vault: pytest.Pytester) -> None:
    assert collected(vault, "-k", "two") == ["docs/two.md:2", "docs/two.md:6"]


def test_all_pass(vault: pytest.Pytester) -> None:
    vault.runpytest_inprocess("-Werror").assert_outcomes(passed=4)


def test_a_failure_shows_the_authors_traceback_and_output(vault: pytest.Pytester) -> None:
    (vault.path / "local.py").write_text("x = 2\n")
    result = vault.runpytest_inprocess()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ docs/relu/Dying ReLU.md:4  _*",
            "Traceback (most recent call last):",
            '  File "docs/relu/Dying ReLU.md", line 6, in <module>',
            "    assert local.x == 1",
            "AssertionError",
            "docs/relu/Dying ReLU.md:6:*: snippet failed: AssertionError",
            "*Captured stdout call*",
            "hello",
            "FAILED docs/relu/Dying ReLU.md:4*",
        ]
    )
    result.stdout.no_fnmatch_line("*provenote/*")


def test_fences_of_other_programs_are_tests_too(vault: pytest.Pytester) -> None:
    quarto = "```{python}\n#| label: fig-x\nassert False, 'Quarto'\n```\n\n"
    myst = "```{code-cell} python\n:tags: [raises-exception]\n1 / 0\n```\n"
    (vault.path / "docs/two.md").write_text(quarto)
    (vault.path / "docs/prose.md").write_text(myst)
    result = vault.runpytest_inprocess("-k", "two or prose")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["docs/two.md:3:*: snippet failed: AssertionError: Quarto"])


def test_runs_are_fresh_and_leave_no_store(vault: pytest.Pytester) -> None:
    vault.runpytest_inprocess().assert_outcomes(passed=4)
    (vault.path / "local.py").write_text("x = 2\n")
    vault.runpytest_inprocess().assert_outcomes(passed=3, failed=1)
    assert not (vault.path / ".provenote").exists()


def test_the_last_failed_runs_alone_also_beside_other_tests(vault: pytest.Pytester) -> None:
    (vault.path / "local.py").write_text("x = 2\n")
    vault.makepyfile(test_other="def test_bad(): assert 0\ndef test_good(): pass\n")
    vault.runpytest_inprocess().assert_outcomes(passed=4, failed=2)
    vault.runpytest_inprocess("--lf").assert_outcomes(failed=2)


def test_it_runs_on_all_cores(vault: pytest.Pytester) -> None:
    vault.runpytest_inprocess("-n", "2").assert_outcomes(passed=4)


@pytest.mark.parametrize(
    "config",
    [
        "",
        "site_name: x\nplugins: [search]\n",
        "- provenote\n",
        "plugins: [a\n",
    ],
)
def test_other_projects_are_left_alone(vault: pytest.Pytester, config: str) -> None:
    (vault.path / "mkdocs.yml").write_text(config)
    assert vault.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_configuration_that_cannot_be_read_is_said_so(vault: pytest.Pytester) -> None:
    (vault.path / "mkdocs.yml").write_text("plugins: [provenote\n")
    result = vault.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: mkdocs.yml cannot be read: *"])


def test_without_mkdocs_a_setting_names_the_vault(vault: pytest.Pytester) -> None:
    (vault.path / "mkdocs.yml").unlink()
    assert collected(vault) == []
    vault.makeini("[pytest]\nprovenote_vault = docs\n")
    assert len(collected(vault)) == 4


def test_the_plugins_options_hold(vault: pytest.Pytester) -> None:
    (vault.path / "mkdocs.yml").write_text(
        "docs_dir: docs\nplugins:\n  provenote:\n    ignore: [relu/]\n    snippets: other\n"
    )
    assert collected(vault) == ["docs/two.md:2", "docs/two.md:6"]


def test_limits_hold(vault: pytest.Pytester) -> None:
    (vault.path / "docs/two.md").write_text("```python run\n#| timeout: 1\nwhile True: pass\n```\n")
    result = vault.runpytest_inprocess("docs/two.md")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["docs/two.md:3: snippet failed: no end after 1 s"])
