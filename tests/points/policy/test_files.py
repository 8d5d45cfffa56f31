"""A policy as a file: encodings, broken TOML, and paths that lead nowhere."""

import hashlib
import pathlib

import pytest

from tests.points.policy.broken import problems_of, street
from tests.points.strategies import policy_toml
from zhiyuanhong.points.policy import load_policy, parse_policy
from zhiyuanhong.shared.refusals import RuleBroken

TEXT = policy_toml(street())


def problem(content: str | bytes) -> tuple[str, str]:
    raw = content if isinstance(content, bytes) else content.encode()
    (found,) = problems_of(lambda: parse_policy(raw, source="办法.toml"))
    return found


def refusal(path: pathlib.Path | str) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        load_policy(path)
    return caught.value


def test_a_policy_is_loaded_by_path(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "本街道.toml"
    path.write_text(TEXT, encoding="utf-8")
    loaded = load_policy(path)
    assert (loaded.source, loaded.text) == ("本街道.toml", TEXT)
    assert loaded.hash == hashlib.sha256(TEXT.encode()).hexdigest()
    assert loaded == load_policy(str(path))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_byte_order_mark_does_no_harm(ending: str) -> None:
    content = b"\xef\xbb\xbf" + TEXT.replace("\n", ending).encode()
    assert (
        parse_policy(content, source="x").policy == parse_policy(TEXT.encode(), source="x").policy
    )


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16"])
def test_another_encoding_is_named(encoding: str) -> None:
    rule = "不是 UTF-8，请用“另存为”选择 UTF-8 编码后再试"
    assert problem(TEXT.encode(encoding)) == ("编码", rule)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('title = "a', "有不能用的字符，或引号没有成对"),
        ("title", "键的后面应有等号"),
        ("title = 甲", "等号后面的值不对，文字要加英文引号"),
        ("[stars", "方括号没有成对"),
        ("title = 1 2", "一行只能写一项"),
        ("version = 1\nversion = 2", "同一个键或节写了两次"),
        ("a = {b = 1, b = 2}", "同一个键写了两次"),
        ("= 1", "这一行不像“键 = 值”或“[节]”，键要用英文"),
        ("标题 = 1", "这一行不像“键 = 值”或“[节]”，键要用英文"),
        ("a = {社区 = 1}", "键要用英文"),
        ("day = 2026-13-01", "一行只能写一项"),
        ("day = 2026-02-30", "没有这个日期"),
    ],
)
def test_broken_toml_names_its_line(line: str, said: str) -> None:
    where, rule = problem(f"# 第一行\n\n{line}\n")
    assert where.startswith(f"第 {3 + line.count(chr(10))} 行第 ")
    assert rule == f"不是正确的 TOML 写法（{said}）"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('a = """x', "（引号没有成对）"),
        ("a = [1", "（括号没有成对）"),
        ("a = {b = 1", "（括号没有成对）"),
        ("a = '''x", ""),
    ],
)
def test_what_never_ends_is_told_at_the_end(content: str, said: str) -> None:
    assert problem(content) == ("文件末尾", f"不是正确的 TOML 写法{said}")


@pytest.mark.parametrize("content", ["a = " + "9" * 5000, "a = " + "[" * 200_000])
def test_a_file_made_to_hurt_is_refused_like_any_other(content: str) -> None:
    assert problem(content) == ("文件", "不是正确的 TOML 写法")


def test_an_empty_file_lacks_everything() -> None:
    found = problems_of(lambda: parse_policy(b"", source="办法.toml"))
    keys = ("title", "version", "effective_from", "service_time", "stars")
    assert found == tuple((key, "缺少必填项") for key in keys)


def test_a_file_that_is_too_big_is_not_read_on(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(TEXT.encode() + b"#" * 1_000_001)
    assert problems_of(lambda: load_policy(path)) == (("文件", "超过 1000 kB，不像办法文件"),)
    assert parse_policy(TEXT.encode().ljust(1_000_000), source="x").policy.title


@pytest.mark.parametrize("name", ["street-six-star", "street-five-star.toml", "Street-Five-Star"])
def test_what_is_no_preset_and_no_file_hears_the_presets(name: str) -> None:
    refused = refusal(name)
    assert refused.code == "policy_missing"
    assert refused.message == (
        f"找不到办法文件“{name}”。请写对路径，或使用预设："
        "street-five-star、national-ladder、community-hours、half-hour-point。"
    )


def test_a_folder_is_no_policy(tmp_path: pathlib.Path) -> None:
    refused = refusal(tmp_path)
    assert refused.code == "policy_unreadable"
    assert refused.message == f"读不了办法文件“{tmp_path}”：这是文件夹，不是文件。"


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "open", forbidden)
    assert refusal("x.toml").message == "读不了办法文件“x.toml”：没有权限。"


def test_a_name_too_long_is_told_in_chinese() -> None:
    refused = refusal("x" * 5000)
    assert refused.message.endswith("：名称太长。")
