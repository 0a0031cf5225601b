-- Kept files and the documents of records. References stay inside one company.
SELECT backoffice_add_company_fk('backoffice_attachment', 'file_id', 'backoffice_stored_file');
SELECT backoffice_add_company_fk('backoffice_attachment_version', 'file_id', 'backoffice_stored_file');
SELECT backoffice_add_company_fk('backoffice_attachment_version', 'attachment_id', 'backoffice_attachment');

SELECT backoffice_add_company_fk('backoffice_job_result', 'file_id', 'backoffice_stored_file');
SELECT backoffice_add_company_fk('backoffice_job_result', 'job_id', 'backoffice_job');

-- What a document shows is its version of that number, with that file.
ALTER TABLE backoffice_attachment_version ADD CONSTRAINT attachment_version_whole UNIQUE (attachment_id, number, file_id);
ALTER TABLE backoffice_attachment ADD CONSTRAINT attachment_present_version FOREIGN KEY (id, version, file_id)
    REFERENCES backoffice_attachment_version (attachment_id, number, file_id) DEFERRABLE INITIALLY DEFERRED;

-- A kept file never changes; it is discarded, then removed, and never comes back.
CREATE FUNCTION backoffice_stored_file_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.removed_at IS NOT NULL
        OR to_jsonb(OLD) - 'discard_at' - 'removed_at' <> to_jsonb(NEW) - 'discard_at' - 'removed_at' THEN
        RAISE EXCEPTION 'file % is kept as it is', OLD.key USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON backoffice_stored_file
    FOR EACH ROW EXECUTE FUNCTION backoffice_stored_file_guard();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_attachment_version
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();

-- How much a company keeps. The row of its account is held until the end of the transaction, so that two
-- files that arrive at once cannot both take the last room. SECURITY DEFINER: the count is nobody's to write.
CREATE FUNCTION backoffice_count_files() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used    bigint;
    allowed bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE backoffice_file_account SET used_bytes = used_bytes - NEW.size WHERE company_id = NEW.company_id;
        RETURN NULL;
    END IF;
    INSERT INTO backoffice_file_account AS a (company_id, used_bytes) VALUES (NEW.company_id, NEW.size)
    ON CONFLICT (company_id) DO UPDATE SET used_bytes = a.used_bytes + excluded.used_bytes
    RETURNING used_bytes, limit_bytes INTO used, allowed;
    IF used > allowed THEN
        RAISE EXCEPTION 'company % has no room for % bytes', NEW.company_id, NEW.size
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_account_within_limit', DETAIL = 'file_account_within_limit';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_kept AFTER INSERT ON backoffice_stored_file FOR EACH ROW EXECUTE FUNCTION backoffice_count_files();
CREATE TRIGGER count_removed AFTER UPDATE OF removed_at ON backoffice_stored_file FOR EACH ROW
    WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL) EXECUTE FUNCTION backoffice_count_files();
