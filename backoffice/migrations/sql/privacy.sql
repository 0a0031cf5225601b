-- Requests of data subjects and legal holds: what was asked, and why something was kept, stays as it was written.
CREATE FUNCTION backoffice_legal_hold_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.released_at IS NOT NULL
       OR to_jsonb(OLD) - '{released_at,released_by_id,release_reason}'::text[]
          <> to_jsonb(NEW) - '{released_at,released_by_id,release_reason}'::text[] THEN
        RAISE EXCEPTION 'hold % stays as it was placed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules BEFORE UPDATE OR DELETE ON backoffice_legal_hold
    FOR EACH ROW EXECUTE FUNCTION backoffice_legal_hold_rules();

CREATE FUNCTION backoffice_person_request_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state <> 'received' AND (NEW.answer, NEW.answered_on) IS DISTINCT FROM (OLD.answer, OLD.answered_on))
       OR to_jsonb(OLD) - '{state,answer,answered_on}'::text[] <> to_jsonb(NEW) - '{state,answer,answered_on}'::text[] THEN
        RAISE EXCEPTION 'request % stays as it was received', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules BEFORE UPDATE OR DELETE ON backoffice_person_request
    FOR EACH ROW EXECUTE FUNCTION backoffice_person_request_rules();
