"""The look of figures: fonts that hold Chinese, colours that survive the colour-blind and the photocopier."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report import glyphs

# Eight colours whose lightness (CIE L*) differs by seven or more, so that they stay apart in grey, and whose
# distance is 24 or more to all kinds of colour vision. Found by search; tests/report/test_style.py
# measures both.
PALETTE = ("#353535", "#4949b4", "#d24f50", "#1fb1cd", "#713500", "#7b9a00", "#895a7a", "#fc9b9f")
# Four more for a study of nine to twelve policies. To all kinds of colour vision their distance from each
# other and from those above is 22 or more; in grey only the marker tells them apart.
MORE = ("#8700ff", "#b487ff", "#5a0f69", "#c3c369")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">", "p", "d")


def use_house_style() -> None:
    """Set matplotlib up for a report's figures. Figures made before keep the look they have."""
    import matplotlib
    from cycler import cycler
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in glyphs.WEIGHTS.values():
        if str(path) not in known:
            font_manager.fontManager.addfont(path)
    grey = "#555555"
    matplotlib.rcParams.update(
        {
            "font.family": [glyphs.FAMILY, glyphs.FALLBACK],
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 9,
            "axes.labelcolor": grey,
            "axes.edgecolor": grey,
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": cycler(color=PALETTE),
            "grid.color": "#e4e4e4",
            "grid.linewidth": 0.6,
            "xtick.color": grey,
            "ytick.color": grey,
            "xtick.labelsize": 8,
            "ytick.labelsize": 8,
            "legend.frameon": False,
            "legend.fontsize": 8,
            "lines.linewidth": 1.6,
            "lines.markersize": 5,
            "errorbar.capsize": 2.5,
            "figure.figsize": (6.6, 3.4),  # inches; the text of an A4 page is 6.85 wide
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "savefig.bbox": "tight",
            "savefig.pad_inches": 0.04,
            "text.parse_math": False,  # "$" in a title is a dollar
            "text.usetex": False,
            "svg.fonttype": "path",  # outlines: right in every browser and in the PDF
            "svg.hashsalt": "jingxi",  # the same figure gives the same bytes
            "pdf.fonttype": 42,
        }
    )


def colour_of(policies: Iterable[str]) -> dict[str, str]:
    """A colour for each policy, by its place in `policies`: give the whole study's list, the current
    rule first.

    The current rule is dark grey. More than twelve policies share one ramp from dark to light.
    """
    names = list(dict.fromkeys(policies))
    colours = PALETTE + MORE
    if len(names) <= len(colours):
        return dict(zip(names, colours, strict=False))
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    ramp = colormaps["cividis"]
    return {name: to_hex(ramp(0.92 * place / (len(names) - 1))) for place, name in enumerate(names)}


def marker_of(policies: Iterable[str]) -> dict[str, str]:
    """A marker for each policy, by its place, for lines and points that would else differ by colour alone."""
    names = list(dict.fromkeys(policies))
    return {name: MARKERS[place % len(MARKERS)] for place, name in enumerate(names)}
