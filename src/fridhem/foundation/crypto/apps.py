from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "fridhem.foundation.crypto"
    label = "crypto"
