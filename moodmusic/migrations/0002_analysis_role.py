from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("moodmusic", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="workerbeat",
            name="role",
            field=models.CharField(
                choices=[
                    ("default", "Default"),
                    ("inference", "Inference"),
                    ("analysis", "Analysis"),
                ],
                max_length=9,
            ),
        ),
    ]
