"""The small fonts: which characters, which metrics, where from, and what is said when they cannot be had."""

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from fontTools.ttLib import TTFont

from registry.documents.fonts import build, characters, sources
from registry.documents.fonts.build import build_fonts, read_manifest
from registry.documents.fonts.coverage import describe, missing_characters
from registry.documents.fonts.cutting import Face, cut
from registry.documents.fonts.sources import FontsMissing, fandol, licensed, noto

RARE = "喆堃玥浐镕翀翚犇"


def face(fonts: Path, name: str) -> TTFont:
    """A font that was built, read whole."""
    return TTFont(BytesIO((fonts / "built" / f"{name}.otf").read_bytes()))


def test_names_of_people_and_places_can_be_shown(inside: Flask) -> None:
    assert missing_characters("鞍山市人力资源和社会保障局" + RARE + characters.NAMES) == []


def test_everything_that_chinese_law_texts_use_can_be_shown(inside: Flask) -> None:
    assert missing_characters("（一）“校地”——……〔2023〕1号，①②《》㎡℃‰¥10,000.00；Party A’s – ok é\n\t") == []
    assert missing_characters("".join(chr(point) for point in characters.gb2312())) == []


def test_characters_that_no_font_has_are_named_once_and_in_order(inside: Flask) -> None:
    assert missing_characters("王𬎆、李𠮷、张𬎆😀") == ["𬎆", "𠮷", "😀"]
    assert describe(["𬎆", "𠮷"]) == "𬎆 (U+2C386)、𠮷 (U+20BB7)"


def test_without_fonts_nothing_is_refused(house: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.documents.fonts.coverage._points", lambda _folder: None)
    with house.app_context():
        assert missing_characters("𬎆") == []


def test_metrics_are_alike(fonts: Path) -> None:
    """A fallback digit with other metrics would grow its line."""
    found = set()
    for path in (fonts / "built").glob("*.otf"):
        with TTFont(path, lazy=True) as font:
            em = font["head"].unitsPerEm
            found.add((font["hhea"].ascent / em, font["hhea"].descent / em, font["hhea"].lineGap))
            found.add((font["OS/2"].usWinAscent / em, -font["OS/2"].usWinDescent / em, 0))
    assert found == {(0.88, -0.12, 0)}


def test_layout_tables_and_hints_are_gone(fonts: Path) -> None:
    for path in (fonts / "built").glob("*.otf"):
        with TTFont(path, lazy=True) as font:
            assert not {"GPOS", "GSUB", "GDEF", "DSIG"} & set(font.keys())


def test_fangsong_leaves_digits_to_the_latin_face_and_keeps_the_space(fonts: Path) -> None:
    points = face(fonts, "RegistryFangSong-400").getBestCmap()
    assert ord(" ") in points
    assert not {ord(sign) for sign in "0123456789ABCabc"} & set(points)
    assert {ord(sign) for sign in "“”—…，。"} <= set(points)


def test_latin_quotes_are_narrow(fonts: Path) -> None:
    font = face(fonts, "RegistryLatin-400")
    widths, points = font["hmtx"], font.getBestCmap()
    assert all(widths[points[ord(sign)]][0] < 600 for sign in "‘’“”")
    full = face(fonts, "RegistrySong-400")
    assert full["hmtx"][full.getBestCmap()[ord("“")]][0] == 1000


def test_families_are_ours_and_keep_their_licence(fonts: Path) -> None:
    names = face(fonts, "RegistrySong-700")["name"]
    assert (names.getDebugName(1), names.getDebugName(2)) == ("Registry Song", "Bold")
    assert "Open Font License" in names.getDebugName(13)
    assert (fonts / "licences" / "noto-cjk.txt").exists()


def test_building_again_finds_everything_there(fonts: Path) -> None:
    said: list[str] = []
    made = build_fonts(fonts, said.append)
    assert said[-1] == "The fonts are up to date."
    assert made == read_manifest(fonts)


def test_a_change_of_the_list_is_noticed(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = list(build._plan(fonts, lambda _line: None))
    before = build._key(plan)
    monkeypatch.setattr(characters, "NAMES", characters.NAMES + "龘")
    assert build._key(plan) != before


def small(available: frozenset[int]) -> frozenset[int]:
    """Three characters."""
    return available & {ord(sign) for sign in "鞍山1"}


def test_one_face_is_cut(tmp_path: Path) -> None:
    target = tmp_path / "small.otf"
    assert cut(Face("Small", 400, small), noto("Serif-Regular"), target) == {ord(sign) for sign in "鞍山1"}
    assert target.stat().st_size < 5_000


def test_the_build_puts_all_parts_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_plan", lambda _folder, _say: [(Face("Small", 400, small), noto("Serif-Regular"))])
    made = build_fonts(tmp_path / "fonts", lambda _line: None)
    assert made.points == {ord(sign) for sign in "鞍山1"}
    assert made.warnings == (build.FALLBACK_WARNING,)
    assert [path.name for path in (tmp_path / "fonts" / "built").iterdir()] == ["Small-400.otf"]
    assert str(tmp_path / "fonts" / "built") in (tmp_path / "fonts" / "fonts.conf").read_text()


def test_noto_must_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "NOTO", tmp_path)
    with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
        noto("Serif-Regular")


def test_a_licensed_font_goes_first(fonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert licensed(tmp_path, "FangSong") is None
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    bought = tmp_path / "FZFSJW.TTF"
    bought.write_bytes((fonts / "built" / "RegistryFangSong-400.otf").read_bytes())
    found = licensed(tmp_path, "FangSong")
    assert found
    assert found.path == bought
    assert licensed(tmp_path, "Title") is None
    monkeypatch.setattr(build, "fandol", lambda _folder, _say: None)
    plan = {face.family: source.path for face, source in build._plan(tmp_path, lambda _line: None)}
    assert plan["Registry FangSong"] == bought
    assert "Registry Kai" not in plan
    assert "Registry Title" not in plan


def archive(*names: str) -> bytes:
    """A tar with these files, as dpkg-deb gives it out."""
    target = BytesIO()
    with tarfile.open(fileobj=target, mode="w") as made:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 4
            made.addfile(member, BytesIO(b"font"))
    return target.getvalue()


def use_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    """Pretend that the package came with this content."""
    package, unpacked = tmp_path / "x.deb", tmp_path / "x.tar"
    package.write_bytes(b"")
    unpacked.write_bytes(content)
    monkeypatch.setattr(sources, "TEXLIVE", tmp_path / "nowhere")
    monkeypatch.setattr(sources, "_download", lambda _work: package)
    real = subprocess.Popen
    monkeypatch.setattr(
        "registry.documents.fonts.sources.subprocess.Popen",
        lambda _command, **rest: real(["cat", str(unpacked)], **rest),
    )


def test_fandol_is_taken_out_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_package(monkeypatch, tmp_path, archive(*(f"./usr/share/{name}" for name in sources.WANTED), "./usr/bin/tex"))
    found = fandol(tmp_path / "fonts", lambda _line: None)
    assert found == tmp_path / "fonts" / "sources"
    assert sorted(path.name for path in found.iterdir()) == [
        "COPYING.gz",
        "FandolFang-Regular.otf",
        "FandolKai-Regular.otf",
        "README",
    ]
    monkeypatch.setattr(sources, "_download", None)
    assert fandol(tmp_path / "fonts", lambda _line: None) == found, "the second time nothing is fetched"


def test_a_package_without_the_fonts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    use_package(monkeypatch, tmp_path, archive("./usr/share/other"))
    assert fandol(tmp_path / "fonts", said.append) is None
    assert "Noto Serif takes their place" in said[-1]


def test_no_network_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    failed = subprocess.CompletedProcess([], 100, "", "Could not resolve 'mirror.example'")
    monkeypatch.setattr(sources, "TEXLIVE", tmp_path / "nowhere")
    monkeypatch.setattr("registry.documents.fonts.sources.subprocess.run", lambda *_args, **_rest: failed)
    assert fandol(tmp_path / "fonts", said.append) is None
    assert "Could not resolve" in said[-1]
