"""Readings over time: periods, tallies, entries and notes, each only for their listener."""
