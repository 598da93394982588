"""What the checkout tells a stranger: no place of one machine, no server, no commands that are not."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files, python_files, shown, text_files

PAGES = sorted(path for path in files() if path.suffix == ".md" and "projects" not in path.parts)
OUR_PAGES = [path for path in PAGES if path.parts[-2] != "tests"]
# Assembled, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("|".join(("/" + "work/", "/ro" + "ot/")))
URL_HOST = re.compile(r"\bhttps?://(?:[^/@\s]*@)?([\w.-]+)")
# Who may be named: standards, licences and formats, and nobody's server.
HOSTS = {
    "127.0.0.1", "creativecommons.org", "mcap.dev", "json-schema.org", "keepachangelog.com",
    "semver.org", "www.apache.org", "www.w3.org",
}  # fmt: skip
ISSUE = re.compile(r"(?<![\w&/(])#\d+\b|\b(?:issue|ticket|PR|MR) ?#?\d+\b", re.IGNORECASE)
TALK = re.compile(
    r"\b(?:chat" + r"gpt|co" + r"pilot|as an ai|in this ses" + r"sion)\b", re.IGNORECASE
)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def test_no_path_of_one_machine() -> None:
    assert [
        f"{shown(path, number)}: {line.strip()}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ] == []


def test_no_server_is_named() -> None:
    assert [
        f"{shown(path)}: {host}"
        for path, text in text_files()
        if path.suffix != ".lock" and path.name != "LICENSE"
        for host in URL_HOST.findall(text)
        if not _may_be_named(host)
    ] == []


def test_every_page_that_is_named_is_here() -> None:
    here = {path.name for path in files()}
    assert [
        f"{shown(path, number)}: {name}"
        for path in python_files("labapp", "launcher", "benchmarks")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for name in re.findall(r"\b[a-z][\w-]+\.md\b", line)
        if name not in here and name.removesuffix(".md") not in ("zh", "en")
    ] == []


def test_locks_name_no_server() -> None:
    locks = [text for path, text in text_files() if path.suffix == ".lock"]
    assert len(locks) == 4
    assert [text for text in locks if "://" in text or "--index" in text or "--find" in text] == []


@pytest.mark.parametrize("page", OUR_PAGES, ids=shown)
def test_pages_speak_of_the_product(page: Path) -> None:
    text = page.read_text("utf-8")
    assert ISSUE.findall(text) == []
    assert TALK.findall(text) == []


@pytest.mark.parametrize("page", OUR_PAGES, ids=shown)
def test_links_lead_somewhere(page: Path) -> None:
    local = [to for to in LINK.findall(page.read_text("utf-8")) if "://" not in to]
    assert [to for to in local if not (page.parent / to).exists()] == []


def test_the_readme_has_two_commands_and_the_checks_run_by_the_second() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"\| `(python3 lab\.py [^`]*)` \|", readme)
    assert commands == ["python3 lab.py run", "python3 lab.py test"]
    ci = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert ci[-1].endswith("python3 lab.py test")


def test_every_command_that_a_page_shows_is_one() -> None:
    from labapp.cli.main import main

    shown_lines = {
        line.strip()
        for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
        for line in re.findall(r"python3 lab\.py run ([^`\n]+)", page.read_text("utf-8"))
    }
    names = {shlex.split(line)[0] for line in shown_lines} - {"--help"}
    assert names >= {"run", "grade", "simulate", "monitor"}
    for name in sorted(names):
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0


def test_what_is_left_out_for_wine_is_a_test() -> None:
    lines = (ROOT / "tests" / "windows" / "left_out.txt").read_text("utf-8").splitlines()
    for line in lines[1:]:
        named, _, why = line.partition("#")
        file, _, test = named.strip().partition("::")
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), line
        assert why.strip(), line


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == pages
    assert [name[:4] for name in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for name in pages:
        text = (folder / name).read_text("utf-8")
        headings = [line for line in text.splitlines() if line.startswith("#")]
        assert headings[0].startswith(f"# {name[:4]}. ")
        assert headings[1:] == ["## Context", "## Decision", "## Consequences"]


def test_the_parts_on_the_page_are_those_of_the_code() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`labapp/(\w+)/`", page))
    assert named
    assert [name for name in named if not (ROOT / "labapp" / name).is_dir()] == []


def _may_be_named(host: str) -> bool:
    return host in HOSTS or host.endswith((".example", "example.org"))
