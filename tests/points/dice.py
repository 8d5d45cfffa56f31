"""Small choices over one source of integers, be it a seed or a Hypothesis draw."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Small choices over one source of integers; lower numbers are the simpler choices."""

    def __init__(self, between: Callable[[int, int], int]) -> None:
        self.between = between

    def pick(self, values: Sequence[T]) -> T:
        return values[self.between(0, len(values) - 1)]

    def chance(self, percent: int) -> bool:
        return self.between(1, 100) > 100 - percent

    def falling(self, values: Sequence[int], most: int) -> list[int]:
        """One to `most` different values, largest first."""
        picked = {self.pick(values) for _ in range(self.between(1, most))}
        return sorted(picked, reverse=True)

    def table(self, keys: Sequence[str], values: Sequence[int]) -> dict[str, int]:
        """Values for some of the keys, at least one."""
        chosen = {key: self.pick(values) for key in keys if self.chance(50)}
        return chosen or {keys[0]: self.pick(values)}
