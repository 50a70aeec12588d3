from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        from accounts.holdings import register
        from catalog.heard import heard_register
        from catalog.services import reach_source
        from recommendations.heard import heard
        from recommendations.holdings import HOLDING
        from recommendations.popularity import listeners_of_songs

        register(HOLDING)
        heard_register(heard)
        reach_source(listeners_of_songs)
