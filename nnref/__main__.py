"""`python -m nnref`: prove the library on this machine, in this NumPy."""

import sys
from time import perf_counter

import numpy as np

from nnref.selfcheck import proofs


def main() -> int:
    """Print each proof with its error and bound.

    Shapes:  ->  exit code
    Raises:  nothing of its own; the exit code is 1 if a proof fails.
    Source:  `nnref.selfcheck`.
    """
    start = perf_counter()
    claims = list(proofs())
    failed = 0
    print(f"nnref on NumPy {np.__version__}: worst error (bound), claim")
    for proof in claims:
        error = proof.measure()
        failed += not proof.holds(error)
        mark = "  " if proof.holds(error) else "✗ "
        print(f"{mark}{error:8.1e} ({proof.bound:.0e})  {proof.claim}")
    verdict = f"{failed} FAILED" if failed else "all hold"
    print(f"{len(claims)} proofs, {verdict}, {perf_counter() - start:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
