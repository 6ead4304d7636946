"""Linear waves in a periodic box, in spectral space."""

from typing import Union

import numpy as np
from hypersonic import boost


@boost
def dispersion(wavenumbers: "float[:] or float[:, :]", depth: float = 1.0):
    """Angular frequencies of water waves: sqrt(|k| tanh(|k| depth))."""
    k = np.abs(wavenumbers)
    return np.sqrt(k * np.tanh(k * depth))


@boost
def evolve(state: "complex128[:, :]", frequencies: "float64[:, :]", dt: float):
    """Turns the phase of each mode of the state in place: state *= exp(-i omega dt)."""
    state *= np.exp(-1j * frequencies * dt)


@boost
def spectrum_energy(state: Union["complex128[:]", "complex128[:, :]"]):
    """Half the sum of |state| squared, a float."""
    return 0.5 * np.sum(state.real**2 + state.imag**2)
