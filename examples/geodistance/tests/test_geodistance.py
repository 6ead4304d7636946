"""What a user of geodistance relies on, and that the kernels agree with the source."""

import geodistance
import hypersonic
import numpy as np
import pytest
from geodistance import distances

POINTS = np.random.default_rng(7)
LATITUDES = POINTS.uniform(-1.5, 1.5, 100)
LONGITUDES = POINTS.uniform(-3.1, 3.1, 100)

FUNCTIONS = ["arc_distance", "chord_lengths", "count_within", "distance_matrix", "nearest", "path_length"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_is_compiled(name):
    info = hypersonic.info(getattr(geodistance, name))
    assert info.state == "cpu", info.reason


def test_quarter_of_the_equator():
    zero, quarter = np.zeros(1), np.full(1, np.pi / 2)
    assert geodistance.arc_distance(zero, zero, zero, quarter) == pytest.approx(np.pi / 2)


def test_arc_distance_agrees_with_its_source():
    arguments = LATITUDES[::2], LONGITUDES[::2], LATITUDES[1::2], LONGITUDES[1::2]
    expected = geodistance.arc_distance.__wrapped__(*arguments)
    np.testing.assert_array_almost_equal_nulp(geodistance.arc_distance(*arguments), expected, 16)


def test_matrix_is_symmetric_and_agrees():
    matrix = geodistance.distance_matrix(LATITUDES, LONGITUDES)
    assert (matrix == matrix.T).all() and (np.diag(matrix) == 0).all()
    np.testing.assert_allclose(matrix, distances.distance_matrix.__wrapped__(LATITUDES, LONGITUDES), rtol=1e-13)


def test_matrix_refuses_different_lengths():
    with pytest.raises(ValueError, match="100 latitudes but 3 longitudes"):
        geodistance.distance_matrix(LATITUDES, LONGITUDES[:3])


def test_path_of_nothing_is_zero():
    assert geodistance.path_length(LATITUDES[:0], LONGITUDES[:0]) == 0.0


def test_nearest_finds_the_point_itself():
    index, angle = geodistance.nearest(LATITUDES[42], LONGITUDES[42], LATITUDES, LONGITUDES)
    assert index == 42 and angle == pytest.approx(0, abs=1e-7)
    with pytest.raises(ValueError, match="no points"):
        geodistance.nearest(0.0, 0.0, LATITUDES[:0], LONGITUDES[:0])


def test_count_within():
    assert geodistance.count_within(4.0, 0.0, 0.0, LATITUDES, LONGITUDES) == 100
    expected = geodistance.count_within.__wrapped__(0.5, 0.1, 0.2, LATITUDES, LONGITUDES)
    assert geodistance.count_within(0.5, 0.1, 0.2, LATITUDES, LONGITUDES) == expected


def test_chords():
    points = POINTS.standard_normal((50, 3))
    expected = geodistance.chord_lengths.__wrapped__(points)
    assert (geodistance.chord_lengths(points) == expected).all()
