"""The file of the memo: whatever happens to it, nothing wrong comes out of it."""

import datetime
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenote import memo
from provenote.memo import NAME, Memo, key
from provenote.records import plain, restored


def fill(store: Path, entries: int = 200, **options: Any) -> None:
    with closing(Memo(store, **options)) as kept:
        for number in range(entries):
            kept.keep(key(number), [number], f"text {number} " * 50)


def recalled(store: Path, entries: int = 200) -> list[int]:
    """The entries that are there."""
    with closing(Memo(store)) as kept:
        return among(kept, entries)


def among(kept: Memo, entries: int = 200) -> list[int]:
    """Those that are there; what is there is right."""
    there = []
    for number in range(entries):
        if found := kept.recall(key(number)):
            assert found == ([number], f"text {number} " * 50)
            there.append(number)
    return there


def test_what_was_kept_is_recalled(tmp_path: Path) -> None:
    fill(tmp_path / "store")
    with closing(Memo(tmp_path / "store")) as kept:
        assert among(kept) == list(range(200))
        assert kept.recall(key("another")) is None
    assert (tmp_path / "store/.gitignore").read_text() == "*\n"


def test_nothing_is_written_where_nothing_is_kept(tmp_path: Path) -> None:
    kept = Memo(tmp_path)
    kept.recall(key(1))
    kept.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"no database",
        lambda data: data[: len(data) // 2],
        lambda data: data[:100],
        lambda data: bytes(len(data)),
    ],
    ids=["empty", "text", "half", "head", "zeros"],
)
def test_a_broken_file_is_begun_anew(tmp_path: Path, damage: Any) -> None:
    fill(tmp_path)
    file = tmp_path / NAME
    file.write_bytes(damage(file.read_bytes()))
    recalled(tmp_path)
    fill(tmp_path)
    assert recalled(tmp_path) == list(range(200))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_wrong_is_recalled_from_a_file_with_wrong_bytes(tmp_path: Path, seed: int) -> None:
    fill(tmp_path)
    data = bytearray((tmp_path / NAME).read_bytes())
    chance = random.Random(seed)
    for _ in range(100):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    (tmp_path / NAME).write_bytes(data)
    with closing(Memo(tmp_path)) as broken:
        assert len(among(broken)) < 200
        assert list(broken.corrupt()) != []
    fill(tmp_path)
    assert recalled(tmp_path) == list(range(200))


def test_two_builds_may_use_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_AT_ONCE", 500)

    def build(_: int) -> list[int]:
        fill(tmp_path)
        return recalled(tmp_path)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(build, range(8))) == [list(range(200))] * 8


def test_a_build_does_not_fail_where_another_holds_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "_PATIENCE", 0.0)
    fill(tmp_path)
    other = sqlite3.connect(tmp_path / NAME)
    other.execute("BEGIN EXCLUSIVE")
    fill(tmp_path)
    assert recalled(tmp_path) == []
    other.close()
    assert recalled(tmp_path) == list(range(200))


def test_it_keeps_to_its_limit(tmp_path: Path) -> None:
    fill(tmp_path, 10_000, limit=2_000_000)
    with closing(Memo(tmp_path)) as kept:
        there = among(kept, 10_000)
        assert there == list(range(there[0], 10_000))  # what came first goes first
        assert 1_500_000 < kept.size() < 3_500_000
        kept.trim(0)
        assert among(kept, 10_000) == []
        assert kept.size() < 500_000


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(datetime.UTC)).map(lambda d: d.replace(fold=0))
    | st.times().map(lambda time: time.replace(fold=0))
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(), values, max_size=5))
def test_properties_come_back_as_they_were_or_are_not_kept(properties: dict[str, Any]) -> None:
    kept = plain(properties)
    assert kept is None or repr(restored(kept)) == repr(properties)


def test_properties_that_hold_themselves_are_not_kept() -> None:
    within: list[Any] = []
    within.append(within)
    laughs: Any = "ha"
    for _ in range(40):
        laughs = [laughs] * 10
    assert plain({"a": within}) is None
    assert plain({"a": laughs}) is None
