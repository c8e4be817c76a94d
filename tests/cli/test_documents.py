"""The commands that make fonts and development certificates."""

from pathlib import Path

import pytest
from flask import Flask

from registry.app import create_app
from registry.cli import documents
from registry.core.config import DEMO_SECRET, Settings
from registry.documents.fonts.build import FALLBACK_WARNING, Manifest
from registry.documents.fonts.sources import FontsMissing


def make_house(instance: Path, *, demo: bool = True) -> Flask:
    """An application whose database is never opened."""
    return create_app(
        Settings(
            secret_key=DEMO_SECRET if demo else "s" * 40,
            database_url=f"sqlite:///{instance / 'never.db'}",
            instance=instance,
            demo=demo,
            testing=True,
        )
    )


def test_development_certificates_are_made_once(tmp_path: Path) -> None:
    runner = make_house(tmp_path).test_cli_runner()
    first = runner.invoke(args=["registry", "dev-ca"])
    assert (first.exit_code, (tmp_path / "keys" / "registry.key").exists()) == (0, True)
    assert "DEVELOPMENT" in first.output
    second = runner.invoke(args=["registry", "dev-ca"])
    assert second.exit_code == 0
    assert "nothing was changed" in second.output


def test_outside_demo_mode_they_need_force(tmp_path: Path) -> None:
    runner = make_house(tmp_path, demo=False).test_cli_runner()
    refused = runner.invoke(args=["registry", "dev-ca"])
    assert refused.exit_code == 1
    assert "REGISTRY_SIGNING_PKCS12" in refused.output
    assert not (tmp_path / "keys").exists()
    assert runner.invoke(args=["registry", "dev-ca", "--force"]).exit_code == 0


def test_fonts_are_built_where_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def build(folder: Path, _say: object) -> Manifest:
        seen.append(folder)
        return Manifest("key", frozenset(), (FALLBACK_WARNING,))

    monkeypatch.setattr(documents, "build_fonts", build)
    result = make_house(tmp_path).test_cli_runner().invoke(args=["registry", "build-fonts"])
    assert result.exit_code == 0
    assert FALLBACK_WARNING in result.output
    assert seen == [tmp_path / "fonts"]


def test_missing_fonts_are_told_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_folder: Path, _say: object) -> Manifest:
        raise FontsMissing("install the system package fonts-noto-cjk")

    monkeypatch.setattr(documents, "build_fonts", build)
    result = make_house(tmp_path).test_cli_runner().invoke(args=["registry", "build-fonts"])
    assert result.exit_code == 1
    assert "fonts-noto-cjk" in result.output
    assert "Traceback" not in result.output
