-- Which rows changed, for the search: one statement for each statement, whatever its number of rows.
-- First argument: the column that leads to the records; the others: columns whose change matters.
CREATE FUNCTION backoffice_search_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source text := TG_TABLE_NAME || '.' || TG_ARGV[0];
    key text := TG_ARGV[0];
    old_values text;
    new_values text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format('INSERT INTO backoffice_search_mark (source, row_id)
            SELECT DISTINCT %L, n.%I FROM new_rows n WHERE n.%I IS NOT NULL', source, key, key);
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format('INSERT INTO backoffice_search_mark (source, row_id)
            SELECT DISTINCT %L, o.%I FROM old_rows o WHERE o.%I IS NOT NULL', source, key, key);
    ELSE
        SELECT string_agg(format('o.%I', name), ', '), string_agg(format('n.%I', name), ', ')
          INTO old_values, new_values FROM unnest(TG_ARGV) AS name;
        -- a row is told by its own key; the key that leads on may change as well
        EXECUTE format('INSERT INTO backoffice_search_mark (source, row_id)
            SELECT DISTINCT %L, key FROM (
                SELECT unnest(ARRAY[o.%I, n.%I]) AS key
                  FROM new_rows n JOIN old_rows o ON o.%I = n.%I
                 WHERE ROW(%s) IS DISTINCT FROM ROW(%s)
            ) AS changed WHERE key IS NOT NULL',
            source, key, key, backoffice_primary_key(TG_RELID), backoffice_primary_key(TG_RELID),
            old_values, new_values);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION backoffice_primary_key(of_table oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT attname::text FROM pg_index
      JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
     WHERE indrelid = of_table AND indisprimary
$$;

-- The words of a text in its three spellings, by weight: A title, B names and numbers, D the rest; C is how words sound.
CREATE FUNCTION backoffice_search_vector(
    title text, title_stems text, names text, name_stems text, sounds text, rest text, rest_stems text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple', title), 'A')
        || setweight(to_tsvector('pg_catalog.portuguese', title_stems), 'A')
        || setweight(to_tsvector('pg_catalog.simple', names), 'B')
        || setweight(to_tsvector('pg_catalog.portuguese', name_stems), 'B')
        || setweight(to_tsvector('pg_catalog.simple', sounds), 'C')
        || setweight(to_tsvector('pg_catalog.simple', rest), 'D')
        || setweight(to_tsvector('pg_catalog.portuguese', rest_stems), 'D')
$$;
