"""What house.md fixes and no linter knows: sizes, file names, places."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/zhiyuanhong"
MODULES = sorted(PACKAGE.rglob("*.py"))
OWN = [
    p for p in [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))] if "migrations" not in p.parts
]
# what a room with tables may hold; a file that grew may be a folder of that name
ROOM_FILES = {
    "__init__", "choices", "rules", "models", "permissions", "queries", "actions", "tasks", "apps",
    "migrations", "documents", "fonts",
}  # fmt: skip
SURFACES = {"config", "commands", "demo", "api", "pages", "flows", "points", "shared"}
STRAY = {"utils", "util", "helpers", "helper", "common", "core", "misc", "lib", "tools"}
INTEGERS_ONLY = [p for p in MODULES if {"measures", "engines"} & set(p.relative_to(PACKAGE).parts)]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_no_module_is_over_400_lines() -> None:
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in OWN}
    assert [(where(p, n), n) for p, n in sizes.items() if n > 400] == []


def test_no_function_is_over_50_lines() -> None:
    long = [where(p, f.lineno) for p in OWN for f in functions(p) if length(f) > 50]
    assert long == []


def test_the_median_function_has_at_most_8_lines() -> None:
    lengths = [length(f) for p in MODULES for f in functions(p)]
    assert statistics.median(lengths) <= 8


def test_a_view_has_at_most_25_lines() -> None:
    views = [
        where(p, f.lineno)
        for p in MODULES
        if p.is_relative_to(PACKAGE / "pages")
        for f in functions(p)
        if f.args.args and f.args.args[0].arg == "request" and length(f) > 25
    ]
    assert views == []


def test_a_module_docstring_is_one_line() -> None:
    docstrings = {p: ast.get_docstring(tree(p), clean=False) for p in OWN}
    assert [str(p) for p, text in docstrings.items() if not text or "\n" in text] == []


def test_only_config_reads_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv|putenv)|from os import .*(environ|getenv)")
    found = [
        str(p.relative_to(PACKAGE))
        for p in MODULES
        if reads.search(p.read_text(encoding="utf-8")) and not p.is_relative_to(PACKAGE / "config")
    ]
    assert found == []


def holds_a_float(node: ast.AST) -> bool:
    return (
        (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id in {"float", "Decimal"})
        or (isinstance(node, ast.Attribute) and node.attr in {"float32", "float64", "decimal"})
    )


def true_divisions(path: Path) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield node.lineno


def test_no_float_takes_part_in_a_result() -> None:
    assert INTEGERS_ONLY
    found = [
        where(path, getattr(node, "lineno", 0))
        for path in INTEGERS_ONLY
        for node in ast.walk(tree(path))
        if holds_a_float(node)
    ]
    assert found == []


def test_measures_divide_by_floor_division_only() -> None:
    # in engines a slash joins paths
    measures = [path for path in INTEGERS_ONLY if "measures" in path.parts]
    assert measures
    assert [where(path, line) for path in measures for line in true_divisions(path)] == []


def test_a_room_with_tables_holds_only_the_files_of_a_room() -> None:
    rooms = [p.parent for p in PACKAGE.glob("*/models*") if p.parent.name not in SURFACES]
    found = [
        str(item.relative_to(PACKAGE))
        for room in rooms
        for item in room.iterdir()
        if (item.suffix == ".py" or (item / "__init__.py").exists()) and item.stem not in ROOM_FILES
    ]
    assert found == []


def test_nothing_is_called_utils() -> None:
    names = [p for p in OWN if STRAY & {p.stem, p.parent.name}]
    assert [str(p.relative_to(ROOT)) for p in names] == []


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {p.parent for p in MODULES}
    assert [str(f) for f in folders if not (f / "__init__.py").exists()] == []


def test_tests_mirror_the_package() -> None:
    own = {"architecture", "journeys", "browser", "engines", "factories"}
    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir()} | own
    folders = {p.parent for p in (ROOT / "tests").rglob("*.py")}
    names = {f.relative_to(ROOT / "tests").parts[0] for f in folders if f != ROOT / "tests"}
    assert names <= rooms


def test_no_test_is_skipped_and_none_asserts_nothing() -> None:
    asserting = re.compile(r"assert|raises|expect|check|refus|warns|agree")
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"pytest\.(mark\.)?(skip|xfail|importorskip)", text.replace(r"\.", "")):
            found.append(str(path))
        tests = [f for f in functions(path) if f.name.startswith("test_")]
        found += [
            where(path, f.lineno)
            for f in tests
            if not asserting.search("\n".join(map(ast.unparse, f.body)))
        ]
    assert found == []
