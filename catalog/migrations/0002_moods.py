"""The seven moods of songs with their points on the circumplex, and the revision's single row."""

from django.db import migrations

MOODS = [
    ("happy", "Happy", 0.8, 0.5),
    ("energetic", "Energetic", 0.5, 0.85),
    ("calm", "Calm", 0.5, -0.7),
    ("romantic", "Romantic", 0.6, -0.2),
    ("sad", "Sad", -0.65, -0.45),
    ("dark", "Dark", -0.5, -0.1),
    ("angry", "Angry", -0.6, 0.8),
]


def add(apps, schema_editor):
    Mood = apps.get_model("catalog", "Mood")
    for slug, name, valence, arousal in MOODS:
        Mood.objects.get_or_create(
            slug=slug, defaults={"name": name, "valence": valence, "arousal": arousal}
        )
    apps.get_model("catalog", "Revision").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
