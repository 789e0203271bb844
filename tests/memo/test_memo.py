"""The file of the memo: whatever happens to it, nothing wrong comes out of it."""

import datetime
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenote import memo
from provenote.memo import NAME, Memo, key
from provenote.records import plain, restored


def filled(store: Path, entries: int = 200, **options: Any) -> Memo:
    kept = Memo(store, **options)
    for number in range(entries):
        kept.keep(key(number), [number], f"text {number} " * 50)
    kept.close()
    return Memo(store, **options)


def recalled(kept: Memo, entries: int = 200) -> list[int]:
    """The entries that are there; what is there is right."""
    there = []
    for number in range(entries):
        if found := kept.recall(key(number)):
            assert found == ([number], f"text {number} " * 50)
            there.append(number)
    return there


def test_what_was_kept_is_recalled(tmp_path: Path) -> None:
    kept = filled(tmp_path / "store")
    assert recalled(kept) == list(range(200))
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
    filled(tmp_path).close()
    file = tmp_path / NAME
    file.write_bytes(damage(file.read_bytes()))
    broken = Memo(tmp_path)
    recalled(broken)
    broken.close()
    assert recalled(filled(tmp_path)) == list(range(200))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_wrong_is_recalled_from_a_file_with_wrong_bytes(tmp_path: Path, seed: int) -> None:
    filled(tmp_path).close()
    data = bytearray((tmp_path / NAME).read_bytes())
    chance = random.Random(seed)
    for _ in range(100):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    (tmp_path / NAME).write_bytes(data)
    broken = Memo(tmp_path)
    assert len(recalled(broken)) < 200
    assert list(broken.corrupt()) != []
    broken.close()
    assert recalled(filled(tmp_path)) == list(range(200))


def test_two_builds_may_use_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_AT_ONCE", 500)
    with ThreadPoolExecutor(4) as threads:
        for kept in threads.map(lambda _: recalled(filled(tmp_path)), range(8)):
            assert kept == list(range(200))


def test_a_build_does_not_fail_where_another_holds_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "_PATIENCE", 0.0)
    filled(tmp_path).close()
    other = sqlite3.connect(tmp_path / NAME)
    other.execute("BEGIN EXCLUSIVE")
    assert recalled(filled(tmp_path)) == []
    other.close()
    assert recalled(Memo(tmp_path)) == list(range(200))


def test_it_keeps_to_its_limit(tmp_path: Path) -> None:
    kept = filled(tmp_path, 10_000, limit=2_000_000)
    there = recalled(kept, 10_000)
    assert there == list(range(there[0], 10_000))  # what came first goes first
    assert 1_500_000 < kept.size() < 3_500_000
    kept.trim(0)
    assert recalled(kept, 10_000) == []
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
