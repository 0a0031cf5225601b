-- Who looked that a table still holds is said once and stays said.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_legal_table_confirmation
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_legal_table_confirmation
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();

-- As before, and the moment of the verification stays as well: results of earlier moments are proved by it.
CREATE OR REPLACE FUNCTION backoffice_legal_table_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verified_on IS NULL AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSIF OLD.verified_on IS NULL THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a verified legal table is never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF (NEW.kind, NEW.valid_from, NEW.known_from, NEW.act, NEW.source, NEW.certainty, NEW.payload, NEW.corrects_id,
           NEW.entered_by_id, NEW.verified_by_id, NEW.verified_by, NEW.verified_on, NEW.verified_at)
        IS DISTINCT FROM
          (OLD.kind, OLD.valid_from, OLD.known_from, OLD.act, OLD.source, OLD.certainty, OLD.payload, OLD.corrects_id,
           OLD.entered_by_id, OLD.verified_by_id, OLD.verified_by, OLD.verified_on, OLD.verified_at) THEN
        RAISE EXCEPTION 'a verified legal table keeps its figures; enter a correction' USING ERRCODE = 'restrict_violation';
    ELSIF OLD.valid_to IS DISTINCT FROM NEW.valid_to AND OLD.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'the end of a legal table is set once' USING ERRCODE = 'restrict_violation';
    ELSIF OLD.replaced_on IS DISTINCT FROM NEW.replaced_on AND OLD.replaced_on IS NOT NULL THEN
        RAISE EXCEPTION 'a legal table is replaced once' USING ERRCODE = 'restrict_violation';
    ELSIF OLD.confirmed_through IS DISTINCT FROM NEW.confirmed_through
          AND (OLD.confirmed_through IS NULL OR NEW.confirmed_through IS NULL
               OR NEW.confirmed_through < OLD.confirmed_through) THEN
        RAISE EXCEPTION 'a legal table is only confirmed for longer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
