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
    PRIMARY KEY (process, action, source),
    FOREIGN KEY (process, target) REFERENCES backoffice_work_state
);

CREATE TABLE backoffice_work_event (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    company_id       bigint NOT NULL,
    item_id          bigint NOT NULL,
    seq              integer NOT NULL CHECK (seq > 0),
    process          text NOT NULL,
    action           text NOT NULL,
    from_state       text NOT NULL,
    to_state         text NOT NULL,
    from_phase       text NOT NULL,
    to_phase         text NOT NULL,
    backward         boolean NOT NULL,
    wall_seconds     numeric(18, 6) NOT NULL CHECK (wall_seconds >= 0),
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

-- Inserting events is the only way to move work: items and documents follow, in sets. SECURITY DEFINER because the role
-- `app` has no right to write an item's state. Rights are on the parent table only, so no event can go round this trigger.
CREATE FUNCTION backoffice_move_work() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given   integer;
    moved   integer;
    process record;
BEGIN
    SELECT count(*) INTO given FROM moves;
    UPDATE backoffice_work_item i
    SET state = m.to_state, phase = m.to_phase, state_since = m.at, last_seq = m.seq,
        backward_count = i.backward_count + m.backward::integer,
        done_at = CASE WHEN s.reached THEN coalesce(i.done_at, m.at) END,
        closed_at = CASE WHEN s.closed THEN coalesce(i.closed_at, m.at) END
    FROM moves m JOIN backoffice_work_state s ON s.process = m.process AND s.key = m.to_state
    WHERE i.id = m.item_id AND i.company_id = m.company_id AND i.process = m.process AND m.seq = i.last_seq + 1
      AND (m.from_state, m.from_phase) = (CASE WHEN m.seq = 1 THEN '' ELSE i.state END, CASE WHEN m.seq = 1 THEN '' ELSE i.phase END)
      AND m.at >= i.state_since AND m.wall_seconds = extract(epoch FROM m.at - i.state_since);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> given THEN
        RAISE EXCEPTION '% of % moves do not continue their items', given - moved, given USING ERRCODE = 'restrict_violation';
    END IF;
    FOR process IN
        SELECT p.* FROM backoffice_work_process p WHERE p.key IN (SELECT m.process FROM moves m) ORDER BY p.key
    LOOP
        EXECUTE format('UPDATE %1$I d SET %2$I = m.to_state FROM moves m JOIN backoffice_work_item i ON i.id = m.item_id '
                       'WHERE m.process = %3$L AND d.id = i.document_id AND d.%2$I <> m.to_state',
                       process.document_table, process.state_column, process.key);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER move_work AFTER INSERT ON backoffice_work_event REFERENCING NEW TABLE AS moves
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_move_work();

-- Whoever writes an item: it starts at the start, stays with its document, and moves by a declared step with its event.
CREATE FUNCTION backoffice_guard_work_item() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ELSIF (NEW.state, NEW.phase, NEW.state_since, NEW.last_seq, NEW.backward_count, NEW.done_at, NEW.closed_at) IS DISTINCT FROM
          (OLD.state, OLD.phase, OLD.state_since, OLD.last_seq, OLD.backward_count, OLD.done_at, OLD.closed_at)
          AND NOT EXISTS (
              SELECT FROM backoffice_work_event e
              JOIN backoffice_work_step s ON s.process = e.process AND s.action = e.action AND s.source = e.from_state
              JOIN backoffice_work_state t ON t.process = e.process AND t.key = e.to_state
              WHERE e.item_id = NEW.id AND e.seq = NEW.last_seq AND e.at = NEW.state_since AND NEW.last_seq = OLD.last_seq + 1
                AND s.target = e.to_state AND s.backward = e.backward AND e.to_state = NEW.state AND t.phase = NEW.phase)
    THEN
        RAISE EXCEPTION 'no declared step of % leads from % to %', NEW.process, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON backoffice_work_item
    FOR EACH ROW EXECUTE FUNCTION backoffice_guard_work_item();

-- Whether a document and its item belong together and say the same; true as well when there is neither.
CREATE FUNCTION backoffice_work_agrees(process_key text, document bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    process backoffice_work_process;
    agrees  boolean;
BEGIN
    SELECT * INTO STRICT process FROM backoffice_work_process WHERE key = process_key;
    EXECUTE format('SELECT coalesce(d.company_id = i.company_id AND d.%2$I = i.state AND i.last_seq > 0, false) '
                   'FROM (SELECT * FROM %1$I WHERE id = $2) d '
                   'FULL JOIN (SELECT * FROM backoffice_work_item WHERE process = $1 AND document_id = $2) i ON true',
                   process.document_table, process.state_column)
        INTO agrees USING process_key, document;
    RETURN coalesce(agrees, true);
END $$;
CREATE FUNCTION backoffice_check_work_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
BEGIN
    IF NOT backoffice_work_agrees(TG_ARGV[0], document) THEN
        RAISE EXCEPTION '% %: the state of a document is the state of its work item', TG_ARGV[0], document
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION backoffice_check_work_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT backoffice_work_agrees(NEW.process, NEW.document_id) THEN
        RAISE EXCEPTION '% %: a work item needs its document and its first event', NEW.process, NEW.document_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agrees AFTER INSERT ON backoffice_work_item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION backoffice_check_work_item();

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
        PERFORM backoffice_guard_work_document(d ->> 'key');
    END LOOP;
END $$;
CREATE FUNCTION backoffice_guard_work_document(process_key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p backoffice_work_process;
BEGIN
    SELECT * INTO STRICT p FROM backoffice_work_process WHERE key = process_key;
    EXECUTE format('CREATE OR REPLACE TRIGGER work_state_held AFTER UPDATE OF %I, company_id OR DELETE ON %I '
                   'FOR EACH ROW EXECUTE FUNCTION backoffice_check_work_document(%L)',
                   p.state_column, p.document_table, p.key);
    EXECUTE format('DROP TRIGGER IF EXISTS work_item_exists ON %I', p.document_table);
    EXECUTE format('CREATE CONSTRAINT TRIGGER work_item_exists AFTER INSERT ON %I DEFERRABLE INITIALLY DEFERRED '
                   'FOR EACH ROW EXECUTE FUNCTION backoffice_check_work_document(%L)',
                   p.document_table, p.key);
END $$;
