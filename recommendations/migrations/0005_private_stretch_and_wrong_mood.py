"""Private stretches; and "wrong mood" comes to mean the listener's mood, no longer the song's."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_songs_left_out(apps, schema_editor):
    """Old wrong moods left their song out of one mood and taught nothing: so they do as before."""
    Verdict = apps.get_model("recommendations", "Verdict")
    for verdict in Verdict.objects.filter(kind="wrong_mood").iterator():
        same = Verdict.objects.filter(
            user=verdict.user_id,
            song=verdict.song_id,
            kind="not_for_this_mood",
            emotion=verdict.emotion,
        )
        if same.exists():
            verdict.delete()
        else:
            verdict.kind, verdict.private = "not_for_this_mood", True
            verdict.save(update_fields=["kind", "private"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_moods'),
        ('recommendations', '0004_activation_and_waiting_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivateStretch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='one_rating_a_mood',
        ),
        migrations.RemoveConstraint(
            model_name='verdict',
            name='one_verdict_of_a_kind',
        ),
        migrations.AddField(
            model_name='play',
            name='private',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='rating',
            name='private',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='verdict',
            name='private',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='verdict',
            name='replaced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='verdict',
            name='replaced_emotion',
            field=models.CharField(blank=True, choices=[('angry', 'Angry'), ('disgust', 'Disgust'), ('fear', 'Fear'), ('happy', 'Happy'), ('sad', 'Sad'), ('surprise', 'Surprise'), ('neutral', 'Neutral')], max_length=8),
        ),
        migrations.AddField(
            model_name='verdict',
            name='right_emotion',
            field=models.CharField(blank=True, choices=[('angry', 'Angry'), ('disgust', 'Disgust'), ('fear', 'Fear'), ('happy', 'Happy'), ('sad', 'Sad'), ('surprise', 'Surprise'), ('neutral', 'Neutral')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('user', 'song', 'emotion', 'private'), name='one_rating_a_mood'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'wrong_mood'), _negated=True), fields=('user', 'song', 'kind', 'emotion'), name='one_verdict_of_a_kind'),
        ),
        migrations.AddField(
            model_name='privatestretch',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='private_stretch', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(keep_songs_left_out, migrations.RunPython.noop),
    ]
