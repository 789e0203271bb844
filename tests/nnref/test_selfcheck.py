"""`python -m nnref`: its proofs hold, and it says so in a table and by its exit code."""

import os
import subprocess
import sys

import pytest

from nnref import __main__
from nnref.proof import Proof
from nnref.selfcheck import proofs

PROOFS = list(proofs())


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.claim)
def test_the_proof_holds(proof: Proof) -> None:
    assert proof.measure() <= proof.bound


def test_every_claim_is_made_once() -> None:
    claims = [proof.claim for proof in PROOFS]
    assert len(set(claims)) == len(claims)


def test_the_command_prints_every_proof_within_five_seconds() -> None:
    before = sum(os.times()[2:4])  # user and system time of children
    run = subprocess.run(
        [sys.executable, "-m", "nnref"], capture_output=True, encoding="utf-8", check=True
    )
    assert sum(os.times()[2:4]) - before < 5  # on a processor: others may be busy with it too
    lines = run.stdout.splitlines()
    assert all(claim in run.stdout for claim in (proof.claim for proof in PROOFS))
    assert lines[-1].startswith(f"{len(PROOFS)} proofs, all hold, ")


def test_a_proof_that_fails_is_marked_and_ends_with_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two = [Proof("right", lambda: 1e-16, 1e-13), Proof("wrong", lambda: 2e-3, 1e-13)]
    monkeypatch.setattr(__main__, "proofs", lambda: iter(two))
    assert __main__.main() == 1
    first, second, last = capsys.readouterr().out.splitlines()[1:]
    assert first == "   1.0e-16 (1e-13)  right"
    assert second == "✗  2.0e-03 (1e-13)  wrong"
    assert last.startswith("2 proofs, 1 FAILED, ")


def test_nan_is_no_proof() -> None:
    assert not PROOFS[0].holds(float("nan"))
