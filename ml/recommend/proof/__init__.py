"""Proof on public data: how well the recommender ranks what listeners went on to play."""
