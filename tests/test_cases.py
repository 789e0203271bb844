"""A behaviour is a file: `cases/<room>/<sentence>.yml` says what goes in and what comes out.

    vault:      the notes, path -> text (`!!binary` for bytes)
    snippets:   scripts, path -> text
    files:      other files of the project, path -> text
    settings:   options, as in mkdocs.yml
    markdown_extensions, mdx_configs:   the site's, for what these add to notes
    site_url:   where the site will be
    pages:      note -> its whole body, or {has: [...], lacks: [...]} of fragments
    titles:     note -> title
    urls:       note -> address, of every page there is
    assets:     addresses of every asset from the vault
    made:       address -> {has: [...], lacks: [...]} of an asset that the build makes up
    needs:      a package that is not there on every platform; without it the case is skipped
    problems:   every problem, word for word, without tracebacks (each Python draws its own)
    advice:     what `provenote check` tells besides, word for word

What a case does not name is not looked at, save problems: none means none.
`pytest --update-cases` rewrites problems, urls, assets and whole bodies.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from provenote.build import build
from provenote.faces.python_markdown import dialect
from provenote.model import Asset, Site
from provenote.run.pool import Pool
from provenote.run.sessions import Runner, run
from provenote.settings import read

CASES = Path(__file__).parent / "cases"


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, as people do."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    root.mkdir(exist_ok=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """One server for all cases: they differ in what they run, not in where."""
    with closing(Pool(jobs=2)) as pool:
        yield partial(run, pool=pool)


def built(case: Mapping[str, Any], project: Path, runner: Runner) -> Site:
    write(project / "docs", case.get("vault", {}))
    write(project / "snippets", case.get("snippets", {}))
    write(project, case.get("files", {}))
    settings, problems = read(
        case.get("settings", {}),
        project=project,
        vault=project / "docs",
        site_url=case.get("site_url", ""),
        syntax=dialect(case.get("markdown_extensions", ()), case.get("mdx_configs", {}), project),
    )
    site = build(settings, runner=runner)
    return replace(site, problems=(*problems, *site.problems))


def observed(case: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """What the case is about, as it is: fragments that are not as wanted are left out."""
    bodies = {str(page.source): page.body for page in site.pages}
    all_seen = {
        "pages": {note: seen(want, bodies[note]) for note, want in case.get("pages", {}).items()},
        "titles": {
            page.source: page.title for page in site.pages if page.source in case.get("titles", {})
        },
        "urls": {str(page.source): str(page.url) for page in site.pages},
        "assets": [str(a.url) for a in site.assets if from_vault(a)],
        "made": {url: seen(want, made(url, site)) for url, want in case.get("made", {}).items()},
        "problems": [str(replace(problem, detail="")) for problem in site.problems],
        "advice": list(map(str, site.advice)),
    }
    return {name: value for name, value in all_seen.items() if name in case or name == "problems"}


def from_vault(asset: Asset) -> bool:
    return isinstance(asset.content, Path) and not asset.url.startswith("assets/provenote/")


def made(url: str, site: Site) -> str:
    """What the build makes up at an address; empty where it makes nothing."""
    found = (a.content for a in site.assets if a.url == url and isinstance(a.content, bytes))
    return next(found, b"").decode()


def seen(want: str | Mapping[str, list[str]], body: str) -> str | dict[str, list[str]]:
    if isinstance(want, str):
        return body
    kept = {
        "has": [fragment for fragment in want.get("has", []) if fragment in body],
        "lacks": [fragment for fragment in want.get("lacks", []) if fragment not in body],
    }
    return {name: kept[name] for name in want}


@pytest.mark.parametrize(
    "file",
    sorted(CASES.rglob("*.yml")),
    ids=lambda f: f.relative_to(CASES).with_suffix("").as_posix(),
)
def test_case(file: Path, tmp_path: Path, runner: Runner, request: pytest.FixtureRequest) -> None:
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    if needs := case.get("needs"):
        pytest.importorskip(needs)
    site = built(case, tmp_path, runner)
    now = observed(case, site)
    if request.config.getoption("--update-cases"):
        kept = {
            **case,
            **{name: now[name] for name in now if name not in {"pages", "made"} and now[name]},
        }
        if pages := case.get("pages"):
            bodies = {note: body for note, body in now["pages"].items() if isinstance(body, str)}
            kept["pages"] = {**pages, **bodies}
        if kept != case:
            text = yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
            file.write_text(text, encoding="utf-8")
        return
    expected = {name: case.get(name, []) for name in now}
    assert now == expected, page_bodies(case, site)


def page_bodies(case: Mapping[str, Any], site: Site) -> str:
    wanted = case.get("pages", {})
    return "\n".join(f"--- {p.source}\n{p.body}" for p in site.pages if p.source in wanted)
