"""The commands that make fonts and development certificates."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.app import create_app
from registry.cli import documents
from registry.core import instance as instances
from registry.core.access.roles import Role
from registry.core.config import DEMO_SECRET, Settings
from registry.core.db import db, transaction
from registry.documents.authority import make_development_authority
from registry.documents.fonts.build import FALLBACK_WARNING, Manifest
from registry.documents.fonts.sources import FontsMissing
from registry.documents.models import SigningCertificate
from registry.documents.places import places
from registry.documents.signing import try_key
from tests.factories import make_user


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


def test_an_older_instance_gets_what_is_missing(tmp_path: Path) -> None:
    make_development_authority(tmp_path / "keys")
    (tmp_path / "keys" / "timestamp.key").unlink()
    kept = (tmp_path / "keys" / "registry.key").read_bytes()
    result = make_house(tmp_path).test_cli_runner().invoke(args=["registry", "dev-ca"])
    assert (result.exit_code, (tmp_path / "keys" / "timestamp.key").exists()) == (0, True)
    assert (tmp_path / "keys" / "registry.key").read_bytes() == kept


def test_a_root_that_is_gone_is_told(tmp_path: Path) -> None:
    make_development_authority(tmp_path / "keys")
    (tmp_path / "keys" / "root.key").unlink()
    result = make_house(tmp_path).test_cli_runner().invoke(args=["registry", "dev-ca"])
    assert result.exit_code == 1
    assert "root.key is missing" in result.output


def test_organisations_with_a_signatory_are_certified(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(instances._settings, db.engine, replace(instances.settings(), instance=tmp_path))
    with transaction():
        organisation = make_user(Role.SIGNATORY).organisation
        make_user(Role.HANDLER)
    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["registry", "dev-ca"])
        assert result.exit_code == 0
    made = db.session.scalars(select(SigningCertificate)).all()
    assert [one.organisation_id for one in made] == [organisation.id]
    try_key(made[0])


def test_outside_demo_mode_no_organisation_is_certified(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = places()
    monkeypatch.setattr(documents, "places", lambda: replace(real, demo=False))
    with transaction():
        make_user(Role.SIGNATORY)
    assert app.test_cli_runner().invoke(args=["registry", "dev-ca", "--force"]).exit_code == 0
    assert db.session.scalars(select(SigningCertificate)).all() == []


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
