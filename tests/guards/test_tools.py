"""Measurements and scripts can be started: nothing else would notice that what they import has gone."""

import subprocess
import sys

from registry.core.config import ROOT

MODULES = sorted(
    f"{path.parent.name}.{path.stem}"
    for folder in ("bench", "script")
    for path in (ROOT / folder).glob("*.py")
    if path.stem != "__init__"
)


def test_every_module_can_be_imported() -> None:
    """In one process apart, as they are started; the last line that it prints is the module that failed."""
    assert {"bench.documents", "bench.kill", "script.translations"} <= set(MODULES)
    lines = "".join(f"print({module!r}, flush=True)\nimport {module}\n" for module in MODULES)
    command = [sys.executable, "-W", "error", "-c", lines]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
