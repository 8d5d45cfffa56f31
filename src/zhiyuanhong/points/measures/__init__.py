"""The rules of points and stars as Ibis expressions: functions from tables to a table."""

from zhiyuanhong.points.measures.plan import Plan, Stage, plan

__all__ = ["Plan", "Stage", "plan"]
