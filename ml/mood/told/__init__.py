"""The moods of songs told from table features: models compared, and the one that is served."""
