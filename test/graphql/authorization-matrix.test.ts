import pino from 'pino'
import { type App, createApp } from '../../src/app'
import { ENTITIES } from '../../src/entities'
import { buildGraphQLSchema } from '../../src/graphql/schema'
import { toTypeId } from '../../src/kernel/ids'
import { loadConfig } from '../../src/platform/config'
import { makeToken } from '../../src/platform/crypto'
import { type Database, openDatabase } from '../../src/platform/database'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { expectGolden } from '../support/golden'
import { ENDING, type Operation, operationsOf, permissionOf, Targets, variablesOf } from '../support/operations'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

/*
 * Who may do what: every query, mutation and guarded field of the schema, called by everybody. The golden file beside
 * this test is the answer. A new operation needs one row in test/support/operations.ts.
 */

const OPERATIONS = operationsOf(buildGraphQLSchema())

const ACTORS = [
  'nobody',
  'forged',
  'account',
  'member',
  'admin',
  'suspended',
  'removed',
  'stranger',
  'operator',
  'key',
  'robot',
] as const
type ActorName = (typeof ACTORS)[number]

// Stand in the texts of one organization only.
const OURS = 'Quokka'
const THEIRS = 'Numbat'

/** An organization that is called upon, with everybody who calls. */
interface World {
  ours: TestOrganization
  targets: Targets
  tokens: Record<ActorName, string | undefined>
}

async function createWorld(gatehouse: Gatehouse): Promise<World> {
  const ours = await found(gatehouse, `${OURS} Works`)
  const theirs = await found(gatehouse, `${THEIRS} Works`)
  for (const [organization, mark] of [
    [ours, OURS],
    [theirs, THEIRS],
  ] as const)
    await describeOrganization(gatehouse, organization, mark)
  const member = await join(gatehouse, ours)
  const suspended = await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Suspended'))
  const removed = await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Removed'))
  await end(gatehouse, ours, suspended, "status = 'SUSPENDED', suspended_at = now()")
  await end(gatehouse, ours, removed, "status = 'REMOVED', removed_at = now()")
  return {
    ours,
    targets: new Targets(gatehouse, ours, OURS),
    tokens: {
      nobody: undefined,
      forged: makeToken('organizationSession', ours.uuid).token,
      account: ours.admin.accountToken,
      member: member.organizationToken,
      admin: ours.admin.organizationToken,
      suspended: suspended.organizationToken,
      removed: removed.organizationToken,
      stranger: theirs.admin.organizationToken,
      operator: TEST_OPERATOR_KEY,
      key: (await arrangeKey(gatehouse, ours, { member: ours.admin })).token,
      robot: (await arrangeKey(gatehouse, ours, { serviceAccount: await robotOf(gatehouse, ours) })).token,
    },
  }
}

/** A service account that is Project admin of the default project. */
async function robotOf({ superuser }: Gatehouse, { uuid }: TestOrganization): Promise<string> {
  const [row] = await superuser.rows<{ id: string }>(
    `INSERT INTO service_accounts (organization_id, id, project_id, name, role_id, created_by_name)
     SELECT $1, gen_random_uuid(), p.id, 'Robot', r.id, 'Test' FROM projects p, roles r
     WHERE p.organization_id = $1 AND p.is_default AND r.organization_id = $1 AND r.key = 'project_admin' RETURNING id`,
    [uuid],
  )
  return toTypeId('ServiceAccount', row!.id)
}

async function describeOrganization({ superuser }: Gatehouse, { uuid }: TestOrganization, mark: string): Promise<void> {
  await superuser.rows('UPDATE organizations SET description = $2, billing_email = $3 WHERE organization_id = $1', [
    uuid,
    mark,
    `${mark.toLowerCase()}@example.com`,
  ])
  await superuser.rows('UPDATE roles SET description = $2 WHERE organization_id = $1', [uuid, mark])
  await superuser.rows('UPDATE projects SET description = $2 WHERE organization_id = $1', [uuid, mark])
}

/** Ends a membership and leaves its session row as it was: the session must die of the membership alone. */
async function end(
  { superuser }: Gatehouse,
  { uuid }: TestOrganization,
  member: OrganizationMember,
  change: string,
): Promise<void> {
  await superuser.rows(`UPDATE members SET ${change} WHERE organization_id = $1 AND id = $2`, [uuid, member.memberId])
  await superuser.rows('DELETE FROM user_memberships WHERE member_id = $1', [member.memberId])
  await superuser.rows('UPDATE organization_counters SET joined = joined - 1 WHERE organization_id = $1', [uuid])
}

// No actor is the right one: the table proves refusals only, and the operation's own test that it works.
const NEVER_OK: ReadonlySet<string> = new Set([
  'revokeSession',
  'unlinkIdentity',
  // The Admin of the table is the last one, and the operator belongs nowhere.
  'leaveOrganization',
  'acceptInvitation',
  // Only where members come by SSO.
  'activateSsoProvider',
  'cancelOrganizationDeletion',
  'Member.invitation',
])

// The link is the secret: whoever holds it is shown who invites.
const SHOWN_BY_LINK: ReadonlySet<string> = new Set(['invitationByToken', 'acceptInvitation', 'declineInvitation'])

/** Which texts an actor must never be shown. */
function forbiddenTo(actor: ActorName): RegExp {
  if (actor === 'operator') return /(?!)/
  if (['account', 'member', 'admin', 'key', 'robot'].includes(actor)) return new RegExp(THEIRS, 'i')
  return actor === 'stranger' ? new RegExp(OURS, 'i') : new RegExp(`${OURS}|${THEIRS}`, 'i')
}

interface Outcome {
  class: string
  text: string
}

async function call(url: string, world: World, operation: Operation, actor: ActorName): Promise<Outcome> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const token = world.tokens[actor]
  if (token) headers.authorization = `Bearer ${token}`
  // The operator names the organization it works in, except for its own lists.
  if (actor === 'operator' && permissionOf(operation.field) !== 'operator')
    headers['gatehouse-organization'] = world.ours.id
  const variables = await variablesOf(operation, world.targets)
  const body = JSON.stringify({ query: operation.document, variables })
  const text = await (await fetch(url, { method: 'POST', headers, body })).text()
  return { class: classOf(operation, JSON.parse(text)), text }
}

interface Answer {
  data?: Record<string, unknown> | null
  errors?: { extensions: { code: string } }[]
  extensions: { denied?: { path: string[] }[] }
}

function classOf({ path, kind }: Operation, { data, errors, extensions }: Answer): string {
  if (errors) return errors[0]!.extensions.code
  const value = path.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | null)?.[key] ?? null, data)
  if (extensions.denied?.some((denied) => denied.path.join('.') === path.join('.'))) return 'FORBIDDEN'
  if (kind === 'mutation') return (value as { userErrors: { code: string }[] }).userErrors[0]?.code ?? 'ok'
  const isNothing = value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null))
  return isNothing ? 'null' : 'ok'
}

/** Calls everything as everybody. The ending operations get a world of their own for each actor. */
async function walk(
  gatehouse: Gatehouse,
  url: string,
  actors: readonly ActorName[] = ACTORS,
): Promise<Map<string, Outcome>> {
  const world = await createWorld(gatehouse)
  const outcomes = new Map<string, Outcome>()
  for (const operation of OPERATIONS)
    for (const actor of actors) {
      const here = ENDING.has(operation.name) ? await createWorld(gatehouse) : world
      const outcome = await call(url, here, operation, actor)
      outcomes.set(`${operation.name} ${actor}`, outcome)
      if (!SHOWN_BY_LINK.has(operation.name) && forbiddenTo(actor).test(outcome.text))
        throw new Error(`${operation.name} showed ${actor} what belongs to another organization: ${outcome.text}`)
    }
  return outcomes
}

function table(outcomes: Map<string, Outcome>): string {
  const rows = OPERATIONS.map((operation) => [
    operation.kind === 'mutation' ? `! ${operation.name}` : `  ${operation.name}`,
    permissionOf(operation.field) ?? '',
    ...ACTORS.map((actor) => outcomes.get(`${operation.name} ${actor}`)!.class),
  ])
  const header = ['', 'needs', ...ACTORS]
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)))
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return `${LEGEND}\n\n${lines.join('\n')}\n`
}

// A session of another organization is found only where row-level security does not hide it: two words for one refusal.
function refusal({ class: outcome }: Outcome): string {
  return outcome === 'UNAUTHENTICATED' || outcome === 'NOT_FOUND' ? 'refused' : outcome
}

const LEGEND = `Who may do what. Made by authorization-matrix.test.ts; renew with UPDATE_GOLDEN=1.

account    only the account session of an Admin      suspended, removed   a session from before
stranger   an Admin of another organization          !                    a mutation
key        a personal key of the Admin               robot                a key of a service account in one project
ok         answered      null   as if it did not exist      FORBIDDEN   seen, but the permission is missing`

describe('the authorization matrix', () => {
  let gatehouse: Gatehouse
  let url: string
  let outcomes: Map<string, Outcome>

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    url = `${gatehouse.url}/graphql`
    outcomes = await walk(gatehouse, url)
  }, 120_000)
  afterAll(() => gatehouse.close())

  it('is what the golden file says', () => {
    expectGolden('test/graphql/authorization-matrix.txt', table(outcomes))
  })

  it('lets somebody do everything that the table calls', () => {
    const dead = OPERATIONS.filter(({ name }) =>
      (['admin', 'account', 'member', 'operator', 'key'] as const).every(
        (actor) => outcomes.get(`${name} ${actor}`)!.class !== 'ok',
      ),
    ).map(({ name }) => name)
    expect(dead.filter((name) => !NEVER_OK.has(name))).toEqual([])
  })

  it('answers nobody, a forged token and ended memberships alike', () => {
    for (const { name } of OPERATIONS)
      for (const actor of ['forged', 'suspended', 'removed'] as const)
        expect([name, actor, outcomes.get(`${name} ${actor}`)!.class]).toEqual([
          name,
          actor,
          outcomes.get(`${name} nobody`)!.class,
        ])
  })

  it('stays as it is when row-level security binds nobody', async () => {
    const role = `bypassing_${process.pid}`
    await gatehouse.superuser.rows(
      `CREATE ROLE ${role} LOGIN BYPASSRLS INHERIT IN ROLE gatehouse_app, gatehouse_operator`,
    )
    const other = await serve(gatehouse.testDatabase.appUrl.replace('gatehouse_app', role))
    try {
      const [bypass] = await gatehouse.superuser.rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_roles WHERE rolname = '${role}' AND rolbypassrls`,
      )
      expect(bypass!.n).toBe(1)
      const unbound = await walk(gatehouse, other.url)
      const differences = [...unbound].filter(([name, outcome]) => refusal(outcome) !== refusal(outcomes.get(name)!))
      expect(differences).toEqual([])
    } finally {
      await other.close()
      await gatehouse.superuser.rows(`DROP ROLE ${role}`)
    }
  }, 120_000)

  it('shows a stranger nothing when every decision says yes', async () => {
    const other = await serve(gatehouse.testDatabase.appUrl)
    Object.assign(other.app.spine.authenticator, {
      prove: async () => ({ kind: 'system', name: 'everything is allowed' }),
    })
    try {
      // walk itself refuses any answer that holds a text of the other organization.
      await walk(gatehouse, other.url, ['stranger'])
    } finally {
      await other.close()
    }
  }, 120_000)

  it('shows statements that forget their organization the rows of one organization', async () => {
    const { ours } = await createWorld(gatehouse)
    const tables = await gatehouse.superuser.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity AND relkind IN ('r', 'p')`,
    )
    expect(tables.length).toBeGreaterThanOrEqual(10)
    for (const { name } of tables) {
      const seen = await gatehouse.database.write({ kind: 'organization', organizationId: ours.uuid }, (tx) =>
        tx.query<{ id: string }>({
          name: `all-${name}`,
          text: `SELECT DISTINCT organization_id::text AS id FROM ${name}`,
        }),
      )
      expect([name, seen.filter(({ id }) => id !== ours.uuid)]).toEqual([name, []])
      const outside = await gatehouse.database.write({ kind: 'account' }, (tx) =>
        tx.query<{ id: string }>({
          name: `none-${name}`,
          text: `SELECT DISTINCT organization_id::text AS id FROM ${name} WHERE organization_id <> '00000000-0000-0000-0000-000000000000'`,
        }),
      )
      expect([name, outside]).toEqual([name, []])
    }
  })
})

/** A second Gatehouse on the same database, which it meets as another role or with another mind. */
async function serve(databaseUrl: string): Promise<{ app: App; url: string; close(): Promise<void> }> {
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    GATEHOUSE_OPERATOR_KEY: TEST_OPERATOR_KEY,
    GATEHOUSE_PUBLIC_URL: 'http://localhost:4000',
  })
  const database: Database = await openDatabase({ url: databaseUrl, entities: ENTITIES, poolSize: 4 })
  const app = await createApp(config, database, pino({ level: 'silent' }))
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    url: `${address}/graphql`,
    async close() {
      await app.close()
      await database.close()
    },
  }
}
