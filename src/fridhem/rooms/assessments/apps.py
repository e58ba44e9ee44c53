from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class AssessmentsConfig(AppConfig):
    """Assessment instruments, and what they said in a case."""

    name = "fridhem.rooms.assessments"
    label = "assessments"
    grants = Grants(
        public={},
        append_only=["assessments_assessment"],
        worker_functions=["assessments_destroy_assessments(uuid[])"],
    )

    def ready(self) -> None:
        """Show on a case page what has been assessed, above all else that someone is in danger; say it in the whole file."""
        from fridhem.rooms.assessments import queries  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.casework import slots  # noqa: PLC0415

        slots.case_page.fill("assessments", queries.panel_of_case)
        slots.case_page.fill("assessments-danger", queries.danger_of_case)
        slots.own_file.fill("assessments", slots.Filing(queries.chapters_of_case))
