from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "fridhem.foundation.files"
    label = "files"
