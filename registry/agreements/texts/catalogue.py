"""The model texts that this release carries."""

from functools import cache
from pathlib import Path

from ..models.enums import AgreementKind
from .parse import read
from .template import ModelTemplate

FOLDER = Path(__file__).resolve().parents[1] / "model_texts"
ORDER = ("framework", "workstation", "docking", "strategic")


@cache
def _every_version() -> dict[tuple[str, int], ModelTemplate]:
    """All texts by code and version; older versions stay, since agreements point at them."""
    found = [read(path) for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md"]
    return {(template.code, template.version): template for template in found}


def all_templates() -> tuple[ModelTemplate, ...]:
    """The newest version of each model text, in the order in which people choose."""
    newest: dict[str, ModelTemplate] = {}
    for (code, _version), template in sorted(_every_version().items()):
        newest[code] = template
    return tuple(newest[code] for code in ORDER)


def get_template(code: str, version: int | None = None) -> ModelTemplate | None:
    """A model text, the newest version unless one is named; None where there is none."""
    if version is not None:
        return _every_version().get((code, version))
    return next((template for template in all_templates() if template.code == code), None)


def kinds_with_template() -> frozenset[AgreementKind]:
    """The kinds that have a model text; the others are entered with a text of one's own."""
    return frozenset(template.kind for template in all_templates())
