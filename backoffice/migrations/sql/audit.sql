-- Logs: append-only, partitioned by month from the first day.

CREATE TABLE backoffice_event (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    at              timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid             xid8 NOT NULL DEFAULT pg_current_xact_id(),
    action          text NOT NULL CHECK (action <> ''),
    company_id      bigint,
    actor_id        bigint,
    on_behalf_of_id bigint,
    token_id        bigint,
    channel         text NOT NULL,
    target_type     text NOT NULL DEFAULT '',
    target_id       bigint,
    data            jsonb NOT NULL DEFAULT '{}',
    reason          text NOT NULL DEFAULT '',
    request_id      text NOT NULL DEFAULT '',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE backoffice_event_default PARTITION OF backoffice_event DEFAULT;
CREATE INDEX backoffice_event_target ON backoffice_event (target_type, target_id, id DESC);
CREATE INDEX backoffice_event_company ON backoffice_event (company_id, id DESC);
CREATE INDEX backoffice_event_xid ON backoffice_event (xid);

CREATE TABLE backoffice_read_log (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    company_id bigint,
    user_id    bigint,
    token_id   bigint,
    channel    text NOT NULL,
    kind       text NOT NULL,
    ids        jsonb NOT NULL,
    request_id text NOT NULL DEFAULT '',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE backoffice_read_log_default PARTITION OF backoffice_read_log DEFAULT;
CREATE INDEX backoffice_read_log_kind ON backoffice_read_log (company_id, kind, id DESC);

-- Nothing that was logged is ever changed. Row triggers reach every partition.
CREATE FUNCTION backoffice_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_event
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_read_log
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON backoffice_event_block
    FOR EACH ROW EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_event
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_read_log
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON backoffice_event_block
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_refuse_change();

-- Monthly partitions of a log, from `months_back` before `day` to three months after it. The role `app` may call it and
-- create nothing else: SECURITY DEFINER with a fixed list of logs and a fixed search path.
CREATE FUNCTION backoffice_ensure_partitions(log text, day date, months_back integer DEFAULT 0) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first_day date;
    made integer := 0;
    part text;
BEGIN
    IF log NOT IN ('backoffice_event', 'backoffice_read_log', 'backoffice_work_event') THEN
        RAISE EXCEPTION 'no such log: %', log;
    END IF;
    FOR i IN -months_back..3 LOOP
        first_day := date_trunc('month', day)::date + make_interval(months => i);
        part := log || '_' || to_char(first_day, 'YYYYMM');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, log,
                       first_day, (first_day + interval '1 month')::date);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', part);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
SELECT backoffice_ensure_partitions('backoffice_event', current_date, 24),
       backoffice_ensure_partitions('backoffice_read_log', current_date, 1);

-- How many events the transactions [first, next) wrote, and the SHA-256 over all of them in the order of their ids.
CREATE FUNCTION backoffice_event_digest(first xid8, next xid8, OUT count integer, OUT digest text)
LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer,
           encode(sha256(convert_to(string_agg(jsonb_build_array(id, extract(epoch FROM at), extract(epoch FROM recorded_at),
               xid::text, action, company_id, actor_id, on_behalf_of_id, token_id, channel, target_type, target_id, data,
               reason, request_id)::text, E'\n' ORDER BY id), 'UTF8')), 'hex')
    FROM backoffice_event WHERE xid >= first AND xid < next
$$;

-- The oldest transaction of this database that may still write events; what lies below it is finished. The snapshot alone
-- would also wait for transactions of other databases on the same server, so those are left out by the locks they hold.
CREATE FUNCTION backoffice_event_horizon() RETURNS xid8 LANGUAGE sql VOLATILE AS $$
    WITH now AS (SELECT pg_current_snapshot() AS snapshot),
    elsewhere AS (
        SELECT l.transactionid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.granted
          AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    SELECT coalesce(
        (SELECT min(running) FROM now, pg_snapshot_xip(snapshot) AS running
         WHERE running::xid NOT IN (SELECT transactionid FROM elsewhere)),
        pg_snapshot_xmax(snapshot)) FROM now
$$;
