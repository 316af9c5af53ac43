"""`doctor --bundle`: packed, named, and sent to nobody."""

import zipfile
from pathlib import Path

import pytest

from tests.agent.cli.console import Run


@pytest.mark.usefixtures("active")
def test_the_command_packs_what_it_found_and_says_that_nobody_got_it(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.zip"
    said = run("doctor", "--bundle", str(path))
    assert str(path) in said.out
    assert "sent to nobody" in said.out
    with zipfile.ZipFile(path) as packed:
        assert "history.txt" in packed.namelist()
    again = run("doctor", "--bundle", str(path), "--json")
    assert again.json["text_code"] == "file-taken"
    assert "bundle" not in run("doctor", "--json").json
