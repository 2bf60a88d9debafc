import { AccessFixtures, idOf } from '../support/access-fixtures'
import { answered } from '../support/answered'
import { type BuiltGatehouse, buildOnce, spawnGatehouse } from '../support/built-gatehouse'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { GraphQLClient } from '../support/graphql-client'
import { ServiceClient } from '../support/service-client'
import { rounds } from '../support/soak'
import { mint } from '../support/tokens'
import { found, join, signUp, type TestOrganization } from '../support/world'

/*
 * Whoever was removed is refused by everything that is sent after the answer to the removal, in every process: nothing
 * is remembered anywhere. Both processes are busy with the secrets of the person while the removal is under way.
 */

const LANES = 4
const REMOVALS = rounds(200, 10_000)
const AT_ONCE = 5
const ANALYZE_EVERY = 20
const REMOVE = `mutation ($id: ID!, $members: MemberSelection!) {
  removeMembers(organizationId: $id, members: $members) { results { userErrors { code } } userErrors { code } } }`
/** How often each way is open to the people of a round who are asked for in both processes. */
const EVERY_WAY = {
  'graphql by session': AT_ONCE,
  'graphql by key': AT_ONCE,
  'introspection of session': AT_ONCE,
  'introspection of key': AT_ONCE,
  'introspection of access token': 2 * AT_ONCE,
  'check of session': 2 * AT_ONCE,
  'check of key': 2 * AT_ONCE,
  'check of access token': 2 * AT_ONCE,
}

// Arranges what is needed; the two processes are asked.
let gatehouse: Gatehouse
let processes: BuiltGatehouse[]
let instances: { url: string; service: ServiceClient }[]

beforeAll(async () => {
  await buildOnce()
  gatehouse = await startGatehouse()
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: gatehouse.testDatabase.appUrl,
    GATEHOUSE_SURFACES: 'graphql',
    // One installation: its access tokens name it.
    GATEHOUSE_PUBLIC_URL: 'http://localhost:4000',
  }
  processes = await Promise.all([spawnGatehouse(settings), spawnGatehouse(settings)])
  await Promise.all(processes.map((process) => process.ready()))
  instances = processes.map(({ url }) => ({ url, service: new ServiceClient(url) }))
}, 120_000)
afterAll(async () => {
  for (const { process } of processes) process.kill('SIGTERM')
  await Promise.all(processes.map((process) => process.ended()))
  await gatehouse.close()
})

/** Somebody with everything that opens something. */
interface Person {
  memberId: string
  session: string
  key: string
  /** An access token of the session, which opens nothing in GraphQL. */
  access: string
}

const QUESTION = 'query ($id: ID!) { organization(by: { id: $id }) { name } }'

/**
 * Tries the secrets of people in one process: each by GraphQL or by introspection, in turn, and all of them in a batch
 * of checks.
 *
 * @param turn  the other one tries each secret by the other way
 * @returns  what succeeded, by name
 */
async function use(
  { url, service }: (typeof instances)[number],
  organization: string,
  people: readonly Person[],
  turn: 0 | 1,
): Promise<string[]> {
  const secrets = people.flatMap(({ session, key, access }, place) => [
    { name: 'session', token: session, isForGraphql: (place + turn) % 2 === 0 },
    { name: 'key', token: key, isForGraphql: (place + turn) % 2 === 1 },
    { name: 'access token', token: access, isForGraphql: false },
  ])
  const one = async ({ name, token, isForGraphql }: (typeof secrets)[number]): Promise<string[]> => {
    if (isForGraphql) {
      const client = new GraphQLClient(`${url}/graphql`, token)
      const { data } = await answered(() => client.send(QUESTION, { id: organization }))
      return data?.organization ? [`graphql by ${name}`] : []
    }
    const { status, body } = await answered(() => service.introspect(token))
    expect(status).toBe(200)
    return body.active ? [`introspection of ${name}`] : []
  }
  const questions = {
    action: { name: 'organization.read' },
    resource: { type: 'organization', id: organization },
    evaluations: secrets.map(({ token }) => ({ subject: { type: 'token', id: token } })),
  }
  const checked = answered(() => service.post('/access/v1/evaluations', questions)).then(({ body }) =>
    secrets.flatMap(({ name }, n) => (body.evaluations[n].decision ? [`check of ${name}`] : [])),
  )
  return (await Promise.all([...secrets.map(one), checked])).flat()
}

const waysOf = (found: readonly string[]): Record<string, number> =>
  found.reduce<Record<string, number>>((counts, way) => ({ ...counts, [way]: (counts[way] ?? 0) + 1 }), {})

describe('a removal', () => {
  it(`lets in none of what is sent after its answer to either of two processes, in ${REMOVALS} removals`, async () => {
    const after: string[] = []
    const before: string[] = []
    const lane = async (organization: TestOrganization): Promise<void> => {
      const fixtures = new AccessFixtures(gatehouse, organization.uuid)
      const accounts = await Promise.all(Array.from({ length: AT_ONCE }, () => signUp(gatehouse, 'Leaver')))
      const comeBack = async (account: (typeof accounts)[number]): Promise<Person> => {
        const { memberId, organizationToken } = await join(gatehouse, organization, 'member', account)
        const [{ token: key }, { accessToken: access }] = [
          await fixtures.key({ member: memberId }),
          await mint(gatehouse.client(organizationToken), {}),
        ]
        return { memberId, session: organizationToken, key, access }
      }
      for (let round = 0; round < REMOVALS / LANES / AT_ONCE; round += 1) {
        // PostgreSQL counts tables that grow by itself elsewhere, and plans for their size.
        if (round % ANALYZE_EVERY === 0) await gatehouse.superuser.rows('ANALYZE')
        const people = await Promise.all(accounts.map(comeBack))
        const [here, there] = round % 2 === 0 ? instances : [...instances].reverse()
        if (round === 0)
          expect(
            waysOf([
              ...(await use(here!, organization.id, people, 0)),
              ...(await use(there!, organization.id, people, 1)),
            ]),
          ).toEqual(EVERY_WAY)
        const meanwhile = use(there!, organization.id, people, 1)
        const admin = new GraphQLClient(`${here!.url}/graphql`, organization.admin.organizationToken)
        const ids = people.map(({ memberId }) => idOf.member(memberId))
        const { data } = await answered(() => admin.send(REMOVE, { id: organization.id, members: { ids } }))
        expect(data.removeMembers).toEqual({ results: ids.map(() => ({ userErrors: [] })), userErrors: [] })
        after.push(
          ...(await use(there!, organization.id, people, 0)),
          ...(await use(here!, organization.id, people, 1)),
        )
        before.push(...(await meanwhile))
      }
    }
    const organizations: TestOrganization[] = []
    for (let number = 0; number < LANES; number += 1) organizations.push(await found(gatehouse, `Lane ${number}`))
    await Promise.all(organizations.map(lane))
    expect(after).toEqual([])
    // The secrets were good until then: otherwise nothing was shown.
    expect(before.length).toBeGreaterThan(0)
  }, 14_400_000)
})
