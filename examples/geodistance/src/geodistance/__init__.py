"""Distances between points on a sphere.

Angles are in radians. Distances are in units of the radius, or in the unit of `radius` where one is given.
"""

from geodistance.distances import arc_distance, chord_lengths, distance_matrix, path_length
from geodistance.search import count_within, nearest

__all__ = ["arc_distance", "chord_lengths", "count_within", "distance_matrix", "nearest", "path_length"]
__version__ = "1.2.0"
