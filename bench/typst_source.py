"""A signing copy in Typst's own markup: the same text, nearly the same page."""

from bench.rival_typst import ROUND
from registry.documents.data import SigningCopy

SIGNS = frozenset('\\#$*_`<>@[]~"')
PAGE = """
#set document(date: datetime(year: 2023, month: 3, day: 18))
#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm), numbering: "— 1 —")
#set text(font: ("Registry FangSong", "Registry Latin", "Registry Song", "Registry Rare"), size: 16pt, lang: "zh")
#set par(justify: true, leading: 13pt, first-line-indent: (amount: 2em, all: true))
#show heading: set text(font: ("Registry Hei", "Registry Latin"), size: 16pt)
"""


def typst_source(data: SigningCopy) -> str:
    """The document as Typst reads it; each paragraph of an article says its round."""
    lines = [f"#align(center)[#text(size: 22pt, weight: 700)[{_plain(data.title_zh)}]]", _plain(data.number)]
    lines += [_plain(" ".join((party.label, party.name, party.code, party.address))) for party in data.parties]
    lines += [_plain(text) for text in data.preamble]
    for article in data.articles:
        lines.append(f"= {_plain(article.heading)}")
        lines += [f"{_plain(text)}{ROUND}" for text in article.paragraphs]
    for annex in data.annexes:
        if annex.table:
            cells = [*annex.table.header, *(cell for row in annex.table.rows for cell in row)]
            shown = ", ".join(f"[{_plain(cell)}]" for cell in cells)
            lines.append(f"#pagebreak()\n#table(columns: {len(annex.table.header)}, {shown})")
    return f"// {ROUND}\n{PAGE}" + "\n\n".join(lines)


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in SIGNS else sign for sign in text)
