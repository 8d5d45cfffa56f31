"""Tests of the rules of points: yardsticks, invented cases, engines."""
