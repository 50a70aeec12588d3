"""Proof on public data: how well songs' moods are told from how the songs measure."""
