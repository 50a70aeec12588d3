"""Ranking songs from a target, a community's factors and one listener's taste (numpy only).

Training (`ml.recommend.als`) needs implicit and is imported by workers alone.
"""

from ml.recommend.fold import fold_in
from ml.recommend.rank import Ranking, rank

__all__ = ["Ranking", "fold_in", "rank"]
