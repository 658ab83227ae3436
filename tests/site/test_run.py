"""The shell door: what it says when something is missing, and that it mends what broke off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import missing
from tests.site.ledgers import ROOT, clean_environment

TOOLS = ("sh", "dirname", "cat", "cmp", "mkdir", "rmdir", "rm", "cp", "sleep", "env")
STAND_IN = """#!/bin/sh
# Stands in for Python, so that the door can be tried without installing anything.
case "$*" in
-c*version_info*) exit {version} ;;
-c*ensurepip*) exit {venv} ;;
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && : >"$3/pyvenv.cfg" ;;
"-m pip install "*) echo installed >>"$LOG"; exit {pip} ;;
*manage.py*) shift; echo "manage.py $*" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The door and its lock files, in a folder whose name has spaces and a quote."""
    folder = tmp_path / "my ledger's clone"
    folder.mkdir()
    for name in ("run", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


def run(
    clone: Path, *arguments: str, version: int = 0, venv: int = 0, pip: int = 0, **more: str
) -> tuple[int, str]:
    """Run the door with a stand-in for Python and nothing but the plainest tools."""
    tools = clone.parent / "bin"
    tools.mkdir(exist_ok=True)
    for name in TOOLS:
        if not (tools / name).exists():
            (tools / name).symlink_to(str(shutil.which(name)))
    stand_in = tools / "python3"
    stand_in.write_text(STAND_IN.format(version=version, venv=venv, pip=pip))
    stand_in.chmod(0o755)
    environment = {**clean_environment(), "PATH": str(tools), "LOG": str(clone.parent / "log"), **more}
    done = subprocess.run(
        [str(clone / "run"), *arguments],
        env=environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def installs(clone: Path) -> int:
    """How often packages were installed."""
    log = clone.parent / "log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_it_is_plain_posix_shell() -> None:
    dash = shutil.which("dash")
    if dash is None:
        missing("dash is not installed (Debian, Ubuntu: apt install dash)")
    subprocess.run([str(dash), "-n", str(ROOT / "run")], check=True)


def test_help_needs_nothing_and_names_every_word_it_knows(clone: Path) -> None:
    status, words = run(clone, "help", version=1)
    assert status == 0
    assert all(f"./run {word}" in words for word in ("test", "add_user", "backup", "restore", "manage"))


def test_an_unknown_word_is_refused_with_the_list(clone: Path) -> None:
    status, words = run(clone, "serv")
    assert (status, words.splitlines()[0]) == (2, './run does not know "serv".')
    assert "./run manage" in words


def test_the_first_start_installs_and_the_second_does_not(clone: Path) -> None:
    assert run(clone)[1].splitlines()[-1] == "manage.py serve"
    assert run(clone, "--port", "8123") == (0, "manage.py serve --port 8123\n")
    assert installs(clone) == 1


@pytest.mark.parametrize(
    ("arguments", "handed_on"),
    [
        (("manage", "import_data", "a b.csv"), "import_data a b.csv"),
        (("backup", "--to", "x"), "backup --to x"),
        (("restore", "--verify"), "restore --verify"),
        (("add_user", "mira"), "add_user mira"),
    ],
)
def test_words_are_handed_on_as_they_are(clone: Path, arguments: tuple[str, ...], handed_on: str) -> None:
    assert run(clone, *arguments)[1].splitlines()[-1] == f"manage.py {handed_on}"


def test_new_packages_after_an_update_are_installed(clone: Path) -> None:
    run(clone)
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")
    run(clone)
    assert installs(clone) == 2


def test_an_installation_that_broke_off_is_begun_again(clone: Path) -> None:
    status, words = run(clone, pip=1)
    assert status == 1
    assert "could not be installed" in words
    assert "Without network" in words
    leftover = clone / ".venv" / "leftover"
    leftover.touch()
    assert run(clone)[0] == 0
    assert not leftover.exists()


def test_where_uv_fails_pip_installs(clone: Path) -> None:
    run(clone, "help")
    uv = clone.parent / "bin" / "uv"
    uv.write_text('#!/bin/sh\ncase "$1" in venv) python3 -m venv "$5" ;; *) exit 1 ;; esac\n')
    uv.chmod(0o755)
    assert run(clone)[1].splitlines()[-1] == "manage.py serve"
    assert installs(clone) == 1


def test_an_environment_whose_python_went_away_is_made_anew(clone: Path) -> None:
    run(clone)
    (clone / ".venv/bin/python").unlink()
    (clone / ".venv/bin/python").symlink_to("/nowhere/python3")
    assert run(clone)[1].splitlines()[-1] == "manage.py serve"
    assert installs(clone) == 2


def test_an_old_python_is_named(clone: Path) -> None:
    status, words = run(clone, version=1)
    assert status == 1
    assert "needs Python 3.11 or later" in words


def test_a_missing_venv_module_is_named(clone: Path) -> None:
    status, words = run(clone, venv=1)
    assert status == 1
    assert "apt install python3-venv" in words


def test_the_environment_can_lie_elsewhere_but_replaces_nothing_that_is_there(clone: Path) -> None:
    elsewhere = clone.parent / "else where"
    assert run(clone, LEDGER_VENV=str(elsewhere))[0] == 0
    assert (elsewhere / "pyvenv.cfg").exists()
    assert not (clone / ".venv").exists()
    home = clone.parent / "home"
    home.mkdir()
    (home / "letter").touch()
    status, words = run(clone, LEDGER_VENV=str(home))
    assert status == 1
    assert "Name a new folder" in words
    assert (home / "letter").exists()


def test_a_folder_that_cannot_be_written_to_is_named(clone: Path) -> None:
    status, words = run(clone, LEDGER_VENV="/proc/ledger/venv")
    assert status == 1
    assert "cannot be written to" in words
    assert "LEDGER_VENV" in words
    assert "LEDGER_DATA" in words


def test_the_lock_of_a_start_that_was_killed_is_taken_over(clone: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    lock = clone / ".venv.lock"
    lock.mkdir()
    (lock / "owner").write_text(str(gone.pid))
    assert run(clone)[0] == 0
    assert not lock.exists()


def test_a_start_waits_for_one_that_is_installing(clone: Path) -> None:
    lock = clone / ".venv.lock"
    lock.mkdir()
    (lock / "owner").write_text(str(os.getpid()))
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(
            [str(clone / "run")], env=clean_environment(), capture_output=True, timeout=3, check=False
        )
    assert not (clone / ".venv").exists()
