"""Shapes of the journal's endpoints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from emotions.models import NOTE_MOST, Emotion, Reading
from recommendations.models import DayPart, Goal, MoodAfter


class EntrySerializer(serializers.ModelSerializer[Reading]):
    """A reading as the journal has it: what was read, what the listener said, and their note."""

    emotion = serializers.ChoiceField(
        choices=Emotion.choices,
        read_only=True,
        help_text="What counts: the listener's correction, or else `label`.",
    )
    corrected_to = serializers.SerializerMethodField()

    class Meta:
        model = Reading
        fields = (
            "id",
            "created_at",
            "source",
            "emotion",
            "label",
            "confidence",
            "unsure",
            "corrected_to",
            "corrected_at",
            "valence",
            "arousal",
            "note",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Emotion.choices, allow_null=True))
    def get_corrected_to(self, reading: Reading) -> str | None:
        return reading.corrected_to or None


class NoteSerializer(serializers.Serializer[Any]):
    """A note on a reading; empty takes it away."""

    note = serializers.CharField(allow_blank=True, max_length=NOTE_MOST)


class StretchSerializer(serializers.Serializer[Any]):
    """Whole days in the listener's time zone, both inside."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is no name that a class may have.
        return {
            name: serializers.DateField(required=False, default=None) for name in ("from", "to")
        }

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["from"] and given["to"] and given["from"] > given["to"]:
            raise serializers.ValidationError({"to": _("It lies before the first day.")})
        return given


class AnswerSerializer(serializers.ModelSerializer[MoodAfter]):
    """How the listener was after a list: an answer, perhaps with an emotion or a point."""

    list = serializers.UUIDField(source="song_list_id", read_only=True)
    answer = serializers.ChoiceField(choices=MoodAfter.Answer.choices)
    emotion = serializers.ChoiceField(
        choices=Emotion.choices, required=False, allow_null=True, default=None
    )
    valence = serializers.FloatField(
        min_value=-1, max_value=1, required=False, allow_null=True, default=None
    )
    arousal = serializers.FloatField(
        min_value=-1, max_value=1, required=False, allow_null=True, default=None
    )

    class Meta:
        model = MoodAfter
        fields = ("list", "answer", "emotion", "valence", "arousal", "closed_at")
        read_only_fields = ("closed_at",)

    def to_representation(self, instance: MoodAfter) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {**shown, "emotion": shown["emotion"] or None}


class QuestionSerializer(serializers.Serializer[Any]):
    """Whether to ask "How are you now?", and about which list."""

    asks = serializers.BooleanField()
    list = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The list to ask about now; null for none."
    )


class SaidSerializer(serializers.Serializer[Any]):
    """How often an emotion was read, and how often it counts."""

    emotion = serializers.ChoiceField(choices=Emotion.choices)
    read = serializers.IntegerField(help_text="Faces read as it.")
    overruled = serializers.IntegerField(help_text="Of those, the listener said something else.")
    said = serializers.IntegerField(help_text="Faces read otherwise; the listener said this.")
    by_hand = serializers.IntegerField()
    counts = serializers.IntegerField(help_text="In force: read - overruled + said + by_hand.")


class DaySerializer(serializers.Serializer[Any]):
    """A day with its prevailing mood; every hour weighs the same."""

    day = serializers.DateField()
    emotion = serializers.ChoiceField(choices=Emotion.choices)
    readings = serializers.IntegerField(source="number")
    valence = serializers.FloatField()
    arousal = serializers.FloatField()


class WeekPartSerializer(serializers.Serializer[Any]):
    """A part of a weekday with its prevailing mood."""

    weekday = serializers.IntegerField(help_text="0 is Monday.")
    part = serializers.ChoiceField(choices=DayPart.choices)
    emotion = serializers.ChoiceField(choices=Emotion.choices)
    readings = serializers.IntegerField(source="number")


class TopSongSerializer(serializers.Serializer[Any]):
    song = serializers.UUIDField()
    title = serializers.CharField()
    artist = serializers.CharField(source="by")
    plays = serializers.IntegerField(source="number")


class TopArtistSerializer(serializers.Serializer[Any]):
    artist = serializers.IntegerField()
    name = serializers.CharField()
    plays = serializers.IntegerField(source="number")


class PlayedSerializer(serializers.Serializer[Any]):
    """What was played in a mood."""

    emotion = serializers.ChoiceField(choices=Emotion.choices)
    plays = serializers.IntegerField()
    songs = TopSongSerializer(many=True)
    artists = TopArtistSerializer(many=True)


class AnswersSerializer(serializers.Serializer[Any]):
    better = serializers.IntegerField()
    same = serializers.IntegerField()
    worse = serializers.IntegerField()


class HelpedGoalSerializer(AnswersSerializer):
    emotion = serializers.ChoiceField(choices=Emotion.choices, source="felt")
    goal = serializers.ChoiceField(choices=Goal.choices)
    answers = serializers.IntegerField()


class HelpedSongSerializer(serializers.Serializer[Any]):
    song = serializers.UUIDField()
    title = serializers.CharField()
    artist = serializers.CharField(source="by")
    answers = serializers.IntegerField()
    better = serializers.IntegerField()


class HelpedSerializer(serializers.Serializer[Any]):
    """What the listener said after lists: counts, no causes. Rows with few answers are left out."""

    answers = AnswersSerializer()
    goals = HelpedGoalSerializer(many=True)
    songs = HelpedSongSerializer(many=True)


class SummarySerializer(serializers.Serializer[Any]):
    """A stretch of the journal in numbers."""

    first = serializers.DateField()
    last = serializers.DateField()
    readings = serializers.IntegerField()
    moods = SaidSerializer(many=True)
    days = DaySerializer(many=True)
    week = WeekPartSerializer(many=True)
    played = PlayedSerializer(many=True)
    after = HelpedSerializer()
