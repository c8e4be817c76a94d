"""What comes before the first request: every step in its order, demo data only in demo mode."""

from dataclasses import replace

import click
import pytest
from flask import Flask

from registry.cli import prepare


def _saying(word: str) -> click.Command:
    return click.Command(word, callback=lambda: click.echo(f"did {word}"))


@pytest.mark.parametrize(("demo", "done"), [(True, ["a", "b", "c", "d"]), (False, ["a", "b"])])
def test_steps(app: Flask, monkeypatch: pytest.MonkeyPatch, demo: bool, done: list[str]) -> None:
    monkeypatch.setattr(prepare, "STEPS", (("A", _saying("a")), ("B", _saying("b"))))
    monkeypatch.setattr(prepare, "DEMO_STEPS", (("C", _saying("c")), ("D", _saying("d"))))
    settings = replace(app.extensions["settings"], demo=demo)
    monkeypatch.setattr(prepare, "settings", lambda: settings)
    result = app.test_cli_runner().invoke(args=["registry", "prepare"])
    assert result.exit_code == 0
    assert [line[4:] for line in result.output.splitlines() if line.startswith("did")] == done


def test_a_step_that_fails_ends_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise click.ClickException("fonts-noto-cjk is missing")

    steps = (("A", click.Command("a", callback=refuse)), ("B", _saying("b")))
    monkeypatch.setattr(prepare, "STEPS", steps)
    result = app.test_cli_runner().invoke(args=["registry", "prepare"])
    assert result.exit_code == 1
    assert "fonts-noto-cjk is missing" in result.output
    assert "did b" not in result.output
