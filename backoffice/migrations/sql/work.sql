-- Work: what is declared, the log of moves, and items and documents as the sum of that log.

-- Copies of the Python declarations, for the guards below; written by the owner after each migration.
CREATE TABLE backoffice_work_process (
    key            text PRIMARY KEY,
    document_table text NOT NULL,
    state_column   text NOT NULL
);
CREATE TABLE backoffice_work_state (
    process  text NOT NULL REFERENCES backoffice_work_process,
    key      text NOT NULL,
    phase    text NOT NULL CHECK (phase IN ('reception', 'processing', 'execution', 'follow_up', 'reporting')),
    initial  boolean NOT NULL,
    reached  boolean NOT NULL,
    closed   boolean NOT NULL,
    PRIMARY KEY (process, key)
);
CREATE TABLE backoffice_work_step (
    process  text NOT NULL,
    action   text NOT NULL,
    source   text NOT NULL,  -- empty for the opening of an item
    target   text NOT NULL,
    backward boolean NOT NULL,
    PRIMARY KEY (process, source, target, action),
    UNIQUE (process, action, source),
    FOREIGN KEY (process, target) REFERENCES backoffice_work_state
);

CREATE TABLE backoffice_work_event (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    company_id       bigint NOT NULL,
    item_id          bigint NOT NULL,
    seq              integer NOT NULL,
    process          text NOT NULL,
    action           text NOT NULL,
    from_state       text NOT NULL,
    to_state         text NOT NULL,
    from_phase       text NOT NULL,
    to_phase         text NOT NULL,
    backward         boolean NOT NULL,
    wall_seconds     numeric(18, 6) NOT NULL,
    business_seconds numeric(18, 6) CHECK (business_seconds BETWEEN 0 AND wall_seconds),
    actor_type       text NOT NULL CHECK (actor_type IN ('user', 'job', 'api', 'system')),
    actor_id         bigint,
    on_behalf_of_id  bigint,
    reason           text NOT NULL DEFAULT '',
    event_id         bigint NOT NULL,
    at               timestamptz NOT NULL,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- A key over partitions must hold `at`. That (item_id, seq) is unique without it follows from
    -- backoffice_move_work: an event must carry the next number of its item, and takes it.
    PRIMARY KEY (item_id, seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE backoffice_work_event_default PARTITION OF backoffice_work_event DEFAULT;
CREATE INDEX backoffice_work_event_process ON backoffice_work_event (company_id, process, at);
SELECT backoffice_ensure_partitions('backoffice_work_event', current_date, 24);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_work_event
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_work_event
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();

-- Inserting events is the only way to move work: items follow, and documents follow their items. SECURITY DEFINER because the role
-- `app` has no right to write an item's state. Rights are on the parent table only, so no event can go round this trigger.
-- Its plans are kept for sets of every size, so they must be the ones that suit all: row by row through the primary keys
-- (IS NOT DISTINCT FROM keeps other indexes out).
CREATE FUNCTION backoffice_move_work() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    given integer;
    moved integer;
BEGIN
    UPDATE backoffice_work_item i
    SET state = m.to_state, phase = m.to_phase, state_since = m.at, last_seq = m.seq,
        backward_count = i.backward_count + m.backward::integer,
        done_at = CASE WHEN t.reached THEN coalesce(i.done_at, m.at) END,
        closed_at = CASE WHEN t.closed THEN coalesce(i.closed_at, m.at) END
    FROM moves m
    JOIN backoffice_work_step s ON s.process = m.process AND s.action = m.action AND s.source = m.from_state
                               AND s.target = m.to_state AND s.backward = m.backward
    JOIN backoffice_work_state t ON t.process = m.process AND t.key = m.to_state AND t.phase = m.to_phase
    WHERE i.id = m.item_id AND m.at >= i.state_since
      AND (m.company_id, m.process, m.seq, m.wall_seconds) IS NOT DISTINCT FROM
          (i.company_id, i.process, i.last_seq + 1, extract(epoch FROM m.at - i.state_since))
      AND (m.from_state, m.from_phase) IS NOT DISTINCT FROM
          (CASE m.seq WHEN 1 THEN '' ELSE i.state END, CASE m.seq WHEN 1 THEN '' ELSE i.phase END);
    GET DIAGNOSTICS moved = ROW_COUNT;
    SELECT count(*) INTO given FROM moves;
    IF moved <> given THEN
        RAISE EXCEPTION '% of % moves do not continue their items by a declared step', given - moved, given
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER move_work AFTER INSERT ON backoffice_work_event REFERENCING NEW TABLE AS moves
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_move_work();

-- Whoever writes an item, also the owner: it starts at the start, stays with its document, and moves by a declared step,
-- one number at a time.
CREATE FUNCTION backoffice_guard_work_item() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'work items are never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.last_seq <> 0 OR NEW.backward_count <> 0 OR NEW.done_at IS NOT NULL OR NEW.closed_at IS NOT NULL
            OR NEW.state_since <> NEW.opened_at
            OR NOT EXISTS (SELECT FROM backoffice_work_state s WHERE s.process = NEW.process AND s.key = NEW.state
                             AND s.phase = NEW.phase AND s.initial)
        THEN
            RAISE EXCEPTION 'an item of % does not start as %', NEW.process, NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF (NEW.company_id, NEW.process, NEW.document_id, NEW.opened_at)
          IS DISTINCT FROM (OLD.company_id, OLD.process, OLD.document_id, OLD.opened_at) THEN
        RAISE EXCEPTION 'a work item stays with its document' USING ERRCODE = 'restrict_violation';
    ELSIF NOT EXISTS (
        SELECT FROM backoffice_work_step s JOIN backoffice_work_state t ON t.process = s.process AND t.key = s.target
        WHERE s.process = NEW.process AND s.source = CASE OLD.last_seq WHEN 0 THEN '' ELSE OLD.state END AND s.target = NEW.state
          AND t.phase = NEW.phase AND NEW.last_seq = OLD.last_seq + 1
          AND NEW.backward_count = OLD.backward_count + s.backward::integer
          AND t.reached = (NEW.done_at IS NOT NULL) AND t.closed = (NEW.closed_at IS NOT NULL))
    THEN
        RAISE EXCEPTION 'no declared step of % leads from % to %', NEW.process, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR DELETE ON backoffice_work_item
    FOR EACH ROW EXECUTE FUNCTION backoffice_guard_work_item();
CREATE TRIGGER guard_move BEFORE UPDATE ON backoffice_work_item FOR EACH ROW
    WHEN ((OLD.company_id, OLD.process, OLD.document_id, OLD.opened_at, OLD.state, OLD.phase, OLD.state_since, OLD.last_seq,
           OLD.backward_count, OLD.done_at, OLD.closed_at) IS DISTINCT FROM
          (NEW.company_id, NEW.process, NEW.document_id, NEW.opened_at, NEW.state, NEW.phase, NEW.state_since, NEW.last_seq,
           NEW.backward_count, NEW.done_at, NEW.closed_at))
    EXECUTE FUNCTION backoffice_guard_work_item();

CREATE FUNCTION backoffice_check_work_opened() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM backoffice_work_item WHERE id = NEW.id AND last_seq = 0) THEN
        RAISE EXCEPTION 'the work item of % % has no first event', NEW.process, NEW.document_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER opened AFTER INSERT ON backoffice_work_item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION backoffice_check_work_opened();

-- For one process: its documents follow their items; each has its item when the transaction ends; both always say the same.
-- The functions are written for the process, so that their plans are made once.
CREATE FUNCTION backoffice_bind_work_documents(process_key text) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    p      backoffice_work_process;
    name   text := replace(process_key, '.', '_');
    follow text := 'backoffice_work_follow_' || name;
    held   text := 'backoffice_work_held_' || name;
BEGIN
    SELECT * INTO STRICT p FROM backoffice_work_process WHERE key = process_key;
    EXECUTE format($code$
        CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
        BEGIN
            UPDATE %2$I SET %3$I = NEW.state
            WHERE id = NEW.document_id AND company_id = NEW.company_id AND %3$I <> NEW.state;
            IF NOT FOUND AND NOT EXISTS (SELECT FROM %2$I WHERE id = NEW.document_id AND company_id = NEW.company_id) THEN
                RAISE EXCEPTION 'work item %% of %% has no document', NEW.id, NEW.process USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$ $code$, follow, p.document_table, p.state_column);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER UPDATE OF last_seq ON backoffice_work_item FOR EACH ROW '
                   'WHEN (NEW.process = %L) EXECUTE FUNCTION %I()', 'follow_' || name, p.key, follow);
    EXECUTE format($code$
        CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
        DECLARE
            document bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END;
            agree    boolean;
        BEGIN
            IF TG_OP = 'DELETE' THEN
                agree := NOT EXISTS (SELECT FROM backoffice_work_item WHERE process = %2$L AND document_id = document);
            ELSE
                SELECT i.id IS NOT NULL INTO agree FROM %3$I d LEFT JOIN backoffice_work_item i
                ON i.process = %2$L AND i.document_id = d.id AND (i.company_id, i.state) IS NOT DISTINCT FROM (d.company_id, d.%4$I)
                WHERE d.id = document;
            END IF;
            IF NOT agree THEN
                RAISE EXCEPTION '%% %%: the state of a document is the state of its work item', %2$L, document
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$ $code$, held, p.key, p.document_table, p.state_column);
    EXECUTE format('CREATE OR REPLACE TRIGGER work_state_held AFTER UPDATE ON %1$I FOR EACH ROW '
                   'WHEN ((OLD.%2$I, OLD.company_id) IS DISTINCT FROM (NEW.%2$I, NEW.company_id)) EXECUTE FUNCTION %3$I()',
                   p.document_table, p.state_column, held);
    EXECUTE format('CREATE OR REPLACE TRIGGER work_never_deleted AFTER DELETE ON %I FOR EACH ROW EXECUTE FUNCTION %I()',
                   p.document_table, held);
    EXECUTE format('DROP TRIGGER IF EXISTS work_item_exists ON %I', p.document_table);
    EXECUTE format('CREATE CONSTRAINT TRIGGER work_item_exists AFTER INSERT ON %I DEFERRABLE INITIALLY DEFERRED '
                   'FOR EACH ROW EXECUTE FUNCTION %I()', p.document_table, held);
END $body$;

-- Take over the declarations, and put the guards on the tables of the documents.
CREATE FUNCTION backoffice_declare_processes(declared jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    d jsonb;
    lost text;
BEGIN
    FOR d IN SELECT value FROM jsonb_array_elements(declared) LOOP
        SELECT string_agg(DISTINCT i.state, ', ') INTO lost FROM backoffice_work_item i
        WHERE i.process = d ->> 'key' AND i.state NOT IN (SELECT s ->> 'key' FROM jsonb_array_elements(d -> 'states') s);
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'process %: documents still stand in the state %', d ->> 'key', lost USING ERRCODE = 'restrict_violation';
        END IF;
        INSERT INTO backoffice_work_process SELECT * FROM jsonb_populate_record(NULL::backoffice_work_process, d)
        ON CONFLICT (key) DO UPDATE SET document_table = excluded.document_table, state_column = excluded.state_column;
        DELETE FROM backoffice_work_step WHERE process = d ->> 'key';
        DELETE FROM backoffice_work_state WHERE process = d ->> 'key';
        INSERT INTO backoffice_work_state SELECT d ->> 'key', s.key, s.phase, s.initial, s.reached, s.closed
        FROM jsonb_populate_recordset(NULL::backoffice_work_state, d -> 'states') s;
        INSERT INTO backoffice_work_step SELECT d ->> 'key', s.action, s.source, s.target, s.backward
        FROM jsonb_populate_recordset(NULL::backoffice_work_step, d -> 'steps') s;
        PERFORM backoffice_bind_work_documents(d ->> 'key');
    END LOOP;
END $$;
