"""Gravity between n bodies, softened, and a leapfrog integrator."""

import numpy as np
from hypersonic import boost

SOFTENING = 1e-3


@boost
def accelerations(positions: "float[:, :]", masses: "float[:]"):
    """Accelerations, shape (n, 3), at positions of shape (n, 3) under masses of shape (n,)."""
    n = positions.shape[0]
    out = np.zeros((n, 3))
    for i in range(n):
        for j in range(n):
            if i != j:
                dx = positions[j, 0] - positions[i, 0]
                dy = positions[j, 1] - positions[i, 1]
                dz = positions[j, 2] - positions[i, 2]
                squared = dx * dx + dy * dy + dz * dz + SOFTENING**2
                factor = masses[j] / (squared * np.sqrt(squared))
                out[i, 0] += factor * dx
                out[i, 1] += factor * dy
                out[i, 2] += factor * dz
    return out


@boost
def leapfrog(positions: "float[:, :]", velocities: "float[:, :]", masses: "float[:]", dt: float, steps: int):
    """Moves the bodies in place by `steps` steps of `dt` (kick, drift, kick)."""
    force = accelerations(positions, masses)
    for _ in range(steps):
        velocities += 0.5 * dt * force
        positions += dt * velocities
        force = accelerations(positions, masses)
        velocities += 0.5 * dt * force


@boost
def energy(positions: "float[:, :]", velocities: "float[:, :]", masses: "float[:]"):
    """The total energy, a float."""
    kinetic = 0.5 * np.sum(masses * (velocities**2).sum(axis=1))
    potential = 0.0
    for i in range(len(masses)):
        for j in range(i):
            apart = positions[i] - positions[j]
            potential -= masses[i] * masses[j] / np.sqrt(np.sum(apart * apart) + SOFTENING**2)
    return kinetic + potential
