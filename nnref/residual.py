"""A residual block: a network that learns what to add to its input."""

from nnref.activations import Activation, relu
from nnref.arrays import Array, Params, floats, require_same_shape
from nnref.mlp import Cache, backward, forward


def residual(params: Params, X: Array, act: Activation | str = relu) -> tuple[Array, Cache]:
    """The input plus the network of it, Y = X + F(X), and the cache for `residual_vjp`.

    Shapes:  params, X (m, n_0)  ->  Y (m, n_0), cache
    Raises:  as `nnref.mlp.forward`; ValueError unless the network has as many outputs as inputs.
    Source:  He, Zhang, Ren and Sun, CVPR 2016, arXiv:1512.03385, eq. 1.
    """
    out, cache = forward(params, X, act)
    if out.shape != X.shape:
        raise ValueError(f"residual: F(X) {out.shape} and X {X.shape} must have one shape")
    return X + out, cache


def residual_vjp(params: Params, cache: Cache, dY: Array) -> tuple[Params, Array]:
    """The loss gradients by the parameters and by X: what F gives back, plus dY itself.

    The second summand is why depth does not make the gradient vanish: it passes untouched.

    Shapes:  params, cache, dY (m, n_0)  ->  grads, dX (m, n_0)
    Raises:  as `nnref.mlp.backward`; ValueError unless dY has the shape of X.
    Source:  He, Zhang, Ren and Sun, ECCV 2016, arXiv:1603.05027, eq. 5.
    """
    dY = floats("residual_vjp", "dY", dY)
    require_same_shape("residual_vjp", "dY", dY, "X", cache.inputs[0])
    grads, dX = backward(params, cache, dY)
    return grads, dX + dY
