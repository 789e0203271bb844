"""A small reference implementation of feed-forward networks: NumPy only, every slope proven.

Conventions of all modules. Batch first: `X (m, n_in)`, `W (n_in, n_out)`, `b (n_out,)`,
`Z = X @ W + b`. Parameters are a tuple of `(W, b)` pairs, one per layer. Functions are pure:
no argument is changed, no random state is global; only `fast`, `inplace` and `overwrite` write
into arrays that are there. They keep the dtype they are given: float32, float64, and complex128,
which is what lets the complex step prove their derivatives.

Import what you need from its module (`from nnref.activations import relu`): the package imports
nothing by itself, so that a program depends on the modules it names and on no other.
"""
