"""The frame holds: layout, locks, seeds, and what a reader of the repository must never meet."""

import ast
import hashlib
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "tests/requirements.lock")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; .+?)? \\$", re.MULTILINE)
SUPPORTED = ("3.11", "3.12", "3.13")

TOP = {
    *("index", "search", "tests", "seeds", ".ci"),
    *("pyproject.toml", "Makefile", "requirements.lock", ".gitignore"),
    *("README.md", "CHANGELOG.md", "LICENSE"),
}

# The five articles as the user supplied them, byte for byte.
SEEDS = {
    "000_ab67899fdbf838f9.txt": "4f5fc02205f8c59732d2846c4f62fcd84e41e74c9d0f939d2bff9640f186a4ca",
    "001_acbe4ea139c54033.txt": "db7e4571e0a455f8acd44c8e01cac062a348e81fc724c18e5dd7b00cd3cb1bdb",
    "002_7743d5883f8a5881.txt": "a464fe3f2f9a010777614c7a7d56d8d37813f4e7867386dbc8916979e85a2e7b",
    "003_edc5dc7f95af950d.txt": "113b02b30b9934503076a1461358f0cc88af13e0c5be1fc2896e6bc2995da34a",
    "004_b79e0ac07a66befb.txt": "679ab5e2b78564684530b0f95a8c1a8474a39f89cfe6f109d6cd29608127b40c",
}

# A path below the home or working folder of some machine.
MACHINE = re.compile(r"(?<![\w.~$}-])/(?:home|root|Users|work|farm)/\w")
# A neighbour of the checkout: continuous integration alone looks for data there, in one line.
NEIGHBOUR = re.compile(r"\.\./" + "shared")


def git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.stdout.decode().splitlines()


@cache
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of tracked files")
    return [ROOT / name for name in git("ls-files") if (ROOT / name).is_file()]


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PINNED.findall((ROOT / lock).read_text())}


def wanted(lock: str) -> list[Requirement]:
    groups = project()["dependency-groups"]
    named = ("build",) if lock == "requirements.lock" else tuple(groups)
    texts = [*project()["project"]["dependencies"], *(text for name in named for text in groups[name])]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_dependency_of_the_project_in_its_range(lock):
    held = pins(lock)
    for requirement in wanted(lock):
        name = canonicalize_name(requirement.name)
        assert name in held, f"{lock} lacks {name}: run make lock"
        assert requirement.specifier.contains(held[name]), f"{lock} has {held[name]}, not {requirement}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_registry_and_no_file(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|^\s*-(?!-hash=)| @ |\bfile:", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock):
    entries = re.split(r"^(?=\w)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_of_the_tests_holds_the_lock_of_the_service_whole():
    assert pins("requirements.lock").items() <= pins("tests/requirements.lock").items()


def test_the_build_backend_comes_from_the_lock():
    (backend,) = project()["build-system"]["requires"]
    requirement = Requirement(backend)
    assert requirement.specifier.contains(pins("requirements.lock")[requirement.name])


def test_the_project_promises_the_pythons_that_it_is_tested_on():
    promise = Requirement("python" + project()["project"]["requires-python"]).specifier
    assert all(promise.contains(version) for version in SUPPORTED)
    assert not promise.contains("3.10")


def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} == TOP


def test_the_seeds_are_as_they_were_supplied():
    files = (ROOT / "seeds").glob("*.txt")
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == SEEDS


def test_no_package_hides_under_tests():
    assert [path for path in tracked() if path.name == "__init__.py" and "tests" in path.parts] == []


def test_every_package_says_what_it_is():
    for name in ("index", "search"):
        folders = {path.parent for path in (ROOT / name).rglob("*.py")}
        assert all((folder / "__init__.py").is_file() for folder in folders)


def test_every_module_opens_with_a_sentence():
    modules = [path for path in tracked() if path.suffix == ".py"]
    assert [path for path in modules if not ast.get_docstring(ast.parse(path.read_bytes()))] == []


def test_no_tracked_file_names_a_path_of_some_machine():
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(errors="replace") for path in tracked()}
    assert [name for name, text in texts.items() if MACHINE.search(text)] == []
    assert {name: len(NEIGHBOUR.findall(text)) for name, text in texts.items() if NEIGHBOUR.search(text)} == {
        ".ci/run": 1
    }


def test_git_ignores_what_the_commands_make_and_nothing_that_is_tracked():
    made = [
        ".venv/bin/python",
        "var/index/x",
        ".coverage",
        "pressmark.egg-info/PKG-INFO",
        "index/__pycache__/x.pyc",
    ]
    assert tracked()
    assert git("check-ignore", *made) == made
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard") == []


def test_make_lists_its_targets_and_each_takes_one_line():
    lines = (ROOT / "Makefile").read_text().splitlines()
    targets = [n for n, line in enumerate(lines) if re.match(r"[a-z]+:", line)]
    assert lines[targets[0]].startswith("help:")
    for n in targets:
        assert "## " in lines[n], f"make {lines[n]} has no description"
        assert sum(line.startswith("\t") for line in lines[n + 1 : n + 3]) <= 1, f"{lines[n]} takes two lines"
