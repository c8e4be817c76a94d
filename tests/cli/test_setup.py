"""script/setup on machines that lack something: each missing thing is named, and a second run does nothing."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.core.config import ROOT

ORDINARY = ("sh", "cat", "dirname", "env", "grep", "ls", "mkdir", "mktemp", "rm", "sha256sum", "tail", "tee")
INSTALLED = "#!/bin/sh\nprintf installed\n"
ABSENT = "#!/bin/sh\nexit 1\n"
LOGGING = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'


@dataclass
class Machine:
    """A folder of programs that stands for a machine, and a copy of the project on it."""

    programs: Path
    project: Path
    log: Path

    def has(self, name: str, program: str) -> None:
        """Put a program on it."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(program)
        path.chmod(0o755)

    def set_up(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run script/setup there."""
        environ |= {"PATH": str(self.programs), "LOG": str(self.log), "TMPDIR": str(self.project)}
        command = [str(self.project / "script" / "setup"), *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    def calls(self, word: str) -> list[str]:
        """What was called, of lines with this word."""
        return [line for line in self.log.read_text().splitlines() if word in line] if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian on which all packages are installed, used by somebody who is not root."""
    made = Machine(tmp_path / "bin", tmp_path / "project", tmp_path / "log")
    made.programs.mkdir()
    (made.project / "script").mkdir(parents=True)
    shutil.copy(ROOT / "script" / "setup", made.project / "script")
    for lock in ("requirements.txt", "requirements-test.txt"):
        (made.project / lock).write_text("flask==3.1.0 --hash=sha256:00\n")
    for name in (*ORDINARY, "basename"):
        os.symlink(str(shutil.which(name)), made.programs / name)
    made.has("id", "#!/bin/sh\necho 1000\n")
    made.has("dpkg-query", INSTALLED)
    made.has("apt-cache", "#!/bin/sh\necho '  Candidate: 1.0'\n")
    made.has("apt-get", LOGGING)
    venv = 'if [ "$2" = venv ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; fi\n'
    made.has("python3", f"{LOGGING}{venv}")
    os.symlink(str(shutil.which("cp")), made.programs / "cp")
    return made


def test_a_second_run_installs_nothing(machine: Machine) -> None:
    first = machine.set_up()
    assert first.returncode == 0, first.stderr
    assert len(machine.calls("pip install")) == 1
    machine.log.unlink()
    second = machine.set_up()
    assert second.returncode == 0
    assert machine.calls("pip install") == machine.calls("apt-get") == machine.calls("-m venv") == []


def test_a_changed_lock_is_installed(machine: Machine) -> None:
    machine.set_up()
    (machine.project / "requirements.txt").write_text("flask==3.1.1 --hash=sha256:00\n")
    machine.set_up()
    assert len(machine.calls("pip install")) == 2


def test_packages_are_installed_with_digests(machine: Machine) -> None:
    machine.set_up()
    assert all("--require-hashes" in call for call in machine.calls("pip install"))


def test_without_root_and_sudo_it_says_what_to_run(machine: Machine) -> None:
    machine.has("dpkg-query", ABSENT)
    found = machine.set_up()
    assert found.returncode == 1
    assert "apt-get install" in found.stderr
    assert "libharfbuzz-subset0" in found.stderr
    assert machine.calls("apt-get") == []


def test_with_sudo_packages_are_installed(machine: Machine) -> None:
    machine.has("dpkg-query", ABSENT)
    machine.has("sudo", '#!/bin/sh\nexec "$@"\n')
    assert machine.set_up().returncode == 0
    assert any("install" in call and "fonts-noto-cjk" in call for call in machine.calls("apt-get"))


def test_a_package_that_cannot_be_had_is_named(machine: Machine) -> None:
    machine.has("dpkg-query", ABSENT)
    machine.has("id", "#!/bin/sh\necho 0\n")
    machine.has("apt-cache", "#!/bin/sh\n[ $2 = fonts-noto-cjk ] || echo '  Candidate: 1.0'\n")
    found = machine.set_up()
    assert found.returncode == 1
    assert "fonts-noto-cjk cannot be had" in found.stderr


WHOLE = """#!/bin/sh
case "$*" in *headless-shell*) exit 1 ;; *Version*) printf 1.0 ;; *) printf installed ;; esac
"""


@pytest.mark.parametrize(
    ("candidate", "apt", "asked"), [("1.0", LOGGING, 1), ("1.0", f"{LOGGING}exit 100\n", 1), ("1.1", LOGGING, 0)]
)
def test_the_shell_is_added_to_a_chromium_of_its_version(
    machine: Machine, candidate: str, apt: str, asked: int
) -> None:
    """Whether or not it can be had, the setup goes on."""
    machine.has("dpkg-query", WHOLE)
    machine.has("id", "#!/bin/sh\necho 0\n")
    machine.has("timeout", '#!/bin/sh\nshift\nexec "$@"\n')
    machine.has("apt-cache", f"#!/bin/sh\necho '  Candidate: {candidate}'\n")
    machine.has("apt-get", apt)
    found = machine.set_up("--test", CHROMIUM="")
    assert "is missing" in found.stderr or found.returncode == 0
    assert len(machine.calls("chromium-headless-shell=1.0")) == asked
    assert ("cannot be had now" in found.stdout) is ("exit 100" in apt)


def test_a_pip_that_fails_names_the_way_without_a_network(machine: Machine) -> None:
    machine.set_up()
    (machine.project / ".venv" / "installed-requirements").unlink()
    failing = '#!/bin/sh\ncase "$*" in *install*) exit 1 ;; esac\n'
    (machine.project / ".venv" / "bin" / "python").write_text(failing)
    found = machine.set_up()
    assert found.returncode == 1
    assert "PIP_NO_INDEX=1" in found.stderr
    assert not (machine.project / ".venv" / "installed-requirements").exists()


def test_an_old_python_is_named(machine: Machine) -> None:
    machine.has("python3", '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9 && exit 0\nexit 1\n')
    found = machine.set_up()
    assert found.returncode == 1
    assert "3.11" in found.stderr
    assert "Python 3.9" in found.stderr


def test_a_small_browser_is_installed_where_there_is_none(machine: Machine) -> None:
    machine.has("dpkg-query", ABSENT)
    machine.has("sudo", '#!/bin/sh\nexec "$@"\n')
    machine.set_up("--test")
    (installing,) = machine.calls("--no-install-recommends")
    assert "chromium-headless-shell" in installing.split()


def test_a_whole_browser_will_do(machine: Machine) -> None:
    machine.has("dpkg-query", '#!/bin/sh\ncase "$*" in *headless*|*softhsm2*) exit 1 ;; *) printf installed ;; esac\n')
    machine.has("sudo", '#!/bin/sh\nexec "$@"\n')
    machine.set_up("--test")
    (installing,) = machine.calls("--no-install-recommends")
    assert installing.split()[-1] == "softhsm2"


def test_a_missing_browser_is_named(machine: Machine) -> None:
    found = machine.set_up("--test", CHROMIUM="/nowhere/chromium")
    assert found.returncode == 1
    assert "/nowhere/chromium" in found.stderr
