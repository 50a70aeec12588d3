"""The open book of the expression network: gathered from JSON files, written as Markdown."""

from ml.emotion.card.files import Card as Card
from ml.emotion.card.files import gather as gather
