"""An application without a database for what touches files only, and documents that several tests look at."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from PIL import Image, ImageDraw

from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.documents import produce
from registry.documents.authority import make_development_authority

from .samples import make_registry_copy, make_signing_copy


@pytest.fixture(scope="session")
def house(fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with fonts and development keys; its database is never opened."""
    instance = tmp_path_factory.mktemp("house")
    make_development_authority(instance / "keys")
    return create_app(
        Settings(
            secret_key=DEMO_SECRET,
            database_url=f"sqlite:///{instance / 'never.db'}",
            instance=instance,
            demo=True,
            testing=True,
            fonts=fonts,
        )
    )


@pytest.fixture
def inside(house: Flask) -> Iterator[Flask]:
    """Its context."""
    with house.app_context():
        yield house


@pytest.fixture(scope="session")
def signing_copy(house: Flask) -> bytes:
    """The usual signing copy."""
    with house.app_context():
        return produce.render_signing_copy(make_signing_copy())


@pytest.fixture(scope="session")
def registry_copy(house: Flask, jpeg: bytes) -> bytes:
    """The usual registry copy, closed."""
    with house.app_context():
        return produce.produce_registry_copy(make_registry_copy(), [jpeg])


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A photographed page."""
    return make_image("JPEG", (1240, 1754))


@pytest.fixture(scope="session")
def scan(signing_copy: bytes) -> bytes:
    """A harmless PDF: the signing copy without the record inside."""
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        del pdf.Root.Names
        del pdf.Root.AF
        return saved(pdf)


def make_image(kind: str, size: tuple[int, int], mode: str = "RGB") -> bytes:
    """An image with a line on it."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).line((10, 10, size[0] - 10, size[1] - 10), fill="black", width=3)
    target = BytesIO()
    image.save(target, kind)
    return target.getvalue()


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """The bytes of a PDF as another program writes them."""
    target = BytesIO()
    pdf.save(target, **options)  # type: ignore[arg-type]  # the caller names options of pikepdf
    return target.getvalue()
