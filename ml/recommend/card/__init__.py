"""The open book of the recommender: proofs kept as JSON, told as Markdown and on a page."""

from ml.recommend.card.files import Book as Book
from ml.recommend.card.files import gather as gather
