"""The journal: readings over time, what was played in them, and how listeners were afterwards."""
