-- Letters and their templates. References stay inside one company.
SELECT backoffice_add_company_fk('backoffice_letter_template_version', 'template_id', 'backoffice_letter_template');
SELECT backoffice_add_company_fk('backoffice_letter', 'version_id', 'backoffice_letter_template_version');
SELECT backoffice_add_company_fk('backoffice_letter', 'file_id', 'backoffice_stored_file');

-- The newest version and the one in use are versions of this template.
ALTER TABLE backoffice_letter_template ADD CONSTRAINT letter_template_latest FOREIGN KEY (id, latest)
    REFERENCES backoffice_letter_template_version (template_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backoffice_letter_template ADD CONSTRAINT letter_template_active FOREIGN KEY (id, active)
    REFERENCES backoffice_letter_template_version (template_id, number) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_letter_template_version
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();

-- A letter keeps every word. It gets its number and its file once, and becomes void once. It is about a record of its company,
-- and comes from a version that was in use.
CREATE FUNCTION backoffice_letter_rules() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT backoffice_has_record(NEW.company_id, NEW.subject_type, NEW.subject_id) THEN
            RAISE EXCEPTION 'company % has no such record to write about', NEW.company_id
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'letter_subject_in_company';
        END IF;
        IF NOT EXISTS (SELECT FROM backoffice_letter_template t JOIN backoffice_letter_template_version v ON v.template_id = t.id
                       WHERE v.id = NEW.version_id AND t.active = v.number AND t.retired_at IS NULL FOR SHARE OF t) THEN
            RAISE EXCEPTION 'version % is not in use', NEW.version_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_version_in_use';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (OLD.number <> '' AND NEW.number <> OLD.number)
       OR (OLD.file_id IS NOT NULL AND NEW.file_id IS DISTINCT FROM OLD.file_id)
       OR (OLD.state = 'void' AND (NEW.state, NEW.voided_at, NEW.voided_by_id, NEW.void_reason)
           IS DISTINCT FROM (OLD.state, OLD.voided_at, OLD.voided_by_id, OLD.void_reason))
       OR to_jsonb(OLD) - '{number,file_id,state,voided_at,voided_by_id,void_reason}'::text[]
          <> to_jsonb(NEW) - '{number,file_id,state,voided_at,voided_by_id,void_reason}'::text[] THEN
        RAISE EXCEPTION 'letter % stays as it was issued', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE OR DELETE ON backoffice_letter
    FOR EACH ROW EXECUTE FUNCTION backoffice_letter_rules();
