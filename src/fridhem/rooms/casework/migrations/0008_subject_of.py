from django.db import migrations

# For the outbound check, which must know everyone in the matter whoever asks: see persons_of_matter.
FUNCTION = """
CREATE FUNCTION casework_subject(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.person_id FROM public.casework_case c WHERE c.id = wanted
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_disposed_counts"), ("persons", "0008_of_a_matter")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION casework_subject(uuid)")]
