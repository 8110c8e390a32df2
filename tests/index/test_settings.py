"""Precedence, origins and refusals of settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import settings
from index.errors import BadSetting


def load(folder, flags=None, **environ):
    return settings.load(flags or {}, environ=environ, folder=folder)


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(tmp_path):
    assert load(tmp_path).index == Path("var/index")
    assert load(tmp_path).origin("index") == "default"
    (tmp_path / "pressmark.toml").write_text('index = "from-file"\n')
    assert load(tmp_path).index == Path("from-file")
    assert load(tmp_path).origin("index") == f"file {tmp_path / 'pressmark.toml'}"
    there = load(tmp_path, PRESSMARK_INDEX="from-environment")
    assert (there.index, there.origin("index")) == (Path("from-environment"), "environment PRESSMARK_INDEX")
    there = load(tmp_path, {"index": "from-flag", "bind": None}, PRESSMARK_INDEX="from-environment")
    assert (there.index, there.origin("index")) == (Path("from-flag"), "flag --index")


def test_the_state_folder_follows_the_index(tmp_path):
    assert load(tmp_path, {"index": "/srv/news"}).state == Path("/srv/news.state")
    assert load(tmp_path, {"index": "/srv/news"}, PRESSMARK_STATE="/run/x").state == Path("/run/x")
    odd = load(tmp_path, {"index": "/srv/{braces}"})
    assert odd.state == Path("/srv/{braces}.state")


def test_an_empty_variable_counts_as_not_set(tmp_path):
    assert load(tmp_path, PRESSMARK_INDEX="").origin("index") == "default"


def test_the_table_of_pyproject_is_read_and_its_other_tables_are_not(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.pressmark]\nworkers = 3\n')
    assert load(tmp_path).workers == 3
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load(tmp_path).origin("workers") == "default"


def test_a_switch_is_a_truth_value_of_toml_too_and_a_mark_of_byte_order_is_none_of_the_file(tmp_path):
    (tmp_path / "pressmark.toml").write_text("\ufefffollow = false\nstories = true\n", encoding="utf-8")
    assert (load(tmp_path).follow, load(tmp_path).stories) == ("off", "on")


def test_a_named_file_is_the_only_one_and_must_be_there(tmp_path):
    (tmp_path / "pressmark.toml").write_text("threads = 2\n")
    named = tmp_path / "other.toml"
    with pytest.raises(BadSetting, match="there is no file"):
        load(tmp_path, PRESSMARK_CONFIG=str(named))
    named.write_text("[tool.pressmark]\nthreads = 7\n")
    assert load(tmp_path, PRESSMARK_CONFIG=str(named)).threads == 7


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("workers", "0"),
        ("workers", "many"),
        ("threads", "-1"),
        ("jobs", "١"),
        ("language", "english"),
        ("bind", "8000"),
        ("bind", "127.0.0.1:99999"),
        ("on_error", "ignore"),
        ("lock_timeout", "soon"),
        ("article_limit", "5 apples"),
        ("index", "a\0b"),
    ],
)
def test_a_bad_value_names_the_setting_and_where_it_was_read(tmp_path, name, text):
    with pytest.raises(BadSetting, match=rf"^{name} .*\(environment PRESSMARK_{name.upper()}\): "):
        load(tmp_path, **{f"PRESSMARK_{name.upper()}": text})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('indx = "a"', "there is no setting 'indx'; index is near"),
        ("workers = true", "neither a text nor a number"),
        ("workers = [1]", "neither a text nor a number"),
        ("workers = 99999", "workers '99999'"),
        ("= nothing", "cannot be read"),
        ("[tool]\npressmark = 3", "is not a table"),
    ],
)
def test_a_bad_file_is_named(tmp_path, content, message):
    (tmp_path / "pressmark.toml").write_text(content)
    with pytest.raises(BadSetting, match=message):
        load(tmp_path)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "[::1]:80", "news.example:8000", "unix:/run/a.sock"])
def test_addresses(tmp_path, address):
    assert load(tmp_path, PRESSMARK_BIND=address).bind == address


@pytest.mark.parametrize(
    ("text", "size"), [("5MB", 5_000_000), ("1GiB", 2**30), ("700", 700), ("2 kB", 2000)]
)
def test_sizes(tmp_path, text, size):
    assert load(tmp_path, PRESSMARK_ARTICLE_LIMIT=text).article_limit == size


def test_a_key_is_never_shown(tmp_path):
    there = load(tmp_path, PRESSMARK_CURSOR_KEY="s3cret")
    assert there.cursor_key == "s3cret"
    assert "s3cret" not in there.shown("cursor_key")
    assert load(tmp_path).cursor_key is None


def test_every_row_is_an_attribute_with_an_origin(tmp_path):
    there = load(tmp_path)
    for setting in settings.SETTINGS:
        assert there.shown(setting.name)
        assert there.origin(setting.name) == "default"


@given(st.sampled_from(settings.SETTINGS), st.text())
def test_any_text_is_a_value_or_a_bad_setting(setting, text):
    try:
        there = settings.load({setting.name: text}, environ={}, folder=Path("/nonexistent"))
    except BadSetting:
        return
    assert there.origin(setting.name) == f"flag {setting.flag}"


def test_origins_are_separated_by_blanks(tmp_path):
    there = load(tmp_path, PRESSMARK_ORIGINS_ALLOWED="https://news.example.org http://[::1]:8000")
    assert there.origins_allowed == ("https://news.example.org", "http://[::1]:8000")
    assert load(tmp_path).origins_allowed == ()
    for text in ("news.example.org", "https://a.org/path", "https://a.org,https://b.org"):
        with pytest.raises(BadSetting, match="origins such as"):
            load(tmp_path, PRESSMARK_ORIGINS_ALLOWED=text)
