"""Filters for grey images: arrays of shape (height, width)."""

from imaging.filters import blur, gradient_magnitude, median3, normalise, threshold
from imaging.measure import histogram, moments, otsu

__all__ = ["blur", "gradient_magnitude", "histogram", "median3", "moments", "normalise", "otsu", "threshold"]
__version__ = "2.0"
