"""The pages about points say what the code does: columns, codes, keys, stages, commands."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from zhiyuanhong.commands.main import zhiyuanhong
from zhiyuanhong.points.assess import assess_to
from zhiyuanhong.points.checks import REASONS
from zhiyuanhong.points.choices import FACT_TABLES, RESULTS, STATEMENT, Column, FactTable
from zhiyuanhong.points.facts import DEFAULT_LIMITS, open_facts
from zhiyuanhong.points.facts.limits import MEBIBYTE
from zhiyuanhong.points.measures import plan
from zhiyuanhong.points.policy import load_policy, model, preset_names
from zhiyuanhong.points.template import write_template

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECTIONS = [
    model.Policy,
    model.ServiceTime,
    model.Satisfaction,
    model.Band,
    model.Training,
    model.Honor,
    model.Continuity,
    model.Tier,
    model.Conduct,
    model.Stars,
    model.Level,
    model.Lifetime,
]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    (body,) = re.findall(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL
    )
    return str(body)


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables of a text whose first cell is code, backticks taken off."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" |")] for line in lines]


def test_fact_tables() -> None:
    text = page("reference/points-facts.md")
    assert [table.name for table in FACT_TABLES] == re.findall(r"^### (\w+)", text, re.MULTILINE)
    for table in FACT_TABLES:
        told = rows(section(text, f"{table.name} {table.label}"))
        assert told == [_told(column) for column in table.columns]


def _told(column: Column) -> list[str]:
    codes = "、".join(f"`{code}` {label}" for code, label in column.codes.items())
    if column.refers_to:
        codes = f"an id of `{column.refers_to}`"
    empty = "" if column.required else "allowed"
    return [column.name, column.label, column.kind, empty, codes.strip("`")]


def test_reasons_of_bad_rows() -> None:
    told = rows(section(page("reference/points-facts.md"), "Bad rows"))
    assert {cells[0] for cells in told if len(cells) == 3} == set(REASONS)


def test_limits() -> None:
    told = section(page("reference/points-facts.md"), "Limits")
    limits = DEFAULT_LIMITS
    assert re.findall(r"\| ([\d,]+)(?: MiB)? \|$", told, re.MULTILINE) == [
        f"{number:,}"
        for number in (
            limits.file_bytes // MEBIBYTE,
            limits.unpacked_bytes // MEBIBYTE,
            limits.ratio,
            limits.entries,
            limits.sheets,
            limits.rows,
            limits.columns,
            limits.cells,
        )
    ]
    assert f"more than {limits.ratio_from_bytes // MEBIBYTE} MiB" in told


@pytest.mark.parametrize("part", SECTIONS, ids=lambda part: part.__name__)
def test_keys_of_a_policy(part: type[model.Section]) -> None:
    told = rows(section(page("reference/policy-file.md"), part.__name__))
    assert {cells[0]: cells[2] for cells in told} == {
        field.alias or name: "required" if field.is_required() else str(field.default or "none")
        for name, field in part.model_fields.items()
    }


def test_every_section_of_a_policy_is_told() -> None:
    assert set(SECTIONS) == set(model.Section.__subclasses__())


def test_presets() -> None:
    told = rows(section(page("reference/policy-file.md"), "Presets"))
    assert [cells[0] for cells in told] == list(preset_names())


@pytest.mark.parametrize("table", [RESULTS, STATEMENT], ids=lambda table: table.name)
def test_columns_of_results(table: FactTable) -> None:
    told = rows(section(page("reference/points-rules.md"), table.name.capitalize()))
    assert [cells[:2] for cells in told] == [[c.name, c.label] for c in table.columns]


def test_functions_that_carry_out_rules() -> None:
    named = re.findall(r"`(lines|services|standing)\.(\w+)`", page("reference/points-rules.md"))
    assert len(named) > 15
    for module, function in named:
        assert callable(getattr(import_module(f"zhiyuanhong.points.measures.{module}"), function))


def test_stages() -> None:
    told = rows(section(page("explanation/engines.md"), "Stages"))
    stages = plan(load_policy("street-five-star").policy, 2026).stages
    assert [cells[0] for cells in told] == [stage.name for stage in stages]


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from commands(command, f"{path}{name} ")
            else:
                yield f"{path}{name}", command


def test_options_of_every_command() -> None:
    text = page("reference/command-line.md")
    there = dict(commands(zhiyuanhong))
    assert sorted(re.findall(r"^### `(.+)`$", text, re.MULTILINE)) == sorted(there)
    for path, command in there.items():
        told = {cells[0] for cells in rows(section(text, f"`{path}`")) if len(cells) == 2}
        named = {_spelled(parameter) for parameter in command.params}
        assert {one for one in told if one.startswith("--") or one.isupper()} == named, path


def _spelled(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return str(parameter.name).upper()
    return max(parameter.opts, key=len)


def test_what_is_required_is_said() -> None:
    text = page("reference/command-line.md")
    for path, command in commands(zhiyuanhong):
        told = {cells[0]: cells[1] for cells in rows(section(text, f"`{path}`"))}
        options = [one for one in command.params if isinstance(one, click.Option)]
        said = {one.opts[0] for one in options if told[one.opts[0]].startswith("必填")}
        assert said == {one.opts[0] for one in options if one.required}, path


def test_keys_of_a_report(tmp_path: Path) -> None:
    workbook = tmp_path / "facts.xlsx"
    write_template(workbook)
    with open_facts(workbook) as facts:
        report = assess_to(tmp_path / "out", facts, load_policy("street-five-star"), 2026)
    told = section(page("reference/command-line.md"), "`points assess`").split("`report.json` 的键")
    assert [cells[0] for cells in rows(told[1])] == list(report)
