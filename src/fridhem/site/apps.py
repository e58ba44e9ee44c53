from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "fridhem.site"
    label = "site"
