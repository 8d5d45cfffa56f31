"""Tests of reading fact sets."""
