"""Determine the characters that the shipped fonts can draw, and subset the fonts for a page."""

from __future__ import annotations

import base64
import io
import string
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

FAMILY, SERIF, FALLBACK = "Noto Sans SC", "Noto Serif SC", "DejaVu Sans"
CURLY = "\u2018\u2019\u201c\u201d"  # quotes and the apostrophe
FOLDER = Path(__file__).with_name("fonts")
WEIGHTS = {400: FOLDER / "NotoSansSC-Regular.subset.ttf", 700: FOLDER / "NotoSansSC-Bold.subset.ttf"}
_NAMES = (0, 1, 2, 13, 14)  # the licence asks that its notice travels along
SERIF_WEIGHTS = {400: FOLDER / "NotoSerifSC-Regular.subset.ttf", 700: FOLDER / "NotoSerifSC-Bold.subset.ttf"}


class MissingGlyph(UserWarning):
    """A character would reach the reader as an empty box."""


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of `text` that neither the shipped font nor the fallback can draw."""
    left = {
        c
        for c in set(text)
        if not unicodedata.category(c).startswith("C") and ord(c) not in covered(WEIGHTS[400])
    }
    return {c for c in left if ord(c) not in covered(fallback_font())} if left else set()


def font_faces(text: str, serif: bool = False, lang: str = "zh") -> str:
    """Build CSS ``@font-face`` rules with the glyphs of `text` as data: 20 to 60 KB a weight; `serif`: of
    both families. `lang` is the page's: the shipped fonts draw curly quotes as wide as a Chinese character,
    which tears English words apart; an English page has them from the fallback."""
    characters = set(text)  # a page has millions, and few different ones
    wide = set() if lang == "zh" else set(map(ord, CURLY))
    wanted = frozenset(map(ord, characters | set(string.printable))) - wide
    families = [(FAMILY, WEIGHTS)] + ([(SERIF, SERIF_WEIGHTS)] if serif else [])
    faces = [
        _face(family, weight, path, wanted & covered(path))
        for family, weights in families
        for weight, path in weights.items()
    ]
    left = {ord(c) for c in characters if not unicodedata.category(c).startswith("C")}
    left -= covered(WEIGHTS[400]) - wide
    if left and (left := left & covered(fallback_font())):
        faces.append(_face(FALLBACK, 400, fallback_font(), frozenset(left)))
    return "\n".join(faces)


def fallback_font() -> Path:
    """Return the font that comes with matplotlib: mathematics and signs, no Chinese."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@cache
def covered(font: Path) -> frozenset[int]:
    """Return the code points that `font` draws."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


@lru_cache(64)  # English pages of one kind have the same letters
def _face(family: str, weight: int, font: Path, points: frozenset[int]) -> str:
    from fontTools import subset
    from fontTools.ttLib.woff2 import WOFF2FlavorData

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "ccmp", "liga", "locl"]
    options.hinting = False
    options.recalc_timestamp = False  # the same text gives the same bytes
    options.drop_tables += ["STAT", "vhea", "vmtx", "BASE", "FFTM"]
    with subset.load_font(font, options, lazy=True) as opened:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=points)
        names = opened["name"]
        kept = [one for one in names.names if one.nameID in _NAMES and one.isUnicode()]
        names.names = [one for one in kept if one.langID in options.name_languages]
        del opened["name"]  # else all of the font is searched for names, which takes a third of the time
        cutter.subset(opened)
        opened["name"] = names
        opened.flavorData = WOFF2FlavorData(transformedTables=())  # a fifth larger, sooner made and read
        data = io.BytesIO()
        subset.save_font(opened, data, options)
    encoded = base64.b64encode(data.getvalue()).decode()
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:normal;'
        f'src:url("data:font/woff2;base64,{encoded}") format("woff2")}}'
    )
