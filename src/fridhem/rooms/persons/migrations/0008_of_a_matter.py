from django.db import migrations

# What leaves the house is held against everyone in the matter, also those whom the one who sends it isn't shown: a row that is hidden
# from the check would be let out. So these are asked as the owner. They give ciphertext; the key service opens it, and writes it down.
FUNCTIONS = """
CREATE FUNCTION persons_of_matter(subject uuid) RETURNS SETOF persons_person
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.* FROM public.persons_person p
    WHERE p.id = subject OR p.id IN (SELECT r.other_id FROM public.persons_relation r WHERE r.person_id = subject)
$$;
CREATE FUNCTION persons_details_of_matter(subject uuid) RETURNS SETOF persons_protected_detail
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.* FROM public.persons_protected_detail d WHERE d.person_id IN (SELECT p.id FROM public.persons_of_matter(subject) p)
$$;
"""
GONE = "DROP FUNCTION persons_details_of_matter(uuid); DROP FUNCTION persons_of_matter(uuid);"


class Migration(migrations.Migration):
    dependencies = [("persons", "0007_destroy_reveals")]

    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
