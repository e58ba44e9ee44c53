"""SAML 2.0 Web Browser SSO: what is asked of the provider, and what is read from its answer.

The messages are django-allauth's and python3-saml's. Here is what the municipality's file means to them: every assertion must be
signed, and an answer that we didn't ask for is refused.
"""

from typing import Any

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.saml.provider import SAMLProvider

from fridhem.foundation.accounts.providers import Provider

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


def settings_of(provider: Provider) -> dict[str, Any]:
    """The provider as allauth and python3-saml want to read it."""
    own = provider.settings
    return {
        "idp": {"entity_id": own["entity_id"], "sso_url": own["sso_url"], "x509cert": own["certificate"]},
        "subject_from": own.get("subject_from", ""),
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_message_signed": own.get("message_signed", False),
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
            "allow_single_label_domains": own.get("local_names", False),
            "name_id_format": own.get("name_id_format", PERSISTENT),
            "want_name_id": "subject_from" not in own,
        },
    }


class AnswerReader(SAMLProvider):
    """Reads an answer that python3-saml has found valid."""

    def extract_uid(self, data: Any) -> str:
        """The stable subject: the attribute that the file names, or a NameID that is the same the next time.

        Raises `ProviderException`: nobody is taken for someone by a name that may change hands.
        """
        named = self.app.settings["subject_from"]
        if named:
            return _only(data.get_attributes().get(named))
        if data.get_nameid_format() != PERSISTENT:
            raise ProviderException("The NameID isn't persistent.")
        return _only([data.get_nameid()])

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing of it is stored; `claims_of` has what this request needs."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        return {}


def _only(values: list[str] | None) -> str:
    if not values or len(values) != 1 or not values[0]:
        raise ProviderException("There is no subject, or more than one.")
    return values[0]


def claims_of(answer: Any) -> dict[str, Any]:
    """The attributes, and as `acr` how the person was known (AuthnContextClassRef)."""
    return {**answer.get_attributes(), "acr": answer.get_last_authn_contexts()}
