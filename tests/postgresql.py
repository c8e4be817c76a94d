"""A throwaway PostgreSQL cluster from the system's binaries, run by an unprivileged user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=64MB"
# Room is made between tests (`databases`), never meanwhile: where rows come to lie is the same in every run.
STEADY = "-c autovacuum=off"


class PostgresMissing(RuntimeError):
    """No cluster can be had; the text says why, and what to install."""


def binaries() -> Path:
    """The folder of initdb and pg_ctl, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise PostgresMissing("PostgreSQL is missing: apt-get install postgresql")
    return Path(on_path).parent if on_path else found[0].parent


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a cluster in `folder` that listens on a socket only; yields the URL without the database's name."""
    programs, data = binaries(), folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    as_user: list[str | Path] = [*_unprivileged(folder)]
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    ]
    made = subprocess.run([*as_user, *initdb], check=False, capture_output=True, text=True)
    if made.returncode:
        raise PostgresMissing(f"initdb failed: {made.stderr}")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} {SPEED} {STEADY}"
    control: list[str | Path] = [*as_user, programs / "pg_ctl", "-D", data, "-w", "-s"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql+psycopg://{USER}@/{{name}}?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL)


def _unprivileged(folder: Path) -> list[str]:
    """initdb refuses root: as root, become somebody else, and give them the folder."""
    if os.geteuid() != 0:
        return []
    name = next(name for name in ("postgres", "nobody") if _exists(name))
    shutil.chown(folder, name)
    return ["setpriv", f"--reuid={name}", f"--regid={pwd.getpwnam(name).pw_gid}", "--clear-groups", "--"]


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
