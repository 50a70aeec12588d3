from django.apps import AppConfig


class MoodMusicConfig(AppConfig):
    name = "moodmusic"

    def ready(self) -> None:
        # Imported for their effect: system checks and worker signals register themselves.
        from moodmusic import checks, workers  # noqa: F401
