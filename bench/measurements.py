"""The measurements: which jobs, how often, at which size, and what they should come to."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.jobs import POLICY, YEAR
from bench.measuring import Cost, cost_of, middle

EACH = 50
LIMIT = "4GB"
CLUSTER = "local-cluster[2,1,2048]"


@dataclass(frozen=True)
class Sizes:
    """How many volunteers (of EACH services), pages and runs."""

    large: int = 1_000_000
    small: int = 100_000
    pages: int = 3_000
    street: int = 3_000
    street_each: int = 100
    runs_large: int = 1
    runs_small: int = 3


QUICK = Sizes(large=20_000, small=2_000, pages=60, street=60, runs_large=1, runs_small=1)


@dataclass(frozen=True)
class Finding:
    """A number with its goal; `most` is the goal's bound, None when it is only reported."""

    text: str
    value: float
    most: float | None = None
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.most is None or self.value <= self.most


@dataclass
class Bench:
    """Runs jobs once each, keeps what they cost and what was found."""

    folder: Path
    sizes: Sizes
    tell: Callable[[str], None]
    costs: dict[str, Cost] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def facts(self, volunteers: int, each: int = EACH) -> Path:
        """A year of that size, written once."""
        folder = self.folder / f"facts-{volunteers}-{each}"
        if not folder.exists():
            label = f"synthetic year, {_count(volunteers * each)} services"
            self.run(
                {label: ("synthesize", {})},
                facts=folder,
                volunteers=volunteers,
                services_per_volunteer=each,
            )
        return folder

    def out(self, name: str) -> Path:
        folder = self.folder / f"out-{name}"
        folder.mkdir(exist_ok=True)
        return folder

    def run(
        self, jobs: dict[str, tuple[str, dict[str, object]]], runs: int = 1, **arguments: object
    ) -> None:
        """Run jobs by turns, `runs` times; {label: (job, its own arguments)}."""
        costs: dict[str, list[Cost]] = defaultdict(list)
        for _ in range(runs):
            for label, (job, own) in jobs.items():
                cost = cost_of(job, **arguments, **own)
                self.tell(f"{label}: {cost.cpu:.1f} s CPU, {cost.wall:.1f} s")
                costs[label].append(cost)
        self.costs |= {label: middle(each) for label, each in costs.items()}

    def find(self, text: str, value: float, most: float | None = None, unit: str = "") -> None:
        self.findings.append(Finding(text, value, most, unit))

    def ratio(self, text: str, label: str, base: str, most: float) -> None:
        self.find(text, self.costs[label].cpu / self.costs[base].cpu, most, "×")


def _count(number: int) -> str:
    return f"{number:,}"


def _measures(volunteers: int) -> str:
    return f"measures (Ibis on DuckDB), {_count(volunteers * EACH)} services"


def rules(bench: Bench) -> None:
    """Measures against tuned SQL and against a scan, by turns, and the growth of the measures."""
    sizes = bench.sizes
    for volunteers, runs in ((sizes.small, sizes.runs_small), (sizes.large, sizes.runs_large)):
        facts, services = bench.facts(volunteers), _count(volunteers * EACH)
        mine, tuned = bench.out(f"measures-{volunteers}"), bench.out(f"tuned-{volunteers}")
        labels = (
            _measures(volunteers),
            f"hand-tuned DuckDB SQL, {services} services",
            f"scan of the same columns, {services} services",
        )
        jobs: dict[str, tuple[str, dict[str, object]]] = {
            labels[0]: ("measures", {"out": mine}),
            labels[1]: ("hand_tuned", {"out": tuned}),
            labels[2]: ("scan", {}),
        }
        bench.run(jobs, runs, facts=facts)
        same_rows(bench, "hand-tuned SQL", mine, tuned, services)
        bench.ratio(f"measures : hand-tuned SQL, {services} services", *labels[:2], most=1.15)
        bench.ratio(f"measures : scan, {services} services", labels[0], labels[2], most=12)
    growth(bench)


def growth(bench: Bench) -> None:
    small, large = bench.sizes.small, bench.sizes.large
    text = f"growth of CPU, {_count(small * EACH)} → {_count(large * EACH)} services"
    bench.ratio(text, _measures(large), _measures(small), most=12 * large / small / 10)


def same_rows(bench: Bench, other: str, one: Path, two: Path, services: str) -> None:
    unequal = cost_of("differences", one=one, other=two).answer
    text = f"rows of results and statement that differ: measures, {other}, {services} services"
    bench.find(text, unequal, most=0)


def memory(bench: Bench) -> None:
    """The largest run again, within a memory limit."""
    volunteers = bench.sizes.large
    free, limited = _measures(volunteers), f"{_measures(volunteers)}, memory limit {LIMIT}"
    facts = bench.facts(volunteers)
    jobs: dict[str, tuple[str, dict[str, object]]] = {
        free: ("measures", {}),
        limited: ("measures", {"memory_limit": LIMIT}),
    }
    for done in jobs.keys() & bench.costs.keys():
        del jobs[done]
    bench.run(jobs, facts=facts, out=bench.out("limited"))
    bench.ratio(f"memory limit {LIMIT} : none, CPU", limited, free, most=1.5)


def whole_command(bench: Bench) -> None:
    """Reading, checking, computing and writing, as typed."""
    volunteers = bench.sizes.large
    label = (
        f"zhiyuanhong points assess --memory-limit {LIMIT}, {_count(volunteers * EACH)} services"
    )
    words = _assess(bench.facts(volunteers), bench.folder / "assessed", "--memory-limit", LIMIT)
    bench.run({label: ("command", {"words": [*words, "--format", "parquet"]})})


def _assess(facts: Path, out: Path, *more: str) -> list[str]:
    given = ["--policy", POLICY, "--year", str(YEAR), "--out", str(out), *more]
    return ["points", "assess", str(facts), *given]


def spark(bench: Bench) -> None:
    """The same measures on two executors."""
    volunteers, services = bench.sizes.small, _count(bench.sizes.small * EACH)
    facts = bench.facts(volunteers)
    here, there = bench.out(f"measures-{volunteers}"), bench.out("spark")
    label = f"measures on Spark {CLUSTER}, {services} services"
    bench.run({label: ("spark", {"out": there, "master": CLUSTER})}, facts=facts)
    if not (here / "results.parquet").exists():
        bench.run({_measures(volunteers): ("measures", {"out": here})}, facts=facts)
    same_rows(bench, "Spark", here, there, services)
    bench.find(f"Spark, two executors, {services} services", bench.costs[label].wall, unit="s")


def certificates(bench: Bench) -> None:
    """Star certificates in one document."""
    pages = bench.sizes.pages
    label = f"{_count(pages)} certificates in one PDF/A"
    file = bench.folder / "certificates.pdf"
    bench.run({label: ("certificates", {"count": pages, "file": file})}, bench.sizes.runs_small)
    bench.find("CPU per certificate", bench.costs[label].cpu / pages * 1000, most=1, unit="ms")


def workbook(bench: Bench) -> None:
    """A street's year, from its workbook to results and statement."""
    volunteers, each = bench.sizes.street, bench.sizes.street_each
    file = bench.folder / "street.xlsx"
    cost_of("workbook", facts=bench.facts(volunteers, each), file=file)
    label = f"points assess of an .xlsx, {_count(volunteers)} volunteers × {each} services"
    words = _assess(file, bench.folder / "street")
    bench.run({label: ("command", {"words": words})}, bench.sizes.runs_small)
    text = "from xlsx to results and statement, two cores"
    bench.find(text, bench.costs[label].wall, most=10, unit="s")


MEASUREMENTS: dict[str, Callable[[Bench], None]] = {
    "rules": rules,
    "memory": memory,
    "command": whole_command,
    "spark": spark,
    "certificates": certificates,
    "workbook": workbook,
}
