"""Great-circle distances by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984)."""

import numpy as np
from hypersonic import boost

EARTH_RADIUS_KM = 6371.0088


@boost
def arc_distance(theta_1: "float[:]", phi_1: "float[:]", theta_2: "float[:]", phi_2: "float[:]"):
    """Angles between pairs of points, shape (n,), from latitudes theta and longitudes phi, each of shape (n,)."""
    temp = np.sin((theta_2 - theta_1) / 2) ** 2 + np.cos(theta_1) * np.cos(theta_2) * np.sin((phi_2 - phi_1) / 2) ** 2
    return 2 * np.arctan2(np.sqrt(temp), np.sqrt(1 - temp))


def haversine(latitude_1, longitude_1, latitude_2, longitude_2):
    """The angle between two points; a plain function that compiled ones call."""
    a = np.sin((latitude_2 - latitude_1) / 2) ** 2
    b = np.cos(latitude_1) * np.cos(latitude_2) * np.sin((longitude_2 - longitude_1) / 2) ** 2
    return 2 * np.arcsin(np.sqrt(a + b))


@boost
def distance_matrix(latitudes: "float[:]", longitudes: "float[:]", radius: float = EARTH_RADIUS_KM):
    """All distances between n points: shape (n, n), symmetric, zero on the diagonal."""
    n = latitudes.shape[0]
    if longitudes.shape[0] != n:
        raise ValueError(f"{n} latitudes but {longitudes.shape[0]} longitudes")
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            distance = radius * haversine(latitudes[i], longitudes[i], latitudes[j], longitudes[j])
            out[i, j] = distance
            out[j, i] = distance
    return out


@boost
def path_length(latitudes: "float[:]", longitudes: "float[:]", radius: float = EARTH_RADIUS_KM):
    """The length of the path through n points, a float; 0 for fewer than two."""
    total = 0.0
    for i in range(len(latitudes) - 1):
        total += haversine(latitudes[i], longitudes[i], latitudes[i + 1], longitudes[i + 1])
    return total * radius


@boost
def chord_lengths(points: "float[:, :]"):
    """Straight distances between consecutive points: `points` of shape (n, 3), result of shape (n - 1,)."""
    steps = points[1:] - points[:-1]
    return np.sqrt((steps * steps).sum(axis=1))
