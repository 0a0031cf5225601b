-- Links between records of any two kinds: both records exist, in the company of the link.

-- The table of a model by its label: `hr.jobtitle` is kept in hr_job_title. A test holds all models to that.
CREATE FUNCTION backoffice_table_of(label text) RETURNS regclass LANGUAGE sql STABLE AS $$
    SELECT c.oid::regclass FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND replace(c.relname, '_', '') = replace(label, '.', '')
$$;

-- Whether a record is there for a company: it belongs to the company, is the company, or is one that companies share.
-- The row is held, so that it is not deleted before the link is committed.
CREATE FUNCTION backoffice_has_record(company bigint, label text, record bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    kept regclass := backoffice_table_of(label);
    owned text := 'true';
    found boolean;
BEGIN
    IF kept IS NULL THEN
        RETURN false;
    ELSIF kept = 'backoffice_company'::regclass THEN
        owned := 'id = $2';
    ELSIF EXISTS (SELECT FROM pg_attribute WHERE attrelid = kept AND attname = 'company_id' AND NOT attisdropped) THEN
        owned := 'coalesce(company_id, $2) = $2';
    END IF;
    EXECUTE format('SELECT %s FROM %s WHERE id = $1 FOR KEY SHARE', owned, kept) INTO found USING record, company;
    RETURN coalesce(found, false);
END $$;

-- SECURITY DEFINER: rows of tables that `app` may only read are held as well.
CREATE FUNCTION backoffice_link_rules() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT backoffice_has_record(NEW.company_id, NEW.source_type, NEW.source_id)
           OR NOT backoffice_has_record(NEW.company_id, NEW.target_type, NEW.target_id) THEN
            RAISE EXCEPTION 'company % has no such records to link', NEW.company_id
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'link_ends_in_company';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.removed_at IS NOT NULL
       OR to_jsonb(OLD) - 'removed_at' - 'removed_by_id' - 'removed_why'
          <> to_jsonb(NEW) - 'removed_at' - 'removed_by_id' - 'removed_why' THEN
        RAISE EXCEPTION 'link % is removed with a reason, and else stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE OR DELETE ON backoffice_link
    FOR EACH ROW EXECUTE FUNCTION backoffice_link_rules();

-- One open link of a kind between two records, in whichever direction: nothing replaces what replaces it.
CREATE UNIQUE INDEX link_once ON backoffice_link (
    company_id, kind,
    least(source_type || ':' || source_id::text, target_type || ':' || target_id::text),
    greatest(source_type || ':' || source_id::text, target_type || ':' || target_id::text)
) WHERE removed_at IS NULL;
