from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases on core processes."""

    name = "fridhem.rooms.casework"
    label = "casework"

    def ready(self) -> None:
        """Say that a case gives a need to see the person it's about."""
        from fridhem.rooms.casework import queries  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.persons import slots  # noqa: PLC0415

        slots.need_to_know.fill("casework", queries.persons_of)
