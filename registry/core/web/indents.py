"""Takes the indents of templates off, once, as they are compiled: pages get shorter and look the same. 缩进."""

import re
from collections.abc import Iterator

from flask import Flask
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

INDENTED = re.compile(r"[ \t]*\n[ \t]+")


def install(app: Flask) -> None:
    """For pages; papers have an environment of their own."""
    app.jinja_env.add_extension(Flush)


class Flush(Extension):
    """A line break stays a line break, so that words stay apart and poems keep their lines."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """What stands outside of braces, without spaces at the ends of lines."""
        for token in stream:
            is_text = token.type == "data"
            yield Token(token.lineno, token.type, INDENTED.sub("\n", token.value)) if is_text else token
