"""What django-allauth is told: passkeys first, codes from an app, passwords last; nobody signs up, nothing is mailed."""

ACCOUNT_ADAPTER = "fridhem.foundation.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "fridhem.foundation.accounts.adapters.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "fridhem.foundation.accounts.adapters.ProviderAdapter"
PROVIDER_APPS = [
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]

ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_FORMS = {"login": "fridhem.site.forms.SignInForm", "reauthenticate": "fridhem.site.forms.PasswordAgainForm"}

# Counted per person and address, and never by address alone: who guesses locks neither neighbours nor a passkey out.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "guesses": "100/d/key",  # of one person's password, from anywhere
    "one_time_code": "20/5m/key",
    "reauthenticate": "10/m/user",
}
MFA_RATE_LIMITS = {"webauthn_login": None}

MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Fridhem"
MFA_TOTP_TOLERANCE = 1  # steps of half a minute that a telephone's clock may be wrong
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "add_webauthn": "fridhem.site.forms.PasskeyForm",
    "login_webauthn": "fridhem.site.forms.SignInByPasskeyForm",
    "authenticate_webauthn": "fridhem.site.forms.SecondStepForm",
    "reauthenticate_webauthn": "fridhem.site.forms.PasskeyAgainForm",
    "edit_webauthn": "fridhem.site.forms.PasskeyNameForm",
    "activate_totp": "fridhem.site.forms.AppForm",
    "authenticate": "fridhem.site.forms.CodeForm",
    "reauthenticate": "fridhem.site.forms.CodeAgainForm",
}

SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds
