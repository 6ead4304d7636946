"""Two-body orbits and dispersive waves, in units where the gravitational parameter is 1."""

from .kepler import eccentric_anomaly, positions, solve_kepler
from .nbody import accelerations, energy, leapfrog
from .waves import dispersion, evolve, spectrum_energy

__all__ = [
    "accelerations", "dispersion", "eccentric_anomaly", "energy", "evolve", "leapfrog", "positions", "solve_kepler", "spectrum_energy",
]
__version__ = "0.3.1"
