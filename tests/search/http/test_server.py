"""What stands between a command line and a running service."""

import stat

import pytest

from search.http import server


@pytest.mark.parametrize(
    ("flags", "status", "says"),
    [
        (["--workers", "none"], 5, "workers"),
        (["--bind", "nowhere"], 5, "bind"),
        (["--index", ""], 5, "index"),
        (["--port", "1"], 2, "--port"),
        (["--cursor-key", "x"], 2, "--cursor-key"),
    ],
)
def test_a_setting_without_meaning_ends_the_start(flags, status, says, capsys):
    with pytest.raises(SystemExit) as end:
        server.main(flags)
    assert end.value.code == status
    assert says in capsys.readouterr().err


def test_the_state_is_private_even_if_it_was_not(tmp_path):
    state = tmp_path / "deep" / "state"
    assert server._state(state) == state
    state.chmod(0o755)
    assert stat.S_IMODE(server._state(state).stat().st_mode) == 0o700


def test_a_service_without_a_place_for_its_state_starts_all_the_same(tmp_path):
    (tmp_path / "file").write_text("in the way")
    state = server._state(tmp_path / "file" / "state")
    assert state.is_dir()
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    state.rmdir()
