from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class PersonsConfig(AppConfig):
    """Who people are."""

    name = "fridhem.rooms.persons"
    label = "persons"
    grants = Grants(
        public={},
        append_only=["persons_reveal"],
        worker_functions=["persons_destroy_reveals(uuid[])", "persons_among(bytea[], uuid)"],
    )
