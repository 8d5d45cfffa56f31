"""A policy file, by preset name or by path, to a validated model, or a refusal by key."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from zhiyuanhong.points.policy.coherence import Problem, incoherences
from zhiyuanhong.points.policy.model import Policy
from zhiyuanhong.shared.os_errors import reason
from zhiyuanhong.shared.refusals import RuleBroken

LARGEST_FILE = 1_000_000  # bytes; a 办法 with all its articles takes about 3,000
PRESETS = files("zhiyuanhong.points.policy") / "presets"
PRESET_ORDER = ("street-five-star", "national-ladder", "community-hours", "half-hour-point")


class PolicyRefused(RuleBroken):
    """A policy that may not be used; `problems` holds (key, rule it breaks in Chinese)."""

    exit_status = 2

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {key}：{rule}" for key, rule in self.problems)
        super().__init__("policy_refused", f"办法文件“{source}”不能使用：\n{lines}")


@dataclass(frozen=True)
class LoadedPolicy:
    """A valid policy with where it came from; `hash` is SHA-256 of the file's bytes, in hex."""

    policy: Policy = field(compare=False)  # the text says it all, and can be hashed
    source: str
    text: str
    hash: str


@cache
def preset_names() -> dict[str, str]:
    """Return the presets of the package: name → title of the 办法."""
    return {name: load_policy(name).policy.title for name in PRESET_ORDER}


def load_policy(name_or_path: str | Path) -> LoadedPolicy:
    """Load a policy by preset name, else by path; `PolicyRefused` or `RuleBroken` when it can't."""
    if str(name_or_path) in PRESET_ORDER:
        name = str(name_or_path)
        return parse_policy((PRESETS / f"{name}.toml").read_bytes(), source=name)
    path = Path(name_or_path)
    return parse_policy(_read(path), source=path.name)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        presets = "、".join(PRESET_ORDER)
        raise RuleBroken(
            "policy_missing",
            f"找不到办法文件“{path}”。请写对路径，或使用预设：{presets}。",
        ) from None
    except OSError as error:
        raise RuleBroken(
            "policy_unreadable", f"读不了办法文件“{path}”：{reason(error)}。"
        ) from None


def parse_policy(content: bytes, *, source: str) -> LoadedPolicy:
    """Validate the bytes of a TOML file; `source` is how refusals name it."""
    if len(content) > LARGEST_FILE:
        raise PolicyRefused(source, [("文件", f"超过 {LARGEST_FILE // 1000} kB，不像办法文件")])
    text, tables = _toml(content, source)
    try:
        policy = Policy.model_validate(tables)
    except ValidationError as error:
        problems = [_problem(detail) for detail in error.errors()]
        raise PolicyRefused(source, problems) from None
    if problems := list(incoherences(policy)):
        raise PolicyRefused(source, problems)
    return LoadedPolicy(policy, source, text, hashlib.sha256(content).hexdigest())


def _toml(content: bytes, source: str) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = ("编码", "不是 UTF-8，请用“另存为”选择 UTF-8 编码后再试")
        raise PolicyRefused(source, [problem]) from None
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of 5,000 digits
        raise PolicyRefused(source, [_syntax(str(error))]) from None


# What the parser says, by its beginning.
_SYNTAX = {
    "Cannot": "同一个键或节写了两次",
    "Duplicate": "同一个键写了两次",
    "Expected '='": "键的后面应有等号",
    "Expected ']": "方括号没有成对",
    "Unclosed": "括号没有成对",
    "Unterminated": "引号没有成对",
    "Expected newline": "一行只能写一项",
    "Illegal character": "有不能用的字符，或引号没有成对",
    "Invalid value": "等号后面的值不对，文字要加英文引号",
    "Invalid date": "没有这个日期",
    "Invalid statement": "这一行不像“键 = 值”或“[节]”，键要用英文",
    "Invalid initial": "键要用英文",
}


def _syntax(message: str) -> Problem:
    place = re.search(r"line (\d+), column (\d+)", message)
    end = "文件末尾" if "end of document" in message else "文件"
    where = f"第 {place[1]} 行第 {place[2]} 列" if place else end
    said = [chinese for start, chinese in _SYNTAX.items() if message.startswith(start)]
    return where, "不是正确的 TOML 写法" + "".join(f"（{chinese}）" for chinese in said)


def _problem(detail: ErrorDetails) -> Problem:
    return _key(detail["loc"]), _rule(detail)


def _key(place: tuple[int | str, ...]) -> str:
    key = ""
    for part in place:
        if part == "[key]":  # how the validator marks the key of a mapping, not a key of the file
            continue
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.lstrip(".") or "文件"


_RULES = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的键",
    "int_type": "应为整数",
    "string_type": "应为文字",
    "date_type": "应为日期，如 2026-01-01",
    "list_type": "应为列表",
    "dict_type": "应为一节",
    "model_type": "应为一节",
    "model_attributes_type": "应为一节",
    "string_too_short": "不能为空",
}


def _rule(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        expected = "、".join(re.findall(r"'([^']*)'", context["expected"]))
        known = "[key]" not in detail["loc"]
        return f"应为 {expected} 之一" if known else f"不认识的键，可用的有 {expected}"
    if kind == "greater_than_equal":
        return "不能为负数" if context["ge"] == 0 else f"不能小于 {context['ge']}"
    if kind == "less_than_equal":
        return f"不能大于 {context['le']}"
    if kind in {"too_short", "too_long"}:
        return "应有 1 至 5 个星级"
    return _RULES.get(kind, f"不合要求（{kind}）")
