import { Client, escapeIdentifier } from 'pg'

/** Owns the tables and runs the migrations. */
export const OWNER_ROLE = 'gatehouse_owner'
/** The application's login; row-level security always binds it. */
export const APP_ROLE = 'gatehouse_app'
/** Background workers and operator lists; no login, reached by `SET LOCAL ROLE` from the application's connection. */
export const OPERATOR_ROLE = 'gatehouse_operator'

/**
 * Makes the three roles where they are missing and takes SUPERUSER, BYPASSRLS and inheritance away where somebody gave
 * them. To be run by a superuser, as often as one likes; PostgreSQL 15 to 18. Passwords are left as they are.
 *
 * The application does not inherit the operator's rights: it must name the role in each transaction that needs it.
 * The owner is a member too, so that migrations can hand it a function.
 * From PostgreSQL 16 on that is a property of the grant and no longer of the member, hence the two forms.
 */
export const DATABASE_ROLES_SQL = `
DO $$
DECLARE
  name text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${OWNER_ROLE}') THEN
    CREATE ROLE ${OWNER_ROLE} LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN
    CREATE ROLE ${APP_ROLE} LOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${OPERATOR_ROLE}') THEN
    CREATE ROLE ${OPERATOR_ROLE} NOLOGIN;
  END IF;
  FOR name IN
    SELECT rolname FROM pg_roles
    WHERE rolname IN ('${OWNER_ROLE}', '${APP_ROLE}', '${OPERATOR_ROLE}')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
  LOOP
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION', name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}' AND rolinherit) THEN
    ALTER ROLE ${APP_ROLE} NOINHERIT;
  END IF;
  IF current_setting('server_version_num')::int >= 160000 THEN
    EXECUTE 'GRANT ${OPERATOR_ROLE} TO ${APP_ROLE}, ${OWNER_ROLE} WITH INHERIT FALSE, SET TRUE';
  ELSE
    GRANT ${OPERATOR_ROLE} TO ${APP_ROLE}, ${OWNER_ROLE};
  END IF;
END
$$;
`

/**
 * Makes a database owned by `gatehouse_owner` unless it exists, and leaves `gatehouse_app` nothing in it but CONNECT
 * and the USAGE of schema public (`gatehouse_operator`: the latter). Rights on tables are the migrations' matter.
 *
 * @param superuserUrl  URL of any other database of the same server, as a superuser
 * @param name          taken literally, capitals and all
 */
export async function createDatabase(superuserUrl: string, name: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await client.query(createDatabaseSql(name, await serverMajor(client)))
    await client.query(restrictDatabaseSql(name))
  })
  await withClient(withDatabase(superuserUrl, name), (client) =>
    client.query(`
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO ${APP_ROLE}, ${OPERATOR_ROLE};
    `),
  )
}

/**
 * Returns the statements that close one database to everybody but its owner and `gatehouse_app`. A copy made with
 * `CREATE DATABASE … TEMPLATE` needs them again: rights on the database itself are not copied, those inside it are.
 */
export function restrictDatabaseSql(name: string): string {
  const database = escapeIdentifier(name)
  return `REVOKE ALL ON DATABASE ${database} FROM PUBLIC; GRANT CONNECT ON DATABASE ${database} TO ${APP_ROLE};`
}

/**
 * Text sorts by code point on every machine and `lower()` knows all letters: by the built-in locale where there is one
 * (17 on), by "C" with the character classes of C.UTF-8 before.
 */
function createDatabaseSql(name: string, major: number): string {
  const collation =
    major >= 17 ? `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'` : `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
  return `CREATE DATABASE ${escapeIdentifier(name)} OWNER ${OWNER_ROLE} TEMPLATE template0 ENCODING 'UTF8' ${collation}`
}

async function serverMajor(client: Client): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
  return Math.floor(Number(rows[0]?.server_version_num) / 10_000)
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
