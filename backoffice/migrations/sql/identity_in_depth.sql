-- Standard roles come with the product: only the owner, who alone may truncate, writes rows of no company.
CREATE FUNCTION backoffice_role_keep_standard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT has_table_privilege(current_user, 'backoffice_role', 'TRUNCATE') THEN
        RAISE EXCEPTION 'standard roles come with the product' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standard_is_kept BEFORE INSERT OR UPDATE ON backoffice_role
    FOR EACH ROW WHEN (NEW.company_id IS NULL) EXECUTE FUNCTION backoffice_role_keep_standard();

-- What was lent, looked at, invited or asked never changes; it ends, and that only once.
CREATE FUNCTION backoffice_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ends text[] := string_to_array(TG_ARGV[0], ',');
    name text;
BEGIN
    FOREACH name IN ARRAY ends LOOP
        IF to_jsonb(OLD) -> name <> 'null' AND name <> 'failures' THEN
            RAISE EXCEPTION 'a row of % has ended', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF to_jsonb(NEW) - ends <> to_jsonb(OLD) - ends THEN
        RAISE EXCEPTION 'a row of % may only end, not change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_ends BEFORE UPDATE ON backoffice_delegation
    FOR EACH ROW EXECUTE FUNCTION backoffice_only_ends('ended_at');
CREATE TRIGGER only_ends BEFORE UPDATE ON backoffice_impersonation
    FOR EACH ROW EXECUTE FUNCTION backoffice_only_ends('ended_at');
CREATE TRIGGER only_ends BEFORE UPDATE ON backoffice_invitation
    FOR EACH ROW EXECUTE FUNCTION backoffice_only_ends('failures,used_at,revoked_at');
CREATE TRIGGER only_ends BEFORE UPDATE ON backoffice_factor_reset
    FOR EACH ROW EXECUTE FUNCTION backoffice_only_ends('done_by_id,done_at');

-- An account never turns from a person's into a program's, or back.
CREATE FUNCTION backoffice_user_keep_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account never changes its kind' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kind_is_fixed BEFORE UPDATE OF kind ON backoffice_user
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION backoffice_user_keep_kind();

-- A stand-in's vote is that of whom they stand in for: named, once, and never on that person's own request.
CREATE OR REPLACE FUNCTION backoffice_guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked backoffice_approval;
    voters bigint[] := array_remove(ARRAY[NEW.voter_id, NEW.on_behalf_of_id], NULL);
BEGIN
    SELECT * INTO asked FROM backoffice_approval WHERE id = NEW.approval_id FOR NO KEY UPDATE;
    IF asked.state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'approval % is %', NEW.approval_id, coalesce(asked.state, 'unknown') USING ERRCODE = 'restrict_violation';
    ELSIF NEW.content_hash <> asked.content_hash THEN
        RAISE EXCEPTION 'approval %: the vote is on other content', NEW.approval_id USING ERRCODE = 'restrict_violation';
    ELSIF cardinality(asked.approver_ids) > 0
        AND coalesce(NEW.on_behalf_of_id, NEW.voter_id) <> ALL (asked.approver_ids) THEN
        RAISE EXCEPTION 'approval %: the voter was not named', NEW.approval_id USING ERRCODE = 'restrict_violation';
    ELSIF EXISTS (SELECT FROM backoffice_approval_vote v WHERE v.approval_id = NEW.approval_id
        AND (v.voter_id = NEW.on_behalf_of_id OR v.on_behalf_of_id = NEW.voter_id)) THEN
        RAISE EXCEPTION 'approval %: this person has voted', NEW.approval_id USING ERRCODE = 'unique_violation';
    END IF;
    NEW.own := voters && array_remove(ARRAY[asked.requested_by_id, asked.requested_for_id], NULL);
    IF NEW.own AND NOT (SELECT allows_self_approval FROM backoffice_company WHERE id = asked.company_id FOR SHARE) THEN
        RAISE EXCEPTION 'approval %: nobody approves their own request', NEW.approval_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
