"""Filters: each gives a fresh image of the same shape unless it says otherwise."""

import numpy as np
from hypersonic import boost

# A pixel type and an image of it: every function that names it is compiled for both.
Pixel = "float32[:, :] or float64[:, :]"


@boost
def blur(image: Pixel, rounds: int = 1):
    """Averages each inner pixel with its four neighbours, `rounds` times; the border stays."""
    if rounds < 0:
        raise ValueError("rounds must not be negative")
    result = image.copy()
    for _ in range(rounds):
        source = result.copy()
        centre = source[1:-1, 1:-1]
        around = source[:-2, 1:-1] + source[2:, 1:-1] + source[1:-1, :-2] + source[1:-1, 2:]
        result[1:-1, 1:-1] = (centre + around) / 5
    return result


@boost
def gradient_magnitude(image: "float64[:, :]"):
    """The length of the Sobel gradient, zero on the border."""
    height, width = image.shape
    out = np.zeros((height, width))
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            gx = image[y - 1, x + 1] + 2 * image[y, x + 1] + image[y + 1, x + 1]
            gx -= image[y - 1, x - 1] + 2 * image[y, x - 1] + image[y + 1, x - 1]
            gy = image[y + 1, x - 1] + 2 * image[y + 1, x] + image[y + 1, x + 1]
            gy -= image[y - 1, x - 1] + 2 * image[y - 1, x] + image[y - 1, x + 1]
            out[y, x] = np.sqrt(gx * gx + gy * gy)
    return out


@boost
def median3(image: "uint8[:, :] or float64[:, :]"):
    """The median of each pixel and its left and right neighbours; the border columns stay."""
    out = image.copy()
    left, centre, right = image[:, :-2], image[:, 1:-1], image[:, 2:]
    out[:, 1:-1] = np.maximum(np.minimum(left, centre), np.minimum(np.maximum(left, centre), right))
    return out


@boost
def normalise(image: Pixel):
    """Maps the values in place to 0..1; an image of one value becomes zeros."""
    low, high = image.min(), image.max()
    if high == low:
        image[...] = 0
    else:
        image -= low
        image /= high - low


# transonic def threshold(float64[][], float, float64)
# transonic def threshold(uint8[][], int, uint8)
@boost
def threshold(image, level, above):
    """Sets pixels over `level` to `above`, in place, and gives how many there were."""
    over = image > level
    image[over] = above
    return over.sum()
