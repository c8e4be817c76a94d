"""Text for finding: folded, cut into overlapping grams, and what a search asks of them. 检索分词.

Chinese is cut into overlapping pairs, since most words have two characters; Latin letters and digits into fours, since
pairs and threes of letters stand in nearly every text (pinyin above all). The end of each piece is kept shorter too, so
that every place of a text begins a token and one character is found as the beginning of one. Tokens only narrow:
whatever they lead to is compared with the text itself.
"""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

LONGEST = 100  # characters of what somebody types
MOST_WORDS = 8
MOST_GRAMS = 24
CHINESE, LATIN = 2, 4  # characters of a token
LONG = 8  # letters
BEGINNING = 2  # letters that are common enough to be asked for by a mark of their own
FACET = "\ue000"  # a character for private use: no text keeps it, so no text is taken for a facet
EVERYBODY = 0  # the number of no organisation: what everyone may see


def folded(text: str) -> str:
    """Words of letters and digits alone, in one width and case, one blank between them."""
    narrow = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(one if one.isalnum() else " " for one in narrow).split())


def tokens_of(text: str) -> set[str]:
    """The tokens of a folded text."""
    return {
        piece[start : start + size]
        for word in text.split()
        for piece, size in _pieces(word)
        for start in range(len(piece))
    }


def seen_by(organisation_id: int) -> str:
    """The facet of what an organisation sees; EVERYBODY for what all see."""
    return f"{FACET}o{organisation_id}"


def of_kind(kind: str) -> str:
    """The facet of a kind."""
    return f"{FACET}k{kind.replace('_', '')}"  # a token has letters and digits only


def beginning(token: str) -> str:
    """The mark of a token of letters by its first two; of one letter only, the beginning of such marks."""
    return f"{FACET}b{token[:BEGINNING]}"


def naming(organisation_id: int) -> str:
    """The facet of records that name an organisation."""
    return f"{FACET}p{organisation_id}"


@dataclass(frozen=True)
class Wish:
    """What somebody looks for: words that all have to occur, in any order; `phrase` is them side by side."""

    words: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """The words as they would stand in a text."""
        return " ".join(self.words)

    @property
    def grams(self) -> dict[str, bool]:
        """Tokens that a text with these words has; True where the token only begins so.

        Single characters narrow little and are long to read, so they are asked for only where there is nothing else.
        """
        found: dict[str, bool] = {}
        for word in self.words:
            for piece, size in _pieces(word):
                found |= dict.fromkeys(_asked(piece, size), len(piece) < size)
        longer = [one for one in found.items() if len(one[0]) > 1]
        return dict((longer or list(found.items()))[:MOST_GRAMS])


def wish_of(typed: str) -> Wish:
    """What was typed, made clean; without words where nothing in it can be found."""
    words = folded(typed[:LONGEST]).split()
    return Wish(tuple(dict.fromkeys(words))[:MOST_WORDS])


def _pieces(word: str) -> Iterator[tuple[str, int]]:
    """Parts of a word in one script each, and the length of their tokens."""
    for is_latin, letters in groupby(word, str.isascii):
        yield "".join(letters), LATIN if is_latin else CHINESE


def _asked(piece: str, size: int) -> Collection[str]:
    """Tokens that together cover a piece: every other pair, and of a long word every other four letters.

    Of a short word every four letters count, since they are common; each is a list to be read.
    """
    last = max(len(piece) - size, 0)
    step = 2 if size == CHINESE or len(piece) > LONG else 1
    return [piece[start : start + size] for start in (*range(0, last, step), last)]
