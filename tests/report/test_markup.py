"""What scenario files say is shown, never run."""

import re

import pytest

from sim.report.markup import Html, clean, escape


def test_text_becomes_markup_only_by_escaping():
    hostile = '<script>alert("1")</script>'
    shown = Html("<p>{}</p>").format(hostile)
    assert shown == "<p>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;</p>"
    assert Html("<b>x</b>") + hostile == "<b>x</b>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;"
    assert escape(shown) == shown
    assert escape("a\x00\x1b[31m\u202eb") == "a[31mb"


def test_a_notebook_shows_html_with_a_short_plain_form():
    bundle = Html("<p>a &amp; <b>b</b></p>")._repr_mimebundle_()
    assert bundle == {"text/html": "<p>a &amp; <b>b</b></p>", "text/plain": "a & b"}
    assert len(Html("<p>" + "x" * 999 + "</p>")._repr_mimebundle_()["text/plain"]) == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p>a<SCRIPT src=//x>alert(1)</p>", "<p>a</p>"),
        ("<script/>alert(1)</script>b", "b"),
        ("<style>*{color:red}</style>x", "x"),
        ('<p onclick="alert(1)" class="c">x</p>', '<p class="c">x</p>'),
        ('<p style="background:url(http://x)">x</p>', "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="&#106;avascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="https://example.org">x</a>', "<a>x</a>"),
        ('<a href="#there">x</a>', '<a href="#there">x</a>'),
        ('<img src="http://x/y.png">', "<img>"),
        ('<img src="data:image/svg+xml;base64,AAAA">', "<img>"),
        ('<img src="data:image/png;base64,AAAA" onerror="x">', '<img src="data:image/png;base64,AAAA">'),
        ("<iframe src='x'>inside</iframe>after", "after"),
        ("<form><input>x</form>y", "y"),
        ("<blink>x</blink>", "x"),
        ("<!-- c --><![CDATA[x]]><?php y ?><!doctype html>z", "z"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("</section></main><p>x", "<p>x</p>"),
        ("<div><p>x</div>y", "<div><p>x</p></div>y"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("<svg><script>1</script><path d='M0'/></svg>", '<svg><path d="M0"/></svg>'),
        ("<svg><foreignObject><p>x</p></foreignObject></svg>", "<svg></svg>"),
        ("<svg onload='x'><set attributeName='href'/></svg>", "<svg></svg>"),
        ('<svg style="fill: url(http://x)"></svg>', "<svg></svg>"),
        ('<svg style="fill: \\75rl(x)"></svg>', "<svg></svg>"),
        (
            '<svg viewBox="0 0 1 1"><use xlink:href="http://x#y"/></svg>',
            '<svg viewBox="0 0 1 1"><use/></svg>',
        ),
    ],
)
def test_only_harmless_markup_passes(given, kept):
    assert clean(given) == kept
    assert clean(kept) == kept


def test_ids_of_figures_do_not_meet():
    svg = (
        '<svg><defs><clipPath id="p1"></clipPath></defs><use xlink:href="#m"/>'
        '<g clip-path="url(#p1)" style="fill: url(#h)"></g></svg>'
    )
    assert re.findall(r"#?b7-\w+", clean(svg, "b7-")) == ["b7-p1", "#b7-m", "#b7-p1", "#b7-h"]
    assert clean('<p id="here">', "b7-") == '<p id="here"></p>'
