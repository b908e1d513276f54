-- The three roles and the empty database, made once by a superuser before the first migration. Doing it again
-- changes nothing. Tables and what each role may do with them are the business of the migrations.
--
--   psql --set=owner_password=… --set=app_password=… --set=worker_password=… --file=deploy/roles.sql
--
-- --set=database=… makes a database of another name.
\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database cvms
\endif

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD %L', name, password)
  FROM (VALUES ('cvms_owner', :'owner_password'),    -- owns the database and everything in it: migrations, backups
               ('cvms_app', :'app_password'),        -- the web app: adds to the audit trail and never changes it
               ('cvms_worker', :'worker_password'))  -- the worker: alone writes the seals of the audit trail
       AS role (name, password)
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role.name) \gexec

-- Whoever makes a database for a role must be a member of it, where he is no superuser.
SELECT 'GRANT cvms_owner TO CURRENT_USER'
 WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec

SELECT format('CREATE DATABASE %I OWNER cvms_owner ENCODING ''UTF8'' TEMPLATE template0', :'database')
 WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'database') \gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO cvms_app, cvms_worker;
