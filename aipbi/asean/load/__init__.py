"""Bringing the shipped reference data into the database, without touching what an administrator changed."""

from aipbi.asean.load.loader import load

__all__ = ["load"]
