"""What a user of orbital relies on, and that the kernels agree with the source."""

import hypersonic
import numpy as np
import orbital
import pytest

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("name", orbital.__all__)
def test_is_compiled(name):
    info = hypersonic.info(getattr(orbital, name))
    assert info.state == "cpu", info.reason


@pytest.mark.parametrize("eccentricity", [0.0, 0.1, 0.79, 0.95])
def test_solution_satisfies_keplers_equation(eccentricity):
    means = np.linspace(-3, 3, 101)
    anomalies = orbital.solve_kepler(means, eccentricity)
    np.testing.assert_allclose(anomalies - eccentricity * np.sin(anomalies), means, atol=1e-12)


@pytest.mark.parametrize("eccentricity", [-0.1, 1.0, 2.5])
def test_other_conics_are_refused(eccentricity):
    with pytest.raises(ValueError, match=f"eccentricity {eccentricity:.3f} is not of an ellipse"):
        orbital.eccentric_anomaly(1.0, eccentricity)


def test_no_convergence_for_nan():
    with pytest.raises(ArithmeticError, match="no convergence"):
        orbital.eccentric_anomaly(float("nan"), 0.5)


def test_positions():
    anomalies = RNG.uniform(-3, 3, 50)
    np.testing.assert_allclose(orbital.positions(anomalies, 0.3, 2.0), orbital.positions.__wrapped__(anomalies, 0.3, 2.0), rtol=1e-14)


def system():
    return RNG.standard_normal((8, 3)), 0.1 * RNG.standard_normal((8, 3)), RNG.uniform(0.5, 1, 8)


def test_accelerations_are_equal_bit_for_bit():
    positions, _, masses = system()
    assert (orbital.accelerations(positions, masses) == orbital.accelerations.__wrapped__(positions, masses)).all()


def test_momentum_and_energy_are_kept():
    positions, velocities, masses = system()
    momentum = (masses[:, None] * velocities).sum(axis=0)
    before = orbital.energy(positions, velocities, masses)
    orbital.leapfrog(positions, velocities, masses, 1e-4, 200)
    np.testing.assert_allclose((masses[:, None] * velocities).sum(axis=0), momentum, atol=1e-12)
    assert orbital.energy(positions, velocities, masses) == pytest.approx(before, rel=1e-4)


def test_leapfrog_moves_its_arguments_as_python_does():
    positions, velocities, masses = system()
    ours = positions.copy(), velocities.copy()
    theirs = positions.copy(), velocities.copy()
    orbital.leapfrog(*ours, masses, 1e-3, 5)
    orbital.leapfrog.__wrapped__(*theirs, masses, 1e-3, 5)
    assert (ours[0] == theirs[0]).all() and (ours[1] == theirs[1]).all()


def test_waves():
    k = RNG.uniform(-5, 5, (12, 16))
    omega = orbital.dispersion(k)
    np.testing.assert_allclose(omega, orbital.dispersion.__wrapped__(k), rtol=1e-14)
    state = RNG.standard_normal((12, 16)) + 1j * RNG.standard_normal((12, 16))
    before = orbital.spectrum_energy(state)
    for _ in range(10):
        orbital.evolve(state, omega, 0.1)
    assert orbital.spectrum_energy(state) == pytest.approx(before, rel=1e-13)
