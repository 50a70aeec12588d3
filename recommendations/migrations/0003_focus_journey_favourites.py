"""The goal focus with its first policies, journeys, and favourites named at set-up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import recommendations.models

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
#: Mildly pleasant and rather quiet. The same for every emotion: a mood to be led out of is no part
#: of what somebody wants to work to.
VALENCE, AROUSAL = 0.3, -0.25
#: Voices and sudden loudness draw attention. The demo catalogue measures the last of these;
#: imported songs may bring the others.
WISHES = {"instrumentalness": 1.0, "speechiness": -1.0, "dynamic_range_db": -1.0}
GOALS = [("match", "Match"), ("lift", "Lift"), ("calm", "Calm"), ("focus", "Focus")]


def add(apps, schema_editor):
    Policy = apps.get_model("recommendations", "Policy")
    Policy.objects.bulk_create(
        Policy(emotion=emotion, goal="focus", valence=VALENCE, arousal=AROUSAL, wishes=WISHES)
        for emotion in EMOTIONS
    )


def remove(apps, schema_editor):
    apps.get_model("recommendations", "Policy").objects.filter(goal="focus").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_moods"),
        ("recommendations", "0002_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="wishes",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text='Sound that is preferred, e.g. {"instrumentalness": 1, '
                '"dynamic_range_db": -1}: standard deviations from the mean of the catalogue, '
                "-3 to 3. Songs and catalogues without the feature go on without it.",
                validators=[recommendations.models.wishes_validate],
            ),
        ),
        migrations.AddField(
            model_name="songlist",
            name="journey",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="policy",
            name="goal",
            field=models.CharField(choices=GOALS, max_length=5),
        ),
        migrations.AlterField(
            model_name="songlist",
            name="goal",
            field=models.CharField(choices=GOALS, max_length=5),
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("genre", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "artist",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.artist",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favourites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("artist", None), models.Q(("genre", ""), _negated=True)),
                            models.Q(("artist__isnull", False), ("genre", "")),
                            _connector="OR",
                        ),
                        name="favourite_artist_or_genre",
                    ),
                    models.UniqueConstraint(
                        fields=["user", "artist"], name="an_artist_named_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("genre", ""), _negated=True),
                        fields=["user", "genre"],
                        name="a_genre_named_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(add, remove),
    ]
