"""Songs that have moods have a point, and nobody doubts what the generator and curators said."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def fill(apps, schema_editor):
    song = apps.get_model("catalog", "Song")
    moods = song.moods.through.objects.filter(song=OuterRef("pk"))
    song.objects.filter(Exists(moods)).update(placed=True, mood_confidence=1.0)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_libraries")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
