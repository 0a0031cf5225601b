SELECT backoffice_add_company_fk('backoffice_webhook_delivery', 'webhook_id', 'backoffice_webhook');

-- What was attempted stays: an attempt ends once, and which event a delivery is of never changes (see the grants of `app`).
CREATE FUNCTION backoffice_webhook_attempt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an attempt that ended stays as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ended_attempts_stay BEFORE UPDATE OR DELETE ON backoffice_webhook_attempt
    FOR EACH ROW EXECUTE FUNCTION backoffice_webhook_attempt_guard();
