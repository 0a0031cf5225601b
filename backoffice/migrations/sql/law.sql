-- One verified version of a table for each day. (In SQL: Django validates an exclusion against forms that lack its fields.)
ALTER TABLE backoffice_legal_table ADD CONSTRAINT legal_table_one_at_a_time
    EXCLUDE USING gist (kind WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (verified_on IS NOT NULL AND replaced_on IS NULL);

-- A verified table of law keeps its figures for ever: results were computed from them. What may still be said of it is that
-- it ended, that it was confirmed for longer, or that a correction replaced it.
CREATE FUNCTION backoffice_legal_table_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verified_on IS NULL AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSIF OLD.verified_on IS NULL THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a verified legal table is never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF (NEW.kind, NEW.valid_from, NEW.known_from, NEW.act, NEW.source, NEW.certainty, NEW.payload, NEW.corrects_id,
           NEW.entered_by_id, NEW.verified_by_id, NEW.verified_by, NEW.verified_on)
        IS DISTINCT FROM
          (OLD.kind, OLD.valid_from, OLD.known_from, OLD.act, OLD.source, OLD.certainty, OLD.payload, OLD.corrects_id,
           OLD.entered_by_id, OLD.verified_by_id, OLD.verified_by, OLD.verified_on) THEN
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
CREATE TRIGGER verified_tables_stay BEFORE UPDATE OR DELETE ON backoffice_legal_table
    FOR EACH ROW EXECUTE FUNCTION backoffice_legal_table_guard();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_legal_table
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();
