-- Run once by the superuser through psql when the database of docker-compose.yml is made. The block is DATABASE_ROLES_SQL
-- of src/platform/database-roles.ts; what follows is its createDatabase() for PostgreSQL 18, and the passwords.
DO $$
DECLARE
  name text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_owner') THEN
    CREATE ROLE gatehouse_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app') THEN
    CREATE ROLE gatehouse_app LOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_operator') THEN
    CREATE ROLE gatehouse_operator NOLOGIN;
  END IF;
  FOR name IN
    SELECT rolname FROM pg_roles
    WHERE rolname IN ('gatehouse_owner', 'gatehouse_app', 'gatehouse_operator')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
  LOOP
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION', name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app' AND rolinherit) THEN
    ALTER ROLE gatehouse_app NOINHERIT;
  END IF;
  IF current_setting('server_version_num')::int >= 160000 THEN
    EXECUTE 'GRANT gatehouse_operator TO gatehouse_app, gatehouse_owner WITH INHERIT FALSE, SET TRUE';
  ELSE
    GRANT gatehouse_operator TO gatehouse_app, gatehouse_owner;
  END IF;
END
$$;

\getenv owner_password POSTGRES_OWNER_PASSWORD
\getenv app_password POSTGRES_APP_PASSWORD
ALTER ROLE gatehouse_owner PASSWORD :'owner_password';
ALTER ROLE gatehouse_app PASSWORD :'app_password';

CREATE DATABASE gatehouse OWNER gatehouse_owner TEMPLATE template0 ENCODING 'UTF8'
  LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
REVOKE ALL ON DATABASE gatehouse FROM PUBLIC;
GRANT CONNECT ON DATABASE gatehouse TO gatehouse_app;
\connect gatehouse
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gatehouse_app, gatehouse_operator;
