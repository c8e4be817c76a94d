"""Takes the pictures of docs/documents.md: .venv/bin/python -m script.document_pictures

Renders the model texts as the product does and puts their pages side by side, in grey and small, into docs/documents.
REGISTRY_FONTS names the folder of fonts; pdftoppm makes the pictures. No database is opened.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.documents.data import RegistryCopy, SigningCopy, Verification
from registry.documents.html import registry_copy_html, signing_copy_html
from registry.documents.workers.parent import Pool

from .sample_agreements import agreement_of, certificate, edition

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "documents"
FONTS = Path(os.environ.get("REGISTRY_FONTS", ROOT / "instance" / "fonts"))
DOTS_PER_INCH, GAP, ACROSS, MOST_PAGES = 50, 8, 4, 8
GREYS = 16


class Studio:
    """Renders, and puts pages side by side."""

    def __init__(self) -> None:
        environment = {"FONTCONFIG_FILE": str(FONTS / "fonts.conf")}
        self.pool = Pool("registry.documents.rendering.worker", environment, 1, 90)

    def pdf(self, data: SigningCopy | RegistryCopy) -> bytes:
        """The document as PDF."""
        is_copy = isinstance(data, SigningCopy)
        html = signing_copy_html(data) if isinstance(data, SigningCopy) else registry_copy_html(data, [])
        verification: Verification = data.verification
        header = {
            "html": html, "identifier": "0" * 32, "made_at": data.made_at.isoformat(),
            "page_code": verification.page_code if is_copy and verification.url else "",
        }  # fmt: skip
        return self.pool.ask(header, [data.record]).blobs[0]

    def sheet(self, name: str, *documents: SigningCopy | RegistryCopy, most: int = MOST_PAGES) -> None:
        """The first pages of documents, one after the other, as one grey picture."""
        pages = [page for data in documents for page in _pages(self.pdf(data))[:most]]
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}.png"
        _side_by_side(pages).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {len(pages)} pages, {path.stat().st_size // 1024} KB")


def _pages(pdf: bytes) -> list[Image.Image]:
    with TemporaryDirectory() as work:
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-gray", "-", f"{work}/p"]
        subprocess.run(command, input=pdf, check=True)
        return [Image.open(BytesIO(path.read_bytes())).convert("L") for path in sorted(Path(work).iterdir())]


def _side_by_side(pages: Sequence[Image.Image]) -> Image.Image:
    width, height = pages[0].size
    across = min(ACROSS, len(pages))
    rows = -(-len(pages) // across)
    sheet = Image.new("L", (across * (width + GAP) - GAP, rows * (height + GAP) - GAP), 150)
    for place, page in enumerate(pages):
        sheet.paste(page, (place % across * (width + GAP), place // across * (height + GAP)))
    return sheet.point(lambda grey: round(grey / 255 * (GREYS - 1)) * 255 // (GREYS - 1))


def _certificate() -> RegistryCopy:
    """Its words come from the catalogue, which belongs to an application; the database of this one is never opened."""
    with create_app(Settings(DEMO_SECRET, "sqlite://", Path("/nowhere"), demo=True, testing=True)).app_context():
        return certificate()


def main(*wanted: str) -> None:
    """Take them all, or those that are named."""
    framework, eight = agreement_of("framework", 2), agreement_of("strategic", 8)
    sheets: dict[str, tuple[SigningCopy | RegistryCopy, ...]] = {
        "framework-zh": (edition(framework, "zh", signing=True),),
        "framework-both": (edition(framework, "both"),),
        "framework-en": (edition(framework, "en"),),
        "workstation-zh": (edition(agreement_of("workstation", 3), "zh", signing=True),),
        "docking-zh": (edition(agreement_of("docking", 2), "zh", signing=True),),
        "strategic-4-zh": (edition(agreement_of("strategic", 4), "zh", signing=True),),
        "strategic-8-both": (edition(eight, "both", signing=True),),
        "long-40-zh": (edition(agreement_of("framework", 2, articles=40), "zh", signing=True),),
        "certificate": (_certificate(),),
    }
    studio = Studio()
    for name, documents in sheets.items():
        if not wanted or name in wanted:
            studio.sheet(name, *documents, most=12 if name.startswith("long") else MOST_PAGES)
    studio.pool.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
