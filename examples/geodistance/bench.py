"""What `make demo` times: (name, function, arguments)."""

import geodistance
import numpy as np


def cases():
    """Functions of the package with arguments of a size that matters."""
    rng = np.random.default_rng(0)
    angles = [rng.uniform(0, 3, 1_000_000) for _ in range(4)]
    few = [rng.uniform(-1.5, 1.5, 600) for _ in range(2)]
    points = rng.standard_normal((200_000, 3))
    return [
        ("arc_distance", geodistance.arc_distance, angles),
        ("distance_matrix", geodistance.distance_matrix, few),
        ("path_length", geodistance.path_length, few),
        ("nearest", geodistance.nearest, [0.1, 0.2, *angles[:2]]),
        ("count_within", geodistance.count_within, [0.5, 0.1, 0.2, *angles[:2]]),
        ("chord_lengths", geodistance.chord_lengths, [points]),
    ]
