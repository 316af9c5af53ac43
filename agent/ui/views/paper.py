"""What documents on paper are made of: a small HTML that Qt's text reads, everything escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from agent.ui.views.tones import Rows
from agent.ui.wording import WindowTexts

_STYLE = (
    "h1 { font-size: 17pt; font-weight: bold; margin: 0px 0px 6px 0px; }"
    "h2 { font-size: 11.5pt; font-weight: bold; margin: 16px 0px 4px 0px; }"
    "p { margin: 0px 0px 6px 0px; }"
    "p.cell, p.code { margin: 0px; }"
    "p.code { font-size: 13pt; font-weight: bold; }"
    "p.strong { font-weight: bold; margin: 14px 0px 6px 0px; }"
    "p.apart { margin: 24px 0px 12px 0px; }"
    "p.faint { color: #555555; }"
    "p.big { font-size: 15pt; font-weight: bold; }"
)


# A letter's number and date stand at the other side; all else begins where reading does.
_ALIGNED = {"opposite": ' align="left"', "middle": ' align="center"'}


def paper(texts: WindowTexts, *parts: str) -> str:
    """Put parts (made here) together as one document of the reader's language."""
    side = _side(texts)
    return (
        f"<html><head><style>{_STYLE}</style></head>"
        f'<body dir="{side}">{"".join(parts)}</body></html>'
    )


def title(text: str, texts: WindowTexts) -> str:
    """Make the document's first line."""
    return _block("h1", text, texts)


def heading(text: str, texts: WindowTexts) -> str:
    """Make the heading of what follows."""
    return _block("h2", text, texts)


def paragraph(text: str, texts: WindowTexts, kind: str = "") -> str:
    """Make a paragraph; its own line breaks stay. Kinds: see the style above."""
    return _block("p", text, texts, kind)


def steps(lines: Iterable[str], texts: WindowTexts) -> str:
    """Number lines, in the language's digits: a list of Qt's counts in Latin ones."""
    rows = ((f"{texts.number(at)}.", line) for at, line in enumerate(lines, start=1))
    return _table([(number, line) for number, line in rows], texts, widths=("4%", "96%"))


def facts(rows: Rows, texts: WindowTexts, kind: str = "cell") -> str:
    """Lay names and values out in two columns; the kind `code` makes the values large."""
    return _table(rows, texts, widths=("34%", "66%"), kind=kind)


def listing(header: Sequence[str], rows: Iterable[Sequence[str]], texts: WindowTexts) -> str:
    """Lay out a table with lines around its cells; the header may be empty."""
    style = (
        "border-collapse: collapse; border-style: solid; border-color: #999999; margin-top: 8px;"
    )
    head = f"<tr>{_cells(header, texts, tag='th')}</tr>" if header else ""
    body = "".join(f"<tr>{_cells(row, texts)}</tr>" for row in rows)
    return f'<table width="100%" border="1" cellpadding="5" style="{style}">{head}{body}</table>'


def marked(text: str, texts: WindowTexts) -> str:
    """Escape a text; its line breaks stay, and its first letter does not choose its side."""
    return texts.anchored(escape(text)).replace("\n", "<br>")


def _block(tag: str, text: str, texts: WindowTexts, kind: str = "") -> str:
    css = f' class="{kind}"' if kind else ""
    css += _ALIGNED.get(kind, "") if texts.is_persian else ""
    return f'<{tag} dir="{_side(texts)}"{css}>{marked(text, texts)}</{tag}>'


def _table(
    rows: Iterable[Sequence[str]], texts: WindowTexts, widths: Sequence[str], kind: str = "cell"
) -> str:
    body = "".join(f"<tr>{_cells(row, texts, widths, kind=kind)}</tr>" for row in rows)
    return f'<table width="100%" cellspacing="0" cellpadding="3">{body}</table>'


def _cells(
    row: Sequence[str],
    texts: WindowTexts,
    widths: Sequence[str] = (),
    *,
    tag: str = "td",
    kind: str = "cell",
) -> str:
    """Make the cells of a row; only the last is of the kind."""
    wide = [f' width="{width}"' for width in widths] or [""] * len(row)
    kinds = ["cell"] * (len(row) - 1) + [kind]
    made = [
        f'<{tag}{width} align="{_leading(texts)}">{_block("p", cell, texts, each)}</{tag}>'
        for cell, width, each in zip(row, wide, kinds, strict=True)
    ]
    # Qt's reader lays columns out from left to right in every language.
    return "".join(reversed(made) if texts.is_persian else made)


def _side(texts: WindowTexts) -> str:
    return "rtl" if texts.is_persian else "ltr"


def _leading(texts: WindowTexts) -> str:
    return "right" if texts.is_persian else "left"
