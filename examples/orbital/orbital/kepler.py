"""Kepler's equation M = E - e sin E, by Newton's method."""

import math

import numpy as np
from hypersonic import boost

TOLERANCE = 1e-12
MAX_ITERATIONS = 50


@boost
def eccentric_anomaly(mean_anomaly: float, eccentricity: float):
    """E in radians for one mean anomaly (radians) and 0 <= eccentricity < 1; ValueError outside, ArithmeticError if not found."""
    if not 0 <= eccentricity < 1:
        raise ValueError(f"eccentricity {eccentricity:.3f} is not of an ellipse")
    anomaly = mean_anomaly if eccentricity < 0.8 else math.copysign(math.pi, mean_anomaly)
    for _ in range(MAX_ITERATIONS):
        change = (anomaly - eccentricity * math.sin(anomaly) - mean_anomaly) / (1 - eccentricity * math.cos(anomaly))
        anomaly -= change
        if abs(change) < TOLERANCE:
            return anomaly
    raise ArithmeticError("no convergence")


@boost
def solve_kepler(mean_anomalies: "float[:]", eccentricity: float):
    """E in radians for an array of mean anomalies."""
    result = np.empty_like(mean_anomalies)
    for i, mean_anomaly in enumerate(mean_anomalies):
        result[i] = eccentric_anomaly(float(mean_anomaly), eccentricity)
    return result


@boost
def positions(anomalies: "float[:]", eccentricity: float, semi_major_axis: float = 1.0):
    """Places in the plane of the orbit, shape (2, n), for eccentric anomalies of shape (n,)."""
    place = np.empty((2, anomalies.size))
    place[0] = semi_major_axis * (np.cos(anomalies) - eccentricity)
    place[1] = semi_major_axis * np.sqrt(1 - eccentricity**2) * np.sin(anomalies)
    return place
