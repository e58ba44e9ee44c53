from django.db import migrations

# By the worker for someone: which of many blind indexes are known here, and which that person must not handle, known or not.
FUNCTION = """
CREATE FUNCTION persons_among(wanted bytea[], who uuid) RETURNS TABLE (identity_index bytea, person uuid, is_shut boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.one, p.id, EXISTS (
        SELECT FROM public.persons_recusal r WHERE r.identity_index = w.one AND r.user_id = who AND r.lifted_at IS NULL
    )
    FROM unnest(wanted) AS w(one) LEFT JOIN public.persons_person p ON p.identity_index = w.one
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0009_named")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION persons_among(bytea[], uuid)")]
