"""Colours stay apart for everybody, and the fonts draw what reports say."""

import itertools

import numpy as np
import pytest

from sim.report import glyphs, style

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deutan": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritan": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(linear):
    scaled = linear @ XYZ.T / XYZ.sum(axis=1)
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def palette(colours=style.PALETTE):
    srgb = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_are_far_apart_to_all_kinds_of_vision(vision):
    seen = lab(np.clip(palette() @ np.transpose(VISIONS[vision]), 0, 1))
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 24
    seen = lab(np.clip(palette(style.PALETTE + style.MORE) @ np.transpose(VISIONS[vision]), 0, 1))
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 22


def test_colours_are_apart_in_grey_and_from_paper():
    lightness = np.sort(lab(palette())[:, 0])
    assert np.diff(lightness).min() > 7
    assert lightness.max() < 76


def test_a_policy_keeps_its_colour_and_marker():
    policies = ["current", "half", "double"]
    assert style.colour_of(policies) == dict(zip(policies, style.PALETTE, strict=False))
    assert style.colour_of([*policies, "half", "more"])["double"] == style.colour_of(policies)["double"]
    assert len(set(style.colour_of(map(str, range(20))).values())) == 20
    assert len(set(style.marker_of(map(str, range(12))).values())) == 12
    ten = style.colour_of(map(str, range(10)))
    assert list(ten.values())[:8] == list(style.PALETTE)  # a ninth policy leaves the others' colours


def test_figures_draw_chinese_with_the_shipped_font(recwarn):
    style.use_house_style()
    import matplotlib.pyplot as plt
    from matplotlib.font_manager import findfont

    assert findfont(glyphs.FAMILY) == str(glyphs.WEIGHTS[400])
    drawing, axes = plt.subplots()
    axes.set_title("按时率 −3 ✓")
    drawing.canvas.draw()
    plt.close(drawing)
    assert not [warning for warning in recwarn if "missing" in str(warning.message)]


def test_missing_glyphs_are_known():
    assert glyphs.missing_glyphs("按时率（%） [−0.3, +2.7] ≤ “引号” ✓\n\t") == set()
    assert glyphs.missing_glyphs("a 𠮷 🦄") == {"𠮷", "🦄"}


def test_a_figure_of_rows_takes_half_a_page_where_its_names_fit():
    from sim.report.figures import height_of

    assert height_of(5, 0.2, 1.0) == pytest.approx(2.0)
    assert height_of(26, 0.2, 1.0) == pytest.approx(4.6)
    assert height_of(40, 0.2, 1.0) == pytest.approx(40 * 0.13 + 1)  # rows closer than that are not read
    assert height_of(500, 0.2, 1.0) == pytest.approx(8.7)
