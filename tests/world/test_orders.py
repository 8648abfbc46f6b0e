import numpy as np
import pytest

from sim.world.streams import Streams


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 9, 50, 53, 365])
def test_orders_are_those_of_numpys_generators(count):
    streams = Streams(3, 1)
    names = [("leave", f"clerk_{number}", "2025") for number in range(60)]
    expected = np.array([streams(*name).permutation(count) for name in names])
    np.testing.assert_array_equal(streams.orders(names, count), expected)


def test_no_stream_has_no_order():
    assert Streams(3, 1).orders([], 5).shape == (0, 5)
