from django.db import migrations, models

# One line of the record as text: the same, sign by sign, as `chain.canonical` makes in Python. The first number is the version
# of the writing; a new column gets a new version, so that old lines keep their digest.
CANONICAL = """
CREATE FUNCTION audit_canonical(entry public.audit_entry) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_array(
        1, entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.verb, entry.actor,
        entry.subject_kind, entry.subject, entry.about, entry.reason, entry.purpose
    )::text
$$;
"""

# Two triggers at the end of the transaction. What the first one queues is worked off after every other check that waits for the
# end, so the lock on the tail is the last one taken: it's held for a moment, and two transactions can't wait for each other.
# Without the planner's choice: a plan that was made while the tables were small would read them whole in a large transaction.
CHAIN = """
CREATE TABLE audit_tail (one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO audit_tail DEFAULT VALUES;
CREATE TABLE audit_unlinked (entry uuid PRIMARY KEY);

CREATE FUNCTION audit_wait_for_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_RELID <> 'public.audit_entry'::regclass THEN RAISE EXCEPTION 'Only the record is linked.'; END IF;
    INSERT INTO public.audit_unlinked VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_link_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    line public.audit_entry;
    tail public.audit_link;
BEGIN
    IF TG_RELID <> 'public.audit_unlinked'::regclass THEN RAISE EXCEPTION 'Only the record is linked.'; END IF;
    PERFORM 1 FROM public.audit_tail FOR UPDATE;
    SELECT * INTO STRICT line FROM public.audit_entry WHERE id = NEW.entry;
    SELECT * INTO tail FROM public.audit_link ORDER BY seq DESC LIMIT 1;
    tail.digest := coalesce(tail.digest, ''::bytea);
    INSERT INTO public.audit_link (seq, entry, prev, digest) VALUES (
        coalesce(tail.seq, 0) + 1, line.id, tail.digest,
        sha256(tail.digest || convert_to(public.audit_canonical(line), 'UTF8'))
    );
    DELETE FROM public.audit_unlinked WHERE entry = NEW.entry;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_wait_for_link AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_wait_for_link();
CREATE CONSTRAINT TRIGGER audit_link_entry AFTER INSERT ON audit_unlinked
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_entry();
REVOKE ALL ON FUNCTION audit_canonical(public.audit_entry), audit_wait_for_link(), audit_link_entry() FROM PUBLIC;
"""

# What was written before there was a chain becomes its beginning.
LINK_WHAT_IS_THERE = "INSERT INTO audit_unlinked SELECT id FROM audit_entry ORDER BY at, id;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_alerts")]

    operations = [
        migrations.AddField("entry", "about", models.UUIDField(null=True)),
        migrations.AddField("entry", "purpose", models.CharField(blank=True, default="", max_length=120), preserve_default=False),
        migrations.AddIndex("entry", models.Index(fields=["about", "at"], name="audit_by_about")),
        migrations.AddIndex("entry", models.Index(fields=["at"], name="audit_by_time")),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.UUIDField(unique=True)),
                ("prev", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={"db_table": "audit_link"},
        ),
        migrations.RunSQL(CANONICAL, "DROP FUNCTION audit_canonical(public.audit_entry)"),
        migrations.RunSQL(
            CHAIN,
            "DROP TRIGGER audit_wait_for_link ON audit_entry; DROP TABLE audit_unlinked, audit_tail;"
            "DROP FUNCTION audit_wait_for_link(), audit_link_entry()",
        ),
        migrations.RunSQL(LINK_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
