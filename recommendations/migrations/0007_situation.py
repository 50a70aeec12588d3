"""What listeners do meanwhile, and the time of day: empty in all that is there already."""

from django.db import migrations, models

ACTIVITY = models.CharField(
    blank=True,
    choices=[
        ("working", "Working"),
        ("exercising", "Exercising"),
        ("relaxing", "Relaxing"),
        ("travelling", "On the way"),
        ("social", "With others"),
        ("falling_asleep", "Falling asleep"),
    ],
    max_length=14,
)
DAYPART = models.CharField(
    blank=True,
    choices=[
        ("night", "Night"),
        ("morning", "Morning"),
        ("afternoon", "Afternoon"),
        ("evening", "Evening"),
    ],
    max_length=9,
)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0006_list_wishes_and_chances")]

    operations = [
        migrations.AddField(model_name=model, name=name, field=field.clone())
        for model in ("songlist", "rating", "play")
        for name, field in (("activity", ACTIVITY), ("daypart", DAYPART))
    ]
