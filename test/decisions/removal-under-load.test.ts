import { AccessFixtures, idOf } from '../support/access-fixtures'
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
const REMOVALS = rounds(500, 10_000)
const REMOVE = `mutation ($id: ID!, $members: MemberSelection!) {
  removeMembers(organizationId: $id, members: $members) { userErrors { code } } }`

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

interface Secrets {
  session: string
  key: string
  /** An access token of the session, which opens nothing here by itself. */
  access: string
}

/** Everything that a secret could still open, in one process. @returns  what succeeded, by name */
async function use(
  { url, service }: (typeof instances)[number],
  organization: string,
  secrets: Secrets,
): Promise<string[]> {
  const tokens = Object.entries(secrets) as [string, string][]
  const question = 'query ($id: ID!) { organization(by: { id: $id }) { name } }'
  const graphql = tokens.map(async ([name, token]) => {
    const { data } = await new GraphQLClient(`${url}/graphql`, token).send(question, { id: organization })
    return data?.organization ? [`graphql by ${name}`] : []
  })
  const introspected = tokens.map(async ([name, token]) => {
    const { status, body } = await service.introspect(token)
    expect(status).toBe(200)
    return body.active ? [`introspection of ${name}`] : []
  })
  const checked = service
    .post('/access/v1/evaluations', {
      action: { name: 'organization.read' },
      resource: { type: 'organization', id: organization },
      evaluations: tokens.map(([, id]) => ({ subject: { type: 'token', id } })),
    })
    .then(({ body }) => tokens.flatMap(([name], n) => (body.evaluations[n].decision ? [`check of ${name}`] : [])))
  return (await Promise.all([...graphql, ...introspected, checked])).flat()
}

const EVERYTHING = ['session', 'key', 'access'].flatMap((name) => [
  ...(name === 'access' ? [] : [`graphql by ${name}`]),
  `introspection of ${name}`,
  `check of ${name}`,
])

describe('a removal', () => {
  it(`lets in none of what is sent after its answer to either of two processes, in ${REMOVALS} removals`, async () => {
    const after: string[] = []
    let before = 0
    const lane = async (number: number, organization: TestOrganization): Promise<void> => {
      const fixtures = new AccessFixtures(gatehouse, organization.uuid)
      const person = await signUp(gatehouse, `Lane ${number}`)
      for (let round = number; round < REMOVALS; round += LANES) {
        const member = await join(gatehouse, organization, 'member', person)
        const { token: key } = await fixtures.key({ member: member.memberId })
        const { accessToken: access } = await mint(member.organization, {})
        const secrets = { session: member.organizationToken, key, access }
        const [here, there] = round % 2 === 0 ? instances : [...instances].reverse()
        if (round < LANES) expect((await use(here!, organization.id, secrets)).sort()).toEqual([...EVERYTHING].sort())
        const meanwhile = use(there!, organization.id, secrets)
        const admin = new GraphQLClient(`${here!.url}/graphql`, organization.admin.organizationToken)
        const { data } = await admin.send(REMOVE, {
          id: organization.id,
          members: { ids: [idOf.member(member.memberId)] },
        })
        expect(data.removeMembers.userErrors).toEqual([])
        for (const instance of [there!, here!]) after.push(...(await use(instance, organization.id, secrets)))
        before += (await meanwhile).length
      }
    }
    const organizations: TestOrganization[] = []
    for (let number = 0; number < LANES; number += 1) organizations.push(await found(gatehouse, `Lane ${number}`))
    await Promise.all(organizations.map((organization, number) => lane(number, organization)))
    expect(after).toEqual([])
    // The secrets were good until then: otherwise nothing was shown.
    expect(before).toBeGreaterThan(0)
  }, 3_600_000)
})
