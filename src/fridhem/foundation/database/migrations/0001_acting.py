from django.db import migrations

# Who acts, as the connection was told (see acting.py). Asked in policies as (SELECT acting_user()): once for a whole question.
ACTING = """
CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('fridhem.user', true), '')::uuid;
CREATE FUNCTION acting_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('fridhem.role', true), '');
CREATE FUNCTION acting_unit() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('fridhem.unit', true), '')::uuid;
CREATE FUNCTION acting_in(zone text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN zone = ANY (string_to_array(coalesce(current_setting('fridhem.zones', true), ''), ','));
CREATE FUNCTION acting_house() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('fridhem.user', true), '') = '' AND coalesce(current_setting('fridhem.purpose', true), '') <> '';
"""
NOBODY = """
DROP FUNCTION acting_user();
DROP FUNCTION acting_role();
DROP FUNCTION acting_unit();
DROP FUNCTION acting_in(text);
DROP FUNCTION acting_house();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(ACTING, NOBODY)]
