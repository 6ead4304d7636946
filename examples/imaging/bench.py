"""What `make demo` times: (name, function, arguments)."""

import imaging
import numpy as np


def cases():
    """Functions of the package with arguments of a size that matters."""
    picture = np.random.default_rng(0).random((1000, 1000))
    small = picture[:200, :200].copy()
    return [
        ("blur", imaging.blur, [picture, 1]),
        ("gradient_magnitude", imaging.gradient_magnitude, [small]),
        ("median3", imaging.median3, [picture]),
        ("normalise", imaging.normalise, [picture]),
    ]
