"""Which Chromium is driven by tests and pictures."""

import os
from pathlib import Path

# The shell is the same engine without the windows around it: a page costs half of the processor time.
INSTALLED = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")


def chromium() -> str:
    """The path of the browser; CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for path in INSTALLED if Path(path).exists()), INSTALLED[-1])
