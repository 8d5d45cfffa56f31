"""The benchmark compares equals: tuned SQL and measures agree, and its page tells no secrets."""

import platform
from itertools import takewhile
from pathlib import Path

import duckdb
import pytest

from bench import hand_tuned, jobs
from bench.__main__ import main
from bench.measurements import QUICK, Bench, Finding, Sizes, rules
from bench.measuring import Cost, JobFailedError, cost_of, middle
from bench.report import page
from zhiyuanhong.points.facts import open_facts
from zhiyuanhong.points.policy import load_policy, preset_names
from zhiyuanhong.points.synth import synthesize

TINY = Sizes(large=60, small=30, runs_large=1, runs_small=1)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench-facts")
    synthesize(folder, volunteers=400, services_per_volunteer=60, seed=5)
    return folder


@pytest.mark.parametrize("policy", preset_names())
def test_tuned_sql_and_measures_give_the_same_rows(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    monkeypatch.setattr(jobs, "POLICY", policy)
    one, other = tmp_path / "measures", tmp_path / "tuned"
    for job, out in ((jobs.measures, one), (jobs.hand_tuned, other)):
        out.mkdir()
        job(str(facts), str(out))
    assert jobs.differences(str(one), str(other)) == 0


def test_a_difference_is_seen(facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for policy in ("street-five-star", "half-hour-point"):
        monkeypatch.setattr(jobs, "POLICY", policy)
        (tmp_path / policy).mkdir()
        jobs.hand_tuned(str(facts), str(tmp_path / policy))
    one, other = (str(tmp_path / name) for name in ("street-five-star", "half-hour-point"))
    assert jobs.differences(one, other) > 0


def test_a_day_cap_and_a_team_cap_bind_in_the_facts_compared(facts: Path) -> None:
    sql = hand_tuned.statements(load_policy(jobs.POLICY).policy, jobs.YEAR, Path("unused"))
    with duckdb.connect(":memory:") as connection:
        jobs.facts_on(connection, str(facts))
        for statement in takewhile(lambda text: "TABLE served" not in text, sql):
            connection.execute(statement)
        for table in ("mended_day", "mended_team"):
            ((rows,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
            assert rows > 0


def test_the_rules_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    said: list[str] = []
    bench = Bench(tmp_path, TINY, said.append)
    rules(bench)
    differing = [finding for finding in bench.findings if "differ" in finding.text]
    assert [finding.value for finding in differing] == [0, 0]
    assert all(cost.cpu > 0 and cost.memory > 0 for cost in bench.costs.values())
    assert len(said) == len(bench.costs)


def test_the_page_names_no_folder_and_no_host(tmp_path: Path) -> None:
    bench = Bench(tmp_path, QUICK, print)
    bench.costs["a run"] = Cost(cpu=1.25, wall=1, memory=3 * 10**9, answer=0)
    bench.findings += [Finding("good", 1.0, 2.0, "×"), Finding("bad", 3.0, 2.0, "×")]
    text = page(bench, quick=False)
    assert "| good | 1 × | ≤ 2 × | met |" in text
    assert "| bad | 3 × | ≤ 2 × | **missed** |" in text
    assert "| a run | 1.2 | 1.0 | 3.00 |" in text
    assert str(tmp_path.parent) not in text
    assert platform.node() not in text


def test_a_quick_page_judges_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, QUICK, print)
    bench.findings.append(Finding("bad", 3.0, 2.0, "×"))
    assert "missed" not in page(bench, quick=True)


def test_a_failed_job_says_why(tmp_path: Path) -> None:
    with pytest.raises(JobFailedError, match="scan: "):
        cost_of("scan", facts=tmp_path / "nowhere")


def test_medians_are_taken_and_the_highest_memory() -> None:
    runs = [Cost(cpu=c, wall=c, memory=m, answer=7) for c, m in ((1, 5), (9, 6), (2, 4))]
    assert middle(runs) == Cost(cpu=2, wall=2, memory=6, answer=7)


def test_the_workbook_is_one_a_clerk_could_hand_in(facts: Path, tmp_path: Path) -> None:
    file = tmp_path / "street.xlsx"
    jobs.workbook(str(facts), str(file))
    with open_facts(file) as opened:
        assert opened.counts["services"] == 400 * 60
        assert opened.bad_rows.total == 0


def test_certificates_are_printed(tmp_path: Path) -> None:
    assert jobs.certificates(3, str(tmp_path / "three.pdf")) == 3
    assert (tmp_path / "three.pdf").read_bytes().startswith(b"%PDF")


def test_one_measurement_alone_prints_and_leaves_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "benchmarks.md"
    words = ["--quick", "--only", "certificates", "--folder", str(tmp_path), "--page", str(target)]
    assert main(words) == 0
    assert "certificates in one PDF/A" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
