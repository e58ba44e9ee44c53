"""The ways in and one's own account. Some names are django-allauth's: it finds its pages by them."""

from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.permissions import keeps_staff
from fridhem.foundation.accounts.predicates import anyone, signed_in
from fridhem.site.pages import account, people, provider, signing_in

entrance = [
    page("logga-in/", signing_in.sign_in, name="sign-in", open_to=anyone),
    page("logga-in/", signing_in.sign_in, name="account_login", open_to=anyone),
    page("logga-in/passnyckel/", signing_in.sign_in_by_passkey, name="mfa_login_webauthn", open_to=anyone),
    page("logga-in/steg-tva/", signing_in.second_step, name="mfa_authenticate", open_to=anyone),
    page("logga-in/engangskod/", signing_in.one_time_code, name="one-time-code", open_to=anyone),
    page("logga-in/stangt/", signing_in.closed, name="account_inactive", open_to=anyone),
    page("logga-in/avbrutet/", provider.cancelled, name="socialaccount_login_cancelled", open_to=anyone),
    page("logga-in/oidc/<slug:provider_id>/", provider.oidc_login, name="openid_connect_login", open_to=anyone),
    page("logga-in/oidc/<slug:provider_id>/ater/", provider.oidc_callback, name="openid_connect_callback", open_to=anyone),
    page("logga-in/saml/<slug:organization_slug>/", provider.saml_login, name="saml_login", open_to=anyone),
    page("logga-in/saml/<slug:organization_slug>/svar/", provider.saml_acs, name="saml_acs", open_to=anyone),
    page("logga-in/saml/<slug:organization_slug>/svar/las/", provider.saml_finish, name="saml_finish_acs", open_to=anyone),
    page("logga-in/saml/<slug:organization_slug>/ut/", provider.saml_logout, name="saml_sls", open_to=anyone),
    page("logga-in/saml/<slug:organization_slug>/metadata/", provider.saml_metadata, name="saml_metadata", open_to=anyone),
    page("logga-ut/", signing_in.sign_out, name="sign-out", open_to=signed_in),
    page("prova/<str:username>/", signing_in.step_in, name="step-in", open_to=anyone),
]
mine = [
    page("", account.account, name="account", open_to=signed_in),
    page("", account.account, name="mfa_index", open_to=signed_in),
    page("skyddat/", account.open_protected, name="open-protected", open_to=signed_in),
    page("sessioner/<slug:digest>/", account.end_session, name="end-session", open_to=signed_in),
    page("passnycklar/ny/", account.add_passkey, name="mfa_add_webauthn", open_to=signed_in),
    page("passnycklar/<int:pk>/", account.rename_passkey, name="mfa_edit_webauthn", open_to=signed_in),
    page("passnycklar/<int:pk>/ta-bort/", account.remove_passkey, name="mfa_remove_webauthn", open_to=signed_in),
    page("losenord/", account.choose_password, name="choose-password", open_to=signed_in),
    page("app/", account.add_app, name="mfa_activate_totp", open_to=signed_in),
    page("app/ta-bort/", account.remove_app, name="mfa_deactivate_totp", open_to=signed_in),
    page("reservkoder/", account.recovery_codes, name="mfa_view_recovery_codes", open_to=signed_in),
    page("reservkoder/nya/", account.new_recovery_codes, name="mfa_generate_recovery_codes", open_to=signed_in),
    page("bekrafta/passnyckel/", account.passkey_again, name="mfa_reauthenticate_webauthn", open_to=signed_in),
    page("bekrafta/kod/", account.code_again, name="mfa_reauthenticate", open_to=signed_in),
    page("bekrafta/losenord/", account.password_again, name="account_reauthenticate", open_to=signed_in),
]
staff = [
    page("", people.people, name="people", open_to=keeps_staff),
    page("ny/", people.new_person, name="new-person", open_to=keeps_staff),
    page("<uuid:pk>/", people.person, name="person", open_to=keeps_staff),
    page("<uuid:pk>/flytta/", people.move, name="move-person", open_to=keeps_staff),
    page("<uuid:pk>/engangskod/", people.code, name="hand-out-code", open_to=keeps_staff),
    page("<uuid:pk>/stang/", people.deactivate, name="close-account", open_to=keeps_staff),
    page("<uuid:pk>/oppna/", people.reactivate, name="open-account", open_to=keeps_staff),
]
