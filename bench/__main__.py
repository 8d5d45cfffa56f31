"""`python -m bench [--quick] [--only NAME]`: measures, prints, and writes the documentation."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measurements import MEASUREMENTS, QUICK, Bench, Sizes
from bench.report import page

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"


def main(words: list[str] | None = None) -> int:
    """Run the measurements; 1 when a goal is missed in a full run."""
    given = _arguments(words)
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhiyuanhong-bench-", dir=given.folder) as folder:
        bench = Bench(Path(folder), QUICK if given.quick else Sizes(), _tell)
        for name in given.only or MEASUREMENTS:
            _tell(f"— {name}")
            MEASUREMENTS[name](bench)
    text = page(bench, quick=given.quick)
    print(text)
    if not given.quick and not given.only:
        _write(given.page, text)
    return 0 if given.quick or all(finding.met for finding in bench.findings) else 1


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the size; not written")
    parser.add_argument(
        "--only", action="append", choices=tuple(MEASUREMENTS), help="one measurement; not written"
    )
    parser.add_argument("--folder", type=Path, help="where facts and results are put meanwhile")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    return parser.parse_args(words)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _write(file: Path, text: str) -> None:
    partial = file.with_suffix(".md.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


if __name__ == "__main__":
    sys.exit(main())
