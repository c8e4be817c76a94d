"""Fonts for the PDF: where they come from, how small ones are cut, which characters they have. 字体."""
