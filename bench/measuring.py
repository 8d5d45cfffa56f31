"""Runs one job in a fresh process and says what it cost."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
LAST_WORDS = 2000


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU (user and system) and of the clock, peak memory in bytes, and an answer."""

    cpu: float
    wall: float
    memory: int
    answer: int


class JobFailedError(Exception):
    """A job ended with an error; its last words say which."""


def cost_of(job: str, **arguments: object) -> Cost:
    """Run a job of `bench.jobs` to its end; everything counts, from the start of Python on.

    CPU and memory are what the system kept for that process and the children it waited for.
    """
    command = [sys.executable, "-m", "bench.jobs", job, json.dumps(arguments, default=str)]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=complained)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (said, complained):
            file.seek(0)
        if process.returncode:
            words = complained.read().decode(errors="replace")[-LAST_WORDS:]
            raise JobFailedError(f"{job}: {words}")
        numbers = [int(word) for word in said.read().split() if word.isdigit()]
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        memory=usage.ru_maxrss * RSS_UNIT,
        answer=numbers[-1] if numbers else 0,
    )


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of several runs; the largest memory."""
    return Cost(
        cpu=median(cost.cpu for cost in costs),
        wall=median(cost.wall for cost in costs),
        memory=max(cost.memory for cost in costs),
        answer=costs[-1].answer,
    )
