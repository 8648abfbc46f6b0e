"""Fonts of a page, and numbers that luck does not touch."""

from __future__ import annotations

import base64
import io
import re

from fontTools.ttLib import TTFont

from sim.evaluate.rates import ShareInterval
from sim.report import glyphs
from sim.report.exhibits import estimated
from sim.report.words import Text, pick


def drawn(faces: str, family: str) -> set[int]:
    """The code points that the faces of a family draw."""
    found = re.findall(rf'font-family:"{family}"[^}}]*base64,([^"]+)"', faces)
    return {point for one in found for point in TTFont(io.BytesIO(base64.b64decode(one))).getBestCmap()}


def test_english_pages_have_no_quotes_as_wide_as_a_chinese_character():
    text = "the staff’s “view” 方案"
    english, chinese = (glyphs.font_faces(text, serif=True, lang=lang) for lang in ("en", "zh"))
    quotes = {ord(c) for c in "’“”"}
    for family in (glyphs.FAMILY, glyphs.SERIF):
        assert not quotes & drawn(english, family)
        assert quotes <= drawn(chinese, family)
        assert ord("方") in drawn(english, family)
    assert quotes <= drawn(english, glyphs.FALLBACK)


class _Page:
    lang = "en"

    def text(self, en: str, zh: str) -> str:
        return pick(Text(en=en, zh=zh), self.lang)


def test_what_is_the_same_in_every_replication_has_neither_decimals_nor_an_interval():
    told = estimated(_Page(), ShareInterval(468_000.0, 468_000.0, 468_000.0, 10), "pay_total")
    assert told == "468,000 (in every replication)"
    assert "[" in estimated(_Page(), ShareInterval(468_000.0, 467_000.0, 469_000.0, 10), "pay_total")
