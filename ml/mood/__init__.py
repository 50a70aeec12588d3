"""From an emotion to songs: the space songs lie in, and the point a reading and a goal ask for."""

from ml.mood.journey import Journey, journey
from ml.mood.space import Space
from ml.mood.target import Target, target

__all__ = ["Journey", "Space", "Target", "journey", "target"]
