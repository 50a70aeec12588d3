"""The forms of curators: a song with its moods, and which moods a bulk action means."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Mood, Song


class MoodChoice(forms.ModelMultipleChoiceField):
    """Any of the moods, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Mood.objects.all(), **kwargs)


class SongForm(forms.ModelForm):
    """A song; its moods are a judgement, so they are no plain field of the model."""

    judged_moods = MoodChoice(
        label="Moods",
        required=False,
        help_text="Your judgement outranks the generator's. None ticked: the song is unlabelled.",
    )

    class Meta:
        model = Song
        fields = ["title", "artist", "genre", "licence", "credit", "hidden"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page of an older state shows the moods of then: simple-history leaves the record here.
        record = getattr(self.instance, "_history", None)
        links = (record or self.instance).moods.values_list(
            "mood_id" if record else "pk", flat=True
        )
        if "judged_moods" in self.fields:
            self.fields["judged_moods"].initial = list(links)


class MoodsActionForm(forms.Form):
    """The page between "Set moods..." and its being done."""

    moods = MoodChoice(required=False)

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moods"].required = required
