"""Logs tell what broke, and never what people typed."""

import pytest
import structlog


def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    def check(password: str) -> None:
        raise ValueError("broken" + password[:0])

    try:
        check("uma senha bem comprida")
    except ValueError:
        structlog.get_logger("tests").exception("fault")
    said = capsys.readouterr().out
    assert "ValueError: broken" in said
    assert "uma senha bem comprida" not in said.replace(r"check(\"uma senha bem comprida\")", "")
