import pino from 'pino'
import { type App, createApp } from '../../src/app'
import { ENTITIES } from '../../src/entities'
import { buildGraphQLSchema } from '../../src/graphql/schema'
import { loadConfig } from '../../src/platform/config'
import { type Database, openDatabase } from '../../src/platform/database'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { expectGolden } from '../support/golden'
import { CALLER_NAMES, type CallerName, forbiddenTo, MatrixWorld } from '../support/matrix-callers'
import { type MatrixRow, printMatrix } from '../support/matrix-table'
import { ENDING, type Operation, operationsOf, permissionOf, variablesOf } from '../support/operations'
import { REST_OPERATIONS, type RestOperation } from '../support/rest-operations'

/*
 * Who may do what: every query, mutation and guarded field of the schema, and what services ask over HTTP, called by
 * everybody. The golden file beside this test is the answer. A new operation needs one row in test/support/operations.ts;
 * a new caller one in test/support/matrix-callers.ts.
 */

const GRAPHQL_OPERATIONS = operationsOf(buildGraphQLSchema())

// No caller is the right one: the table proves refusals only, and the operation's own test that it works.
const NEVER_OK: ReadonlySet<string> = new Set([
  'revokeSession',
  'unlinkIdentity',
  'acceptInvitation',
  // Only where members come by SSO.
  'activateSsoProvider',
  // Their preview is missing, or their time over.
  'switchMembershipMode',
  'revertMembershipMode',
  // Nobody here may ask, or has.
  'createJoinRequest',
  'cancelJoinRequest',
  'cancelOrganizationDeletion',
  'Member.invitation',
  // A session that has ended is worth nothing to anybody.
  'POST /oauth/token (suspended)',
])

// The link is the secret: whoever holds it is shown who invites.
const SHOWN_BY_LINK: ReadonlySet<string> = new Set(['invitationByToken', 'acceptInvitation', 'declineInvitation'])

interface Outcome {
  answer: string
  text: string
}

/** One line of the matrix, and how it is asked. */
interface Call extends Pick<MatrixRow, 'section' | 'name' | 'needs'> {
  ask(url: string, world: MatrixWorld, caller: CallerName): Promise<Outcome>
}

const CALLS: readonly Call[] = [...GRAPHQL_OPERATIONS.map(graphqlCall), ...REST_OPERATIONS.map(restCall)]

function graphqlCall(operation: Operation): Call {
  const needs = permissionOf(operation.field)
  return {
    section: sectionOf(operation, needs),
    name: operation.name,
    needs: needs ?? '',
    async ask(url, world, caller) {
      const { about, token } = await world.prepare(caller, (targets) => variablesOf(operation, targets))
      const headers = headersOf(token, 'application/json')
      // The operator names the organization it works in, except for its own lists.
      if (caller === 'operator' && needs !== 'operator') headers['gatehouse-organization'] = world.ours.id
      const body = JSON.stringify({ query: operation.document, variables: about })
      const text = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text()
      return { answer: answerOf(operation, JSON.parse(text)), text }
    },
  }
}

function restCall(operation: RestOperation): Call {
  const { name, needs, contentType } = operation
  const [method, path] = name.split(' ')
  return {
    section: 'over HTTP',
    name,
    needs,
    async ask(url, world, caller) {
      const { about, token } = await world.prepare(caller, (targets) => operation.body(targets))
      const response = await fetch(url + path, { method, headers: headersOf(token, contentType), body: about })
      const text = await response.text()
      if (response.status === 401) return { answer: 'UNAUTHENTICATED', text }
      // RFC 6749 §5.2: a grant that is not given is a bad request.
      if (response.status === 400 && text.includes('"invalid_grant"')) return { answer: 'null', text }
      if (!response.ok) throw new Error(`${name} answered ${response.status} to ${caller}: ${text}`)
      return { answer: operation.isYes(JSON.parse(text)) ? 'ok' : 'null', text }
    },
  }
}

function headersOf(token: string | undefined, contentType: string): Record<string, string> {
  return { 'content-type': contentType, ...(token && { authorization: `Bearer ${token}` }) }
}

/** Mutations stand by what they need: those of roles need `role.manage`. */
function sectionOf({ name, kind }: Operation, needs: string | null): string {
  const [type, field] = name.split('.')
  if (field) return `fields of ${type}`
  if (kind === 'query') return 'queries'
  return needs === null ? 'mutations of people' : `mutations: ${needs.split('.')[0]!.replaceAll('_', ' ')}`
}

interface Answer {
  data?: Record<string, unknown> | null
  errors?: { extensions: { code: string } }[]
  extensions: { denied?: { path: string[] }[] }
}

function answerOf({ path, kind }: Operation, { data, errors, extensions }: Answer): string {
  if (errors) return errors[0]!.extensions.code
  const value = path.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | null)?.[key] ?? null, data)
  if (extensions.denied?.some((denied) => denied.path.join('.') === path.join('.'))) return 'FORBIDDEN'
  if (kind === 'mutation') return (value as { userErrors: { code: string }[] }).userErrors[0]?.code ?? 'ok'
  const isNothing = value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null))
  return isNothing ? 'null' : 'ok'
}

/**
 * Calls everything as everybody. Each section gets a world of its own, so that what was made for one does not slow down
 * the next, and each call of an ending operation.
 */
async function walk(
  gatehouse: Gatehouse,
  url: string,
  callers: readonly CallerName[] = CALLER_NAMES,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const worlds = new Map<string, MatrixWorld>()
  for (const call of CALLS)
    for (const caller of callers) {
      const { section, name } = call
      const known = ENDING.has(name) ? undefined : worlds.get(section)
      const world = known ?? (await MatrixWorld.create(gatehouse))
      worlds.set(section, world)
      const outcome = await call.ask(url, world, caller)
      outcomes.set(`${name} ${caller}`, outcome)
      if (!SHOWN_BY_LINK.has(name) && forbiddenTo(caller).test(outcome.text))
        throw new Error(`${name} showed ${caller} what belongs to another organization: ${outcome.text}`)
    }
  return outcomes
}

function matrixOf(outcomes: Map<string, Outcome>): string {
  return printMatrix(
    CALLS.map(({ section, name, needs }) => ({
      section,
      name,
      needs,
      answers: new Map(CALLER_NAMES.map((caller) => [caller, outcomes.get(`${name} ${caller}`)!.answer])),
    })),
  )
}

// Row-level security hides nothing from those who reach no row of an organization.
const WITHOUT_ROWS: ReadonlySet<CallerName> = new Set(['nobody', 'forged', 'operator', 'service'])

// A session of another organization is found only where row-level security does not hide it: two words for one refusal.
function refusal({ answer }: Outcome): string {
  return answer === 'UNAUTHENTICATED' || answer === 'NOT_FOUND' ? 'refused' : answer
}

// About half a minute for each walk on a quiet machine.
const PATIENCE = 600_000

describe('the authorization matrix', () => {
  let gatehouse: Gatehouse
  let url: string
  let outcomes: Map<string, Outcome>

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    url = gatehouse.url
    outcomes = await walk(gatehouse, url)
  }, PATIENCE)
  afterAll(() => gatehouse.close())

  it('is what the golden file says', () => {
    expectGolden('test/graphql/authorization-matrix.txt', matrixOf(outcomes))
  })

  it('lets somebody do everything that the table calls', () => {
    const dead = CALLS.filter(({ name }) =>
      CALLER_NAMES.every((caller) => outcomes.get(`${name} ${caller}`)!.answer !== 'ok'),
    ).map(({ name }) => name)
    expect(dead.filter((name) => !NEVER_OK.has(name))).toEqual([])
  })

  it('answers nobody, a forged token and ended memberships alike', () => {
    for (const { name } of CALLS)
      for (const caller of ['forged', 'suspend', 'removed'] as const)
        expect([name, caller, outcomes.get(`${name} ${caller}`)!.answer]).toEqual([
          name,
          caller,
          outcomes.get(`${name} nobody`)!.answer,
        ])
  })

  it(
    'stays as it is when row-level security binds nobody',
    async () => {
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
        const unbound = await walk(
          gatehouse,
          other.url,
          CALLER_NAMES.filter((caller) => !WITHOUT_ROWS.has(caller)),
        )
        const differences = [...unbound].filter(([name, outcome]) => refusal(outcome) !== refusal(outcomes.get(name)!))
        expect(differences).toEqual([])
      } finally {
        await other.close()
        await gatehouse.superuser.rows(`DROP ROLE ${role}`)
      }
    },
    PATIENCE,
  )

  it(
    'shows a stranger nothing when every decision says yes',
    async () => {
      const other = await serve(gatehouse.testDatabase.appUrl)
      Object.assign(other.app.spine.authenticator, {
        prove: async () => ({ kind: 'system', name: 'everything is allowed' }),
      })
      try {
        // walk itself refuses any answer that holds a text of the other organization.
        await walk(gatehouse, other.url, ['other'])
      } finally {
        await other.close()
      }
    },
    PATIENCE,
  )

  it('shows statements that forget their organization the rows of one organization', async () => {
    const { ours } = await MatrixWorld.create(gatehouse)
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
    url: address,
    async close() {
      await app.close()
      await database.close()
    },
  }
}
