"""Folding, pinyin and initials."""

from registry.organisations.names import fold, initials_of, pinyin_of


def test_folding_makes_spellings_alike() -> None:
    assert fold("ＮＷＰＵ ") == fold("n w p u") == "nwpu"
    assert fold("西北 工业　大学") == "西北工业大学"


def test_pinyin_and_initials_of_names_and_short_forms() -> None:
    assert pinyin_of("东北大学", "东大") == "dongbeidaxue dongda"
    assert initials_of("西北工业大学", "", "西工大") == "xbgydx xgd"


def test_readings_follow_the_word() -> None:
    assert pinyin_of("重庆大学") == "chongqingdaxue"
    assert initials_of("长春") == "cc"


def test_columns_hold_the_longest_name() -> None:
    assert len(pinyin_of("壮" * 200)) == 400
    assert len(initials_of("壮" * 200)) == 100
