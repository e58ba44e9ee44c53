from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases on core processes."""

    name = "fridhem.rooms.casework"
    label = "casework"

    def ready(self) -> None:
        """Say that a case gives a need to see the person it's about, and what stands in its file."""
        from fridhem.rooms.casework import queries, slots  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.casework.queries import own_file  # noqa: PLC0415
        from fridhem.rooms.persons import slots as persons  # noqa: PLC0415

        persons.need_to_know.fill("casework", queries.persons_of)
        slots.own_file.fill("casework", slots.Filing(own_file.chapters, own_file.LEFT_OUT))
