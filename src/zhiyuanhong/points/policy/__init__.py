"""The policy file of a 办法: its model, its presets, and why a broken one is refused."""

from zhiyuanhong.points.policy.loading import (
    LoadedPolicy,
    PolicyRefused,
    load_policy,
    parse_policy,
    preset_names,
)
from zhiyuanhong.points.policy.model import Level, Policy

__all__ = [
    "Level",
    "LoadedPolicy",
    "Policy",
    "PolicyRefused",
    "load_policy",
    "parse_policy",
    "preset_names",
]
