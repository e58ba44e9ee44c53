from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fridhem.foundation.accounts"
    label = "accounts"
