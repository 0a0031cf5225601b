-- A role is given for a branch of the same company only.
SELECT backoffice_add_company_fk('backoffice_role_grant', 'branch_id', 'backoffice_branch');

-- A role of one company's own making is never given in another, and never moves to another.
CREATE FUNCTION backoffice_role_grant_check_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM backoffice_role r WHERE r.id = NEW.role_id AND r.company_id <> NEW.company_id) THEN
        RAISE EXCEPTION 'role % belongs to another company', NEW.role_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_of_same_company BEFORE INSERT OR UPDATE OF role_id, company_id ON backoffice_role_grant
    FOR EACH ROW EXECUTE FUNCTION backoffice_role_grant_check_role();

CREATE FUNCTION backoffice_role_keep_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a role never changes its company' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER company_is_fixed BEFORE UPDATE OF company_id ON backoffice_role
    FOR EACH ROW WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id) EXECUTE FUNCTION backoffice_role_keep_company();

-- Whose rights a token carries, where, and how it is recognised never change; neither does a grant's holder, place and start.
CREATE FUNCTION backoffice_identity_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % may only end, not change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_ends BEFORE UPDATE OF user_id, company_id, digest, scopes, expires_at, created_at ON backoffice_api_token
    FOR EACH ROW WHEN ((OLD.user_id, OLD.company_id, OLD.digest, OLD.scopes, OLD.expires_at, OLD.created_at)
        IS DISTINCT FROM (NEW.user_id, NEW.company_id, NEW.digest, NEW.scopes, NEW.expires_at, NEW.created_at))
    EXECUTE FUNCTION backoffice_identity_keep();
CREATE TRIGGER stays_revoked BEFORE UPDATE OF revoked_at ON backoffice_api_token
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
    EXECUTE FUNCTION backoffice_identity_keep();
CREATE TRIGGER only_ends BEFORE UPDATE ON backoffice_role_grant
    FOR EACH ROW WHEN ((OLD.user_id, OLD.role_id, OLD.company_id, OLD.scope, OLD.branch_id, OLD.valid_from)
        IS DISTINCT FROM (NEW.user_id, NEW.role_id, NEW.company_id, NEW.scope, NEW.branch_id, NEW.valid_from)
        OR OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION backoffice_identity_keep();
