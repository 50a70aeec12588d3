import accounts.models
from django.db import migrations, models

CHOICES = [(30, '30 days'), (90, '90 days'), (0, 'For ever')]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_language_and_time_zone'),
    ]

    operations = [
        # Those who have an account already chose nothing: what is theirs stays.
        migrations.AddField(
            model_name='user',
            name='keep_days',
            field=models.PositiveSmallIntegerField(choices=CHOICES, default=0),
        ),
        migrations.AlterField(
            model_name='user',
            name='keep_days',
            field=models.PositiveSmallIntegerField(choices=CHOICES, default=accounts.models.keep_days_new),
        ),
    ]
