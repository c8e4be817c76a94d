"""Which characters the fonts carry."""

from collections.abc import Iterable

# Rare characters that names of people and places in Liaoning and its partner provinces do use; they sit in the small
# fonts so that a page with one of them needs no further font file. Everything else of the basic plane is in `rare`.
NAMES = (
    "喆堃玥浐镕翀翚犇淼焱垚鑫晟昶炜祎玮璟珺琛瑾瑢珩璐琦瑄玘珣烨煜熠炅燚旻昱晗晔晞曦暄昇"
    "梓栎桉榕槿楠柠桢棣椿钰铭铄锟镝鋆锴钊铖沄沅泠洳浠涵淏渌渟湉溦滢潞澍濛瀚翊翎翙翮翯"
    "赟赪韬韫頔颉颢飏馨骁骐骞骢骥鲲鸾麒麟黛龑龢峣嵘嶷巍帆廷弈彧忻怡恺慜懿扬攸斌昕"
    "碶磡磻祯禛禹秭穗筠筱箐簃綦纾绡缦罡羿翥聿芃芊芮芸苒苡茗茜荃荻莀莘菀菡萱蒗蓁蔚蕙蕤薏藜"
    "岫岬峄崂崴嵖庹廓弋彤戬扈扞撒昽氾汈汧沁沣沩泺洨洮浉浔浕涑涞涪淄淇湟溧溱滁滏滠漯潢澧濮瀍灞"
    "邠邳郓郏郛郦郪郯鄄鄌鄚鄞鄢鄱醴钜锽闫阆陂陉隰雎鞍鞠鲅鲃麃麴黟黻"
)
FULL_WIDTH = (range(0x3000, 0x3040), range(0xFF01, 0xFF5F), range(0xFFE0, 0xFFE6))
# Characters that Chinese typesetting draws one em wide and Latin typesetting narrow; each kind has a font of its own.
TWO_WIDTHS = "‘’“”—…·‥"
SIGNS = "§¶•※→←↑↓①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ℃‰≤≥≠≈±×÷√∞∑°′″■□▲△◆◇○●★☆№€£¥㎡㎏㎝㎞"
LATIN = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x2010, 0x2028), range(0x2030, 0x2034), range(0x20AC, 0x20AD))
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
IGNORED = frozenset("\n\r\t\u200b")


def gb2312() -> frozenset[int]:
    """Every character of GB/T 2312-1980."""
    pairs = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return frozenset(ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore")))


def chinese() -> frozenset[int]:
    """What the small Chinese fonts carry."""
    return gb2312() | _points(TWO_WIDTHS + SIGNS + NAMES) | _union(FULL_WIDTH) | {0x20}


def latin() -> frozenset[int]:
    """What the font for Latin letters and digits carries."""
    return _union(LATIN) | _points("‘’“”—…≤≥±×÷№€")


def han() -> frozenset[int]:
    """Every Chinese character of the basic plane."""
    return _union(HAN)


def narrow_only() -> frozenset[int]:
    """Letters and digits that a Chinese face leaves to the Latin one: those of 仿宋 are ugly."""
    return latin() - _points(TWO_WIDTHS) - {0x20}


def _points(text: str) -> frozenset[int]:
    return frozenset(map(ord, text))


def _union(ranges: Iterable[range]) -> frozenset[int]:
    return frozenset(point for part in ranges for point in part)
