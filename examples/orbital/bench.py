"""What `make demo` times: (name, function, arguments)."""

import numpy as np
import orbital


def cases():
    """Functions of the package with arguments of a size that matters."""
    rng = np.random.default_rng(0)
    state = rng.standard_normal((512, 512)) + 1j * rng.standard_normal((512, 512))
    k = rng.uniform(-5, 5, (512, 512))
    bodies = rng.standard_normal((200, 3)), rng.uniform(0.5, 1, 200)
    return [
        ("solve_kepler", orbital.solve_kepler, [np.linspace(-3, 3, 2000), 0.3]),
        ("accelerations", orbital.accelerations, bodies),
        ("dispersion", orbital.dispersion, [k]),
        ("evolve", orbital.evolve, [state, k, 1e-9]),
        ("spectrum_energy", orbital.spectrum_energy, [state]),
    ]
