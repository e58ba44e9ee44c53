from django.db import migrations

# The one way to remove history: for the worker alone, after a disposal, and never without a line in the record.
FORGET = """
CREATE FUNCTION audit_forget_history(disposed uuid[], why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place regclass;
    these bigint;
    gone bigint := 0;
BEGIN
    FOR place IN
        SELECT kept.oid::regclass FROM pg_class kept JOIN pg_attribute belongs ON belongs.attrelid = kept.oid
        WHERE kept.relnamespace = 'public'::regnamespace AND kept.relkind = 'r' AND belongs.attname = 'pgh_obj_id'
    LOOP
        EXECUTE format('DELETE FROM %s WHERE pgh_obj_id = ANY ($1)', place) USING disposed;
        GET DIAGNOSTICS these = ROW_COUNT;
        gone := gone + these;
    END LOOP;
    INSERT INTO public.audit_entry (id, at, verb, actor, subject_kind, reason, purpose) VALUES (
        gen_random_uuid(), clock_timestamp(), 'audit.history.forgotten',
        nullif(current_setting('fridhem.user', true), '')::uuid, '', left(gone || ' changes: ' || why, 200),
        coalesce(current_setting('fridhem.purpose', true), '')
    );
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION audit_forget_history(uuid[], text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION audit_forget_history(uuid[], text)")]
