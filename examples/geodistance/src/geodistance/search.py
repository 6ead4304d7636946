"""Searches among points."""

import numpy as np
from hypersonic import boost

from .distances import haversine


@boost
def nearest(latitude: float, longitude: float, latitudes: "float[:]", longitudes: "float[:]"):
    """The index of the nearest of n points and its angle: (int, float). ValueError if there is none."""
    if latitudes.size == 0:
        raise ValueError("no points")
    angles = haversine(latitude, longitude, latitudes, longitudes)
    best = np.argmin(angles)
    return best, angles[best]


@boost
def count_within(angle: float, latitude: float, longitude: float, latitudes: "float[:]", longitudes: "float[:]"):
    """How many of n points lie within an angle of a point."""
    inside = haversine(latitude, longitude, latitudes, longitudes) <= angle
    return int(inside.sum())
