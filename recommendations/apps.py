from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        from catalog.services import reach_source
        from recommendations.popularity import listeners_of_songs

        reach_source(listeners_of_songs)
