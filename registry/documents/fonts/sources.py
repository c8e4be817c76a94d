"""Where the full fonts come from: the system's packages, an operator's folder, and one Debian package unpacked.

FandolFang and FandolKai (GPL with font exception) are packaged only inside texlive-lang-chinese, which brings a TeX
system along. The package is downloaded, the two fonts and their licence are taken out, and nothing is installed.
"""

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont, TTLibError

NOTO = Path("/usr/share/fonts/opentype/noto")
NOTO_LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
TEXLIVE = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
PACKAGE = "texlive-lang-chinese"
WANTED = ("FandolFang-Regular.otf", "FandolKai-Regular.otf", "fandol/COPYING.gz", "fandol/README")
DOWNLOAD_SECONDS = 300
# The faces of GB/T 9704 and how a licensed font that can stand for them is called.
LICENSED = {
    "FangSong": ("仿宋", "FangSong"),
    "Kai": ("楷体", "KaiTi"),
    "Title": ("小标宋", "XiaoBiaoSong"),
    "Hei": ("黑体", "SimHei", "FZHei"),
}
FAMILY_AND_FULL_NAME = (1, 4, 16)
SIMPLIFIED_CHINESE = 2  # the face's place in Noto's collections

Say = Callable[[str], None]


class FontsMissing(RuntimeError):
    """The fonts cannot be built; the text says what to install."""


@dataclass(frozen=True)
class Source:
    """A full font file and the face in it."""

    path: Path
    face: int = -1


def noto(name: str) -> Source:
    """A face of fonts-noto-cjk, like "Serif-Regular".

    Raises FontsMissing.
    """
    family, weight = name.split("-")
    path = NOTO / f"Noto{family}CJK-{weight}.ttc"
    if not path.exists():
        raise FontsMissing(f"{path} is missing: install the system package fonts-noto-cjk")
    return Source(path, SIMPLIFIED_CHINESE)


def licensed(folder: Path, face: str) -> Source | None:
    """A font that the operator has a licence for and put into the fonts folder, told by its name (方正仿宋 …)."""
    found = [*sorted(folder.glob("*.[ot]tf")), *sorted(folder.glob("*.[OT]TF"))]
    return next((Source(path) for path in found if _is_called(path, LICENSED[face])), None)


def _is_called(path: Path, words: tuple[str, ...]) -> bool:
    try:
        with TTFont(BytesIO(path.read_bytes()), lazy=True) as font:
            names = " ".join(str(row) for row in font["name"].names if row.nameID in FAMILY_AND_FULL_NAME)
    except (TTLibError, OSError, KeyError):
        return False
    return any(word.lower() in names.lower() for word in words)


def fandol(folder: Path, say: Say) -> Path | None:
    """The folder with the two Fandol fonts, fetched on first use; None, with a warning, where they cannot be had."""
    kept = folder / "sources"
    for place in (kept, TEXLIVE):
        if all((place / name).exists() for name in WANTED[:2]):
            return place
    say(f"Downloading {PACKAGE} (49 MB) to take two fonts out of it …")
    try:
        with TemporaryDirectory() as work:
            _unpack(_download(Path(work)), kept)
    except (OSError, subprocess.SubprocessError, FontsMissing, tarfile.TarError) as error:
        say(f"Warning: FandolFang and FandolKai could not be had ({error}); Noto Serif takes their place.")
        return None
    return kept


def keep_licences(folder: Path) -> None:
    """Put the fonts' licences beside them."""
    place = folder / "licences"
    place.mkdir(parents=True, exist_ok=True)
    for source, name in (
        (NOTO_LICENCE, "noto-cjk.txt"),
        (folder / "sources" / "COPYING.gz", "fandol-COPYING.gz"),
        (folder / "sources" / "README", "fandol-README"),
    ):
        if source.exists():
            shutil.copyfile(source, place / name)


def _download(work: Path) -> Path:
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", PACKAGE]
    done = subprocess.run(  # noqa: S603 - a fixed command
        command, cwd=work, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
    )
    found = list(work.glob("*.deb"))
    if done.returncode or not found:
        raise FontsMissing(f"apt-get download {PACKAGE}: {done.stderr.strip() or 'nothing came'}")
    return found[0]


def _unpack(package: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as unpacking:  # noqa: S603 - a fixed command
        with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.endswith(WANTED) else None
                if content:
                    (kept / Path(member.name).name).write_bytes(content.read())
        if unpacking.stdout:
            unpacking.stdout.read()  # the rest of the padding, or dpkg-deb dies of a broken pipe
    missing = [name for name in WANTED[:2] if not (kept / name).exists()]
    if missing:
        raise FontsMissing(f"{PACKAGE} does not hold {', '.join(missing)}")
