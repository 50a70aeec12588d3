from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        from catalog.heard import heard_register
        from recommendations.heard import heard

        heard_register(heard)
