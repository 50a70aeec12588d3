"""The first policies: where each emotion leads under each goal. Administrators edit them later."""

from django.db import migrations

#: Valence and arousal of the emotions (Russell and Mehrabian 1977, pleasure and arousal), with a
#: mildly pleasant, quiet point for a neutral face, which by itself asks for nothing. Copied here,
#: because a migration must do the same for ever.
POINTS = {
    "angry": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happy": (0.81, 0.51),
    "sad": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "neutral": (0.20, -0.10),
}
#: Lift and calm go this share of the way to these points. With less, sadness and anger would be led
#: to the middle of the plane, from where no direction among the songs is plain: at 0.6 a sad
#: listener who asked for a lift would be given ambient music.
SHARE = 0.8
TOWARDS = {"lift": (0.6, 0.3), "calm": (0.6, -0.5)}


def add(apps, schema_editor):
    Policy = apps.get_model("recommendations", "Policy")
    rows = []
    for emotion, (valence, arousal) in POINTS.items():
        rows.append(Policy(emotion=emotion, goal="match", valence=valence, arousal=arousal))
        for goal, (v, a) in TOWARDS.items():
            rows.append(
                Policy(
                    emotion=emotion,
                    goal=goal,
                    valence=round(valence + SHARE * (v - valence), 4),
                    arousal=round(arousal + SHARE * (a - arousal), 4),
                )
            )
    Policy.objects.bulk_create(rows)


def remove(apps, schema_editor):
    apps.get_model("recommendations", "Policy").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
