-- A certificate has the secret of its own company, and never changes but to be removed.
SELECT backoffice_add_company_fk('backoffice_certificate', 'secret_id', 'backoffice_secret');
CREATE FUNCTION backoffice_certificate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.removed_at IS NOT NULL
        OR to_jsonb(OLD) - 'removed_at' - 'secret_id' <> to_jsonb(NEW) - 'removed_at' - 'secret_id' THEN
        RAISE EXCEPTION 'certificate % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON backoffice_certificate
    FOR EACH ROW EXECUTE FUNCTION backoffice_certificate_guard();
