"""Folding and tokens, without a database."""

import random

import pytest

from registry.search.models import entry_tokens
from registry.search.tokens import FACET, LONGEST, MOST_WORDS, folded, tokens_of, wish_of

ALPHABET = "鞍山校地合作协议框架大学𠮷abcXYZ0123〔〕()（） -_%'\"*é①"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("鞍校地协〔2023〕1号", "鞍校地协 2023 1号"),
        ("ＮＷＰＵ　西工大", "nwpu 西工大"),
        ("Straße, Café", "strasse café"),
        ("%_'\"\x00*()", ""),
        (f"{FACET}o12", "o12"),
        ("①②", "12"),
    ],
)
def test_folding(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_chinese_is_cut_into_pairs_and_latin_into_fours_with_shorter_ends() -> None:
    assert tokens_of("鞍山市") == {"鞍山", "山市", "市"}
    assert tokens_of("nwpu1") == {"nwpu", "wpu1", "pu1", "u1", "1"}
    assert tokens_of("1号") == {"1", "号"}


def test_what_a_wish_asks() -> None:
    assert wish_of("鞍山市").grams == {"鞍山": False, "山市": False}
    assert wish_of("山").grams == {"山": True}
    assert wish_of("nw").grams == {"nw": True}
    assert wish_of("nwpu").grams == {"nwpu": False}
    assert wish_of("dongda").grams == {"dong": False, "ongd": False, "ngda": False}
    assert wish_of("202 1号").grams == {"202": True}  # single characters only where there is nothing else
    assert wish_of("1号").grams == {"1": True, "号": True}
    assert wish_of("dongbeidaxue").grams == dict.fromkeys(("dong", "ngbe", "beid", "idax", "axue"), False)


def test_a_wish_is_bounded() -> None:
    wish = wish_of(" ".join(str(number) for number in range(10_000)))
    assert len(wish.words) == MOST_WORDS
    assert sum(map(len, wish_of("山" * 10_000).words)) == LONGEST
    assert len(wish_of("".join(chr(0x4E00 + number) for number in range(100))).grams) <= 24


def test_nothing_of_a_wish_is_an_operator() -> None:
    for typed in ('鞍山" OR "', "a AND b", "NEAR(鞍 山)", "x:*", "'); --", "鞍*", "^山", "-山", "{a b}", "\\'", "%_"):
        assert all(gram.isalnum() for gram in wish_of(typed).grams)


def test_every_substring_asks_for_tokens_of_its_text() -> None:
    """The index may lead to too much, never to too little."""
    dice = random.Random(7)  # noqa: S311 - no secret
    for _ in range(2_000):
        text = folded("".join(dice.choices(ALPHABET, k=dice.randint(1, 30))))
        start = dice.randrange(len(text) + 1)
        wish = wish_of(text[start : dice.randint(start, len(text))])
        tokens = tokens_of(text)
        for gram, begins in wish.grams.items():
            assert gram in tokens or (begins and any(token.startswith(gram) for token in tokens)), (text, gram)


def test_facets_are_never_tokens_of_a_text() -> None:
    tokens = entry_tokens("visit", "\no12\n", "", " o12 p7 ").split()
    assert [token for token in tokens if token.startswith(FACET)] == [
        f"{FACET}{one}" for one in ("kvisit", "o12", "p7")
    ]
    assert {"o12", "12", "2"} <= set(tokens)
