"""The model card as Markdown."""

from __future__ import annotations

from ml.emotion.card import measured, story
from ml.emotion.card.files import Card

SECTIONS = (
    story.head,
    story.purpose,
    measured.figures,
    measured.per_class,
    measured.confusions,
    measured.reliability,
    measured.other_domain,
    measured.degradations,
    story.baselines,
    story.claims,
    story.training,
    story.trials,
    story.limits,
)


def markdown(card: Card) -> str:
    """The whole card; the same files give the same bytes, and sections without figures go."""
    sections = [section(card) for section in SECTIONS]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"
