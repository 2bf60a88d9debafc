import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import pino from 'pino'
import { anonymousCaller, Operation } from '../../src/access'
import { createApp } from '../../src/app'
import { ENTITIES } from '../../src/entities'
import { signInWithIdentity } from '../../src/modules/sessions'
import { loadConfig } from '../../src/platform/config'
import { dumpDatabase, openDatabase } from '../../src/platform/database'
import { createDatabase } from '../../src/platform/database-roles'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { found, join, type TestOrganization } from '../support/world'

const AWKWARD = `O'Brien \\ "quoted"\n; DROP TABLE users; -- Ünïcødé 🚪 $1 %s`
/** What a restored copy holds otherwise on purpose: everybody has to sign in again. */
const RESTORED_OTHERWISE = new Set(['account_sessions', 'organization_sessions'])
const restoredName = `restored_${randomBytes(6).toString('hex')}`

let gatehouse: Gatehouse
let organization: TestOrganization
let urls: Record<'superuser' | 'owner' | 'app', string>
let dump: string
const progress: [string, number][] = []

beforeAll(async () => {
  gatehouse = await startGatehouse()
  organization = await found(gatehouse, 'Acme')
  for (let people = 0; people < 5; people += 1) await join(gatehouse, organization)
  await found(gatehouse, 'Globex')
  await gatehouse.superuser.rows('UPDATE users SET name = $1 WHERE id = $2', [AWKWARD, organization.admin.userId])
  await gatehouse.superuser.rows('UPDATE organizations SET description = $1, invitation_domains = $2', [
    '',
    ['a,b', 'c"d', 'NULL'],
  ])
  // More than one statement's worth of rows.
  await gatehouse.superuser.rows(
    `INSERT INTO users (id, name, email) SELECT gen_random_uuid(), 'Person ' || n, n || '@example.com' FROM generate_series(1, 1234) n`,
  )
  dump = await withClient(gatehouse.testDatabase.superuserUrl, async (client) => {
    let text = ''
    for await (const part of dumpDatabase(client, (table, rows) => void progress.push([table, rows]))) text += part
    return text
  })
  const { superuserUrl, ownerUrl, appUrl } = gatehouse.testDatabase
  await createDatabase(superuserUrl, restoredName)
  urls = { superuser: moved(superuserUrl), owner: moved(ownerUrl), app: moved(appUrl) }
  await withClient(urls.owner, (client) => client.query(dump))
})

afterAll(async () => {
  await gatehouse.superuser.rows(`DROP DATABASE IF EXISTS ${restoredName} WITH (FORCE)`)
  await gatehouse.close()
})

describe('a backup', () => {
  it('restores every row of every table as it was', async () => {
    const before = await withClient(gatehouse.testDatabase.superuserUrl, checksums)
    const after = await withClient(urls.superuser, checksums)
    expect(Object.keys(before)).toHaveLength(progress.length)
    expect(before.users?.rows).toBeGreaterThan(1234)
    expect(after).toEqual(before)
  })

  it('makes the same schema as the migrations do', async () => {
    const before = await withClient(gatehouse.testDatabase.superuserUrl, catalogue)
    expect(before.length).toBeGreaterThan(100)
    expect(await withClient(urls.superuser, catalogue)).toEqual(before)
  })

  it('tells its progress table by table', () => {
    expect(progress.find(([table]) => table === 'organizations')).toEqual(['organizations', 2])
  })

  it('restores nothing when its end is missing', async () => {
    const name = `${restoredName}_half`
    await createDatabase(gatehouse.testDatabase.superuserUrl, name)
    const half = dump.slice(0, dump.indexOf('INSERT INTO members'))
    await withClient(moved(gatehouse.testDatabase.ownerUrl, name), (client) => client.query(half))
    const tables = await withClient(moved(gatehouse.testDatabase.superuserUrl, name), catalogue)
    await gatehouse.superuser.rows(`DROP DATABASE ${name} WITH (FORCE)`)
    expect(tables).toEqual([])
  })

  it('serves after a restore, where everybody signs in again', async () => {
    const config = loadConfig({ NODE_ENV: 'test', PORT: '0', GATEHOUSE_OPERATOR_KEY: TEST_OPERATOR_KEY })
    const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: 2 })
    const app = await createApp(config, database, pino({ level: 'silent' }))
    const ask = async (query: string, token: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      return (await app.server.inject({ method: 'POST', url: '/graphql', headers, payload: { query } })).json()
    }
    const whoAmI = '{ viewer { user { name } memberships { organization { slug } } } }'
    try {
      expect(await ask(whoAmI, organization.admin.accountToken)).toMatchObject({ data: { viewer: null } })
      expect(await ask(whoAmI, organization.admin.organizationToken)).toMatchObject({ data: { viewer: null } })

      const { email } = organization.admin
      const operation = new Operation(app.spine, anonymousCaller({ id: 'req_test', ip: null, userAgent: null }))
      const outcome = await operation.execute(signInWithIdentity, {
        identity: { provider: 'EMAIL', subject: email, name: '', verifiedEmails: [email] },
        wantsSeparateAccount: false,
      })
      if (outcome.kind !== 'signed-in') throw new Error(outcome.kind)
      expect(outcome.isNewAccount).toBe(false)
      expect(await ask(whoAmI, outcome.token)).toMatchObject({
        data: { viewer: { user: { name: AWKWARD }, memberships: [{ organization: { slug: organization.slug } }] } },
      })
    } finally {
      await app.close()
      await database.close()
    }
  })
})

interface Checksum {
  rows: number
  sum: string
}

/** Row count and a checksum over all rows, by table. */
async function checksums(client: Client): Promise<Record<string, Checksum>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  )
  const sums: Record<string, Checksum> = {}
  for (const { name } of tables) {
    const row = RESTORED_OTHERWISE.has(name) ? `to_jsonb(t) - 'revoked_at'` : 'to_jsonb(t)'
    const { rows } = await client.query<Checksum>(
      `SELECT count(*)::int AS rows, md5(coalesce(string_agg(row, E'\\n' ORDER BY row), '')) AS sum
       FROM (SELECT (${row})::text AS row FROM ${name} t) all_rows`,
    )
    sums[name] = rows[0]!
  }
  return sums
}

/** Columns, constraints, indexes, policies, functions and rights as one sorted list of sentences. */
async function catalogue(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migrations'
    UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
    UNION ALL SELECT format('policy %s %s %s %s %s', tablename, policyname, roles, qual, with_check) FROM pg_policies
    UNION ALL SELECT format('table %s owner %s rls %s forced %s rights %s', relname, relowner::regrole, relrowsecurity,
        relforcerowsecurity, relacl)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL SELECT format('function %s owner %s rights %s', oid::regprocedure, proowner::regrole, proacl)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13
    ORDER BY 1`)
  return rows.map(({ line }) => line)
}

function moved(url: string, name = restoredName): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
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
