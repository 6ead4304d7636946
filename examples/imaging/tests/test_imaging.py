"""What a user of imaging relies on, and that the kernels agree with the source."""

import hypersonic
import imaging
import numpy as np
import pytest

RNG = np.random.default_rng(11)


def image(dtype=np.float64, shape=(33, 47)):
    return (RNG.random(shape) * 255).astype(dtype)


@pytest.mark.parametrize("name", imaging.__all__)
def test_is_compiled(name):
    info = hypersonic.info(getattr(imaging, name))
    assert info.state == "cpu", info.reason


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_blur_is_equal_bit_for_bit(dtype, rounds):
    picture = image(dtype)
    result = imaging.blur(picture, rounds)
    assert result.dtype == dtype
    assert (result == imaging.blur.__wrapped__(picture, rounds)).all()


def test_blur_refuses_negative_rounds():
    with pytest.raises(ValueError, match="must not be negative"):
        imaging.blur(image(), -1)


@pytest.mark.parametrize("shape", [(3, 3), (1, 1), (2, 9), (40, 31)])
def test_gradient(shape):
    picture = image(shape=shape)
    assert (imaging.gradient_magnitude(picture) == imaging.gradient_magnitude.__wrapped__(picture)).all()


@pytest.mark.parametrize("view", [np.s_[:, :], np.s_[::-1], np.s_[:, ::2], np.s_[3:20, 5:]])
def test_median_of_any_view(view):
    picture = image(np.uint8)[view]
    result = imaging.median3(picture)
    assert result.dtype == np.uint8
    assert (result == imaging.median3.__wrapped__(picture)).all()


def test_normalise_in_place():
    picture = image()
    expected = picture.copy()
    imaging.normalise.__wrapped__(expected)
    imaging.normalise(picture)
    assert (picture == expected).all() and picture.min() == 0 and picture.max() == 1
    flat = np.full((4, 4), 3.0)
    imaging.normalise(flat)
    assert (flat == 0).all()


def test_threshold():
    picture = image(np.uint8)
    expected = picture.copy()
    count = imaging.threshold.__wrapped__(expected, 100, np.uint8(255))
    assert imaging.threshold(picture, 100, np.uint8(255)) == count
    assert (picture == expected).all()


def test_measures():
    picture = image(np.uint8)
    assert (imaging.histogram(picture) == np.bincount(picture.ravel(), minlength=256)).all()
    assert 0 < imaging.otsu(picture) < 255
    mass, y, x = imaging.moments(image())
    assert mass > 0 and 0 < y < 33 and 0 < x < 47
    with pytest.raises(ValueError, match="without mass"):
        imaging.moments(np.zeros((3, 3)))
