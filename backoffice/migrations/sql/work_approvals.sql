-- Approvals: bound to content that cannot change, never one's own, decided by the votes that were cast.

SELECT backoffice_add_company_fk('backoffice_approval_vote', 'approval_id', 'backoffice_approval');

CREATE FUNCTION backoffice_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved integer;
    returned integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'approvals are never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'an approval starts open' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    ELSIF to_jsonb(NEW) - '{state,decided_at,voided_at}'::text[] <> to_jsonb(OLD) - '{state,decided_at,voided_at}'::text[] THEN
        RAISE EXCEPTION 'what was asked never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT count(*) FILTER (WHERE decision = 'approve'), count(*) FILTER (WHERE decision = 'return')
    INTO approved, returned FROM backoffice_approval_vote WHERE approval_id = NEW.id;
    IF NOT (CASE NEW.state
        WHEN 'approved' THEN OLD.state = 'open' AND returned = 0 AND approved >= NEW.required
        WHEN 'returned' THEN OLD.state = 'open' AND returned > 0
        WHEN 'withdrawn' THEN OLD.state = 'open'
        WHEN 'void' THEN OLD.state IN ('open', 'approved')
        ELSE false
    END) THEN
        RAISE EXCEPTION 'an approval does not go from % to % with % of % votes', OLD.state, NEW.state, approved, NEW.required
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON backoffice_approval
    FOR EACH ROW EXECUTE FUNCTION backoffice_guard_approval();

-- A vote locks its approval, so that two voters are one after the other.
CREATE FUNCTION backoffice_guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked backoffice_approval;
BEGIN
    SELECT * INTO asked FROM backoffice_approval WHERE id = NEW.approval_id FOR NO KEY UPDATE;
    IF asked.state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'approval % is %', NEW.approval_id, coalesce(asked.state, 'unknown') USING ERRCODE = 'restrict_violation';
    ELSIF NEW.content_hash <> asked.content_hash THEN
        RAISE EXCEPTION 'approval %: the vote is on other content', NEW.approval_id USING ERRCODE = 'restrict_violation';
    ELSIF cardinality(asked.approver_ids) > 0 AND NEW.voter_id <> ALL (asked.approver_ids) THEN
        RAISE EXCEPTION 'approval %: the voter was not named', NEW.approval_id USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.own := NEW.voter_id = asked.requested_by_id IS TRUE OR NEW.voter_id = asked.requested_for_id IS TRUE;
    IF NEW.own AND NOT (SELECT allows_self_approval FROM backoffice_company WHERE id = asked.company_id FOR SHARE) THEN
        RAISE EXCEPTION 'approval %: nobody approves their own request', NEW.approval_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON backoffice_approval_vote
    FOR EACH ROW EXECUTE FUNCTION backoffice_guard_vote();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_approval_vote
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_approval_vote
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();

-- A vote that settles must settle: no transaction leaves enough votes, or one that returns, on an open approval.
CREATE FUNCTION backoffice_check_vote_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM backoffice_approval a JOIN backoffice_approval_vote v ON v.approval_id = a.id
        WHERE a.id = NEW.approval_id AND a.state = 'open' GROUP BY a.id
        HAVING bool_or(v.decision = 'return') OR count(*) >= a.required)
    THEN
        RAISE EXCEPTION 'approval % is settled and still open', NEW.approval_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settled AFTER INSERT ON backoffice_approval_vote DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION backoffice_check_vote_settled();

-- What was approved and then changed is not approved any more. A subject puts these guards on the tables that hold the
-- content of its documents:
--   SELECT backoffice_guard_approved_lines('hr_payslip', 'run_id', 'hr.payrollrun', 'hr_payroll_run');
--   SELECT backoffice_guard_approved_header('hr_payroll_run', '{competence,payment_date}', 'hr.payrollrun');
-- The lock on the document makes a change and a request one after the other: a request locks the document FOR UPDATE.
CREATE FUNCTION backoffice_void_approvals(kind text, documents bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE backoffice_approval SET state = 'void', voided_at = clock_timestamp()
    WHERE document_type = kind AND document_id = ANY (documents) AND state IN ('open', 'approved');
$$;
CREATE FUNCTION backoffice_void_changed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    documents bigint[];
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT %1$I) FROM changed WHERE %1$I IS NOT NULL', TG_ARGV[0]) INTO documents;
    IF documents IS NOT NULL THEN
        EXECUTE format('SELECT FROM %I WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE', TG_ARGV[2]) USING documents;
        PERFORM backoffice_void_approvals(TG_ARGV[1], documents);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION backoffice_void_changed_header() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM backoffice_void_approvals(TG_ARGV[0], ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION backoffice_guard_approved_lines(lines text, document_column text, kind text, document_table text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    moment text[];
BEGIN
    FOREACH moment SLICE 1 IN ARRAY '{{insert,INSERT,NEW},{update_from,UPDATE,OLD},{update_to,UPDATE,NEW},{delete,DELETE,OLD}}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION backoffice_void_changed_lines(%L, %L, %L)',
                       'approval_void_' || moment[1], moment[2], lines, moment[3], document_column, kind, document_table);
    END LOOP;
END $$;
CREATE FUNCTION backoffice_guard_approved_header(header text, columns text[], kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', c), ' OR ') INTO changed FROM unnest(columns) c;
    EXECUTE format('CREATE TRIGGER approval_void_header AFTER UPDATE ON %I FOR EACH ROW WHEN (%s) '
                   'EXECUTE FUNCTION backoffice_void_changed_header(%L)', header, changed, kind);
END $$;
