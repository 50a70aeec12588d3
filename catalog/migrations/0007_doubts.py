"""Why the songs of before wait for a curator; apart from the columns, as PostgreSQL wants it."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Why songs wait, by the rule of then; the hourly task weighs them."""
    song = apps.get_model("catalog", "Song")
    song.objects.filter(mood_confidence__gte=0.6).update(doubt="", gain=0)
    song.objects.filter(mood_confidence__lt=0.6).update(
        doubt="unsure", gain=1.0 - models.F("mood_confidence")
    )
    song.objects.filter(disputed=True).update(doubt="disputed", gain=0.5)
    song.objects.filter(ambiguous=True).update(doubt="ambiguous", gain=0.25)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
