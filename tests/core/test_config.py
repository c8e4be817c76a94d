"""Settings: read from the environment, refused in words when they are unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.core.config import DEMO_SECRET, ROOT, BadSetting, from_environment

OWN_SECRET = "0123456789abcdef" * 2


def test_demo_needs_no_secret(tmp_path: Path) -> None:
    settings = from_environment({"REGISTRY_DEMO": "1", "REGISTRY_INSTANCE": str(tmp_path)})
    assert settings.demo
    assert settings.secret_key == DEMO_SECRET
    assert settings.is_sqlite


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "no secret"),
        ({"REGISTRY_SECRET_KEY": DEMO_SECRET}, "demo secret"),
        ({"REGISTRY_SECRET_KEY": "short"}, "at least 32"),
        ({"REGISTRY_SECRET_KEY": OWN_SECRET, "REGISTRY_PASSWORD_PROFILE": "none"}, "REGISTRY_PASSWORD_PROFILE"),
        ({"REGISTRY_SECRET_KEY": OWN_SECRET, "REGISTRY_PROXIES": "-1"}, "REGISTRY_PROXIES"),
        ({"REGISTRY_SECRET_KEY": OWN_SECRET, "REGISTRY_PROXIES": "one"}, "REGISTRY_PROXIES"),
    ],
)
def test_unsafe_settings_are_refused(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        from_environment({"REGISTRY_INSTANCE": str(tmp_path), **environ})


def test_the_secret_in_the_instance_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(f"{OWN_SECRET}\n")
    assert from_environment({"REGISTRY_INSTANCE": str(tmp_path)}).secret_key == OWN_SECRET


def test_lists_and_numbers(tmp_path: Path) -> None:
    settings = from_environment(
        {
            "REGISTRY_INSTANCE": str(tmp_path),
            "REGISTRY_SECRET_KEY": OWN_SECRET,
            "REGISTRY_TRUSTED_HOSTS": "a.example, b.example,",
            "REGISTRY_PROXIES": "2",
            "REGISTRY_PUBLIC_URL": "https://a.example/",
        }
    )
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.proxies == 2
    assert settings.public_url == "https://a.example"


def test_a_refusal_is_one_line(tmp_path: Path) -> None:
    """No traceback for whoever starts it."""
    environ = {"REGISTRY_INSTANCE": str(tmp_path), "PATH": os.environ["PATH"]}
    found = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert found.stderr.startswith("The registry does not start: there is no secret")
    assert "Traceback" not in found.stderr
