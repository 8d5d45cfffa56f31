"""What no committed file may say, and what the two files a newcomer reads must say."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ("README.md", "README.zh-CN.md")


def committed() -> list[Path]:
    """The files of the repository; in an unpacked archive, which has none, everything of ours."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_registry_or_a_machine() -> None:
    # written in pieces, so that this file does not name them either
    hosts = ["pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "npm" + "mirror"]
    paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    forbidden = re.compile("|".join(map(re.escape, hosts + paths)))
    found = [(p.name, m[0]) for p in committed() if (m := forbidden.search(text_of(p)))]
    assert found == []


def test_no_file_puts_work_off() -> None:
    late = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    sources = [p for p in committed() if p.suffix in {".py", ".html", ".css", ".md", ".sql"}]
    assert [p.name for p in sources if late.search(text_of(p))] == []


def test_the_readmes_give_exactly_the_two_commands() -> None:
    for name in README:
        blocks = re.findall(
            r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL
        )
        assert "".join(blocks).split("\n") == ["make run", "make test", ""], name


def test_the_readmes_are_twins() -> None:
    outlines = []
    for name in README:
        text = (ROOT / name).read_text(encoding="utf-8")
        outlines.append(
            (re.findall(r"^#+", text, re.MULTILINE), re.findall(r"\]\((?!README)(.+?)\)", text))
        )
    assert outlines[0] == outlines[1]


def test_what_the_readmes_show_is_there() -> None:
    for name in README:
        text = (ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^):#]+)\)", text)
        assert links
        assert [link for link in links if not (ROOT / link).exists()] == []


def test_both_locks_hold_hashes_and_agree() -> None:
    pins = []
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        found = dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", text, re.MULTILINE))
        assert found
        entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
        assert [entry[:40] for entry in entries if "--hash=sha256:" not in entry] == []
        pins.append(found)
    runtime, everything = pins
    assert {name: everything.get(name) for name in runtime} == runtime


def test_sqlglot_stays_below_what_breaks_ibis() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "sqlglot<30.16" in project["project"]["dependencies"]
    locked = re.findall(
        r"^sqlglot==(\d+)\.(\d+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    assert [tuple(map(int, version)) < (30, 16) for version in locked] == [True]


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    tables = "\n".join(lines[: lines.index("[tool.hatch.version]")])
    named = re.findall(
        r'^    "([A-Za-z][\w.\[\]-]*)[^"]*",(.*)$',
        tables.split("dependencies = [", 1)[1],
        re.MULTILINE,
    )
    assert len(named) > 20
    assert [name for name, rest in named if not re.search(r"#\s+\S", rest)] == []


def test_the_npm_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(
        "integrity" in package and "resolved" not in package for package in packages.values()
    )
