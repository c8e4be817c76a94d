"""The address of our own stylesheets and scripts carries their digest, so that browsers may keep them. 静态文件."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path


def static_path(folder: Path) -> str:
    """/static/<digest of all files>: a change of any gives all a new address, since scripts import one another.

    Bootstrap's own files hang below the same address, so its version counts too.
    """
    made = sha256(version("bootstrap-flask").encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            made.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return f"/static/{made.hexdigest()[:12]}"
