-- A notification and its mail belong to one company.
SELECT backoffice_add_company_fk('backoffice_notification', 'mail_id', 'backoffice_mail');

-- What left stays as it left; after the uncertain only a person decides, and never straight to sending.
CREATE FUNCTION backoffice_mail_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('sent', 'dropped')
        OR OLD.state IN ('uncertain', 'failed') AND NEW.state NOT IN (OLD.state, 'pending', 'dropped') THEN
        RAISE EXCEPTION 'mail % stays %', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON backoffice_mail FOR EACH ROW EXECUTE FUNCTION backoffice_mail_guard();
