"""Numbers that describe an image."""

import numpy as np
from hypersonic import boost


# pythran export histogram(uint8[:, :])
@boost
def histogram(image):
    """How often each of the 256 values occurs: shape (256,), int64."""
    counts = np.zeros(256, dtype=np.int64)
    for row in image:
        for value in row:
            counts[value] += 1
    return counts


# pythran export otsu(uint8[:, :])
@boost
def otsu(image):
    """Otsu's threshold (N. Otsu, 1979): the level that best separates two classes of pixels, an int."""
    counts = histogram(image)
    total = image.size
    overall = 0
    for level in range(256):
        overall += level * int(counts[level])
    best, best_level = -1.0, 0
    below, sum_below = 0, 0
    for level in range(256):
        below += int(counts[level])
        if below == 0:
            continue
        above = total - below
        if above == 0:
            break
        sum_below += level * int(counts[level])
        difference = sum_below / below - (overall - sum_below) / above
        between = below * above * difference * difference
        if between > best:
            best, best_level = between, level
    return best_level


# pythran export moments(float64[:, :])
@boost
def moments(image):
    """The mass, and the centre of mass (y, x): three floats. ValueError for an image without mass."""
    mass = image.sum()
    if mass == 0:
        raise ValueError("an image without mass has no centre")
    height, width = image.shape
    rows = np.arange(height)
    columns = np.arange(width)
    y = (image.sum(axis=1) * rows).sum() / mass
    x = (image.sum(axis=0) * columns).sum() / mass
    return mass, y, x
