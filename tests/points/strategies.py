"""Hypothesis strategies and seeded cases for the tests of points, facts and engines."""

import random
from functools import cache

from hypothesis import strategies as st

from tests.points.dice import Dice
from tests.points.invented_defects import RawTables, a_raw_fact_set
from tests.points.invented_facts import Facts, a_fact_set
from tests.points.invented_policies import YEARS, Policy, a_policy, policy_toml

__all__ = [
    "facts",
    "policies",
    "policy_toml",
    "random_case",
    "random_raw_tables",
    "raw_tables",
    "years",
]


@cache
def _integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _dice_of(draw: st.DrawFn) -> Dice:
    """Dice whose every throw is a draw of Hypothesis, so that failures shrink."""
    return Dice(lambda low, high: draw(_integers(low, high)))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Valid policies as parsed TOML."""
    return a_policy(_dice_of(draw))


@st.composite
def facts(draw: st.DrawFn, year: int) -> Facts:
    """Clean typed fact sets around one year."""
    return a_fact_set(_dice_of(draw), year)


@st.composite
def raw_tables(draw: st.DrawFn) -> RawTables:
    """Fact sets as raw cell texts, with planted defects."""
    return a_raw_fact_set(_dice_of(draw))


def years() -> st.SearchStrategy[int]:
    return st.sampled_from(YEARS)


def random_case(seed: int) -> tuple[Facts, Policy, int]:
    """The same case for the same seed, everywhere."""
    dice = Dice(random.Random(seed).randint)
    year = dice.pick(YEARS)
    policy = a_policy(dice)
    return a_fact_set(dice, year), policy, year


def random_raw_tables(seed: int) -> RawTables:
    """The same raw texts for the same seed, everywhere."""
    return a_raw_fact_set(Dice(random.Random(seed).randint))
