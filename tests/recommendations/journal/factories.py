"""Readings at given times, and a listener's ninety days."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from emotions.models import Emotion, Reading
from emotions.selectors import one_hot
from recommendations.models import MoodAfter, Play, SongList
from tests.emotions.factories import SMILE
from tests.recommendations.factories import NamedReadingFactory


def reading_at(user: Any, at: datetime, label: str = "happy", **fields: Any) -> Reading:
    """A reading of that moment: by hand, or of a face with `source="face"`."""
    if fields.get("source") == "face":
        fields = {"confidence": 0.8, "probabilities": {**SMILE}, **fields}
    reading = NamedReadingFactory(user=user, label=label, **fields)
    Reading.objects.filter(pk=reading.pk).update(created_at=at)
    reading.created_at = at
    return reading


def list_for(reading: Reading, goal: str = "lift") -> SongList:
    made = SongList.objects.create(
        user=reading.user,
        reading=reading,
        emotion=reading.emotion,
        goal=goal,
        valence=0.1,
        arousal=0.1,
        collaborative_weight=0,
    )
    SongList.objects.filter(pk=made.pk).update(created_at=reading.created_at)
    return made


def play_of(song_list: SongList, song: Any, at: datetime, **fields: Any) -> Play:
    """A song of the list heard to its end."""
    fields = {"outcome": "completed", "position_s": 50.0, "emotion": song_list.emotion, **fields}
    play = Play.objects.create(user=song_list.user, song=song, song_list=song_list, **fields)
    Play.objects.filter(pk=play.pk).update(started_at=at, updated_at=at)
    return play


def answered(song_list: SongList, answer: str, at: datetime) -> MoodAfter:
    return MoodAfter.objects.create(
        user=song_list.user, song_list=song_list, answer=answer, closed_at=at
    )


def ninety_days(user: Any, last: datetime, songs: list[Any]) -> list[Reading]:
    """Readings of ninety days up to `last`, some with lists, by chance of a fixed seed."""
    chance = random.Random(7)
    kept = []
    for days in range(90):
        for _each in range(chance.choice([0, 1, 1, 2, 4])):
            at = last - timedelta(days=days, minutes=chance.randrange(1440))
            face = chance.random() < 0.6
            corrected = chance.choice(Emotion.values) if face and chance.random() < 0.4 else ""
            label = chance.choice(Emotion.values)
            reading = reading_at(
                user,
                at,
                label,
                source="face" if face else "manual",
                corrected_to=corrected,
                corrected_at=at if corrected else None,
                probabilities=one_hot(label),
                note=chance.choice(["", "", "A walk.", "=1+1", "'quoted'", 'Two\nlines, "so"'])[
                    :40
                ],
            )
            kept.append(reading)
            if songs and chance.random() < 0.5:
                made = list_for(reading, chance.choice(["match", "lift", "calm", "focus"]))
                for song in chance.sample(songs, 3):
                    play_of(made, song, at)
                if chance.random() < 0.7:
                    answered(made, chance.choice(MoodAfter.Answer.values), at)
    return kept
