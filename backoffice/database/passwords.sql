-- For compose, after roles.sql: the database belongs to the owner, and each role has its password
-- from the environment. psql reads it; nothing secret stands in a file.
\getenv owner OWNER_PASSWORD
\getenv app APP_PASSWORD
\getenv reader READER_PASSWORD
ALTER ROLE retaguarda_owner PASSWORD :'owner';
ALTER ROLE retaguarda_app PASSWORD :'app';
ALTER ROLE retaguarda_reader PASSWORD :'reader';
ALTER DATABASE :"DBNAME" OWNER TO retaguarda_owner;
