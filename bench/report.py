"""The table of the documentation: what was measured, on what, against which goal."""

import os
import platform
from importlib.metadata import version

from bench.measurements import Bench, Finding

PACKAGES = ("duckdb", "ibis-framework", "pyarrow", "pyspark", "typst", "python-calamine")
GIGABYTE = 10**9
HEAD = """# Benchmarks

Written by `make bench`, that is `python -m bench`; `--quick` runs everything at a fiftieth of the
size, `--only NAME` one measurement. Each run is a process of its own; CPU is user and system time
of all of it, from the start of Python on, memory its highest resident size. Jobs that are compared
run by turns, and a row gives the medians. The facts are invented (`zhiyuanhong points synth`), the
policy is the preset `street-five-star`, which uses every section. CPU and memory of Spark are those
of its driver's Python only.
"""


def page(bench: Bench, *, quick: bool) -> str:
    """Return the page as Markdown; it names no machine and no folder."""
    parts = [HEAD, machine()]
    if quick:
        parts.append("This is a quick run: its sizes are too small for the ratios to mean much.\n")
    parts += [
        "## Goals\n",
        goals(bench.findings, judged=not quick),
        "## What each run cost\n",
        costs(bench),
    ]
    return "\n".join(parts)


def machine() -> str:
    """Cores, memory and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Machine: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB of memory,"
        f" {platform.system()}; Python {platform.python_version()}, {packages}.\n"
    )


def goals(findings: list[Finding], *, judged: bool) -> str:
    lines = ["| finding | measured | goal | |", "|---|---:|---:|---|"]
    for finding in findings:
        cells = (
            finding.text,
            amount(finding.value, finding.unit),
            *verdict(finding, judged=judged),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def costs(bench: Bench) -> str:
    lines = ["| run | CPU, s | clock, s | peak memory, GB |", "|---|---:|---:|---:|"]
    lines += [
        f"| {label} | {cost.cpu:.1f} | {cost.wall:.1f} | {cost.memory / GIGABYTE:.2f} |"
        for label, cost in bench.costs.items()
    ]
    return "\n".join(lines) + "\n"


def verdict(finding: Finding, *, judged: bool) -> tuple[str, str]:
    if finding.most is None or not judged:
        return "", ""
    return f"≤ {amount(finding.most, finding.unit)}", "met" if finding.met else "**missed**"


def amount(value: float, unit: str) -> str:
    return f"{f'{value:.2f}'.rstrip('0').rstrip('.')} {unit}".strip()
