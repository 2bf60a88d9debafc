import { fromTypeId, newId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { AccessFixtures } from '../support/access-fixtures'
import { type BuiltGatehouse, buildOnce, spawnGatehouse } from '../support/built-gatehouse'
import { GraphQLClient } from '../support/graphql-client'
import { newGroup, newUser, pushTo, ScimClient, type TestDirectory } from '../support/scim'
import { ServiceClient } from '../support/service-client'
import { rounds } from '../support/soak'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  providerUuid,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'
import { mint, refresh } from '../support/tokens'

/*
 * Whoever a directory takes out is refused by everything that is sent after the answer to it, in every process. Two
 * processes are busy with the secrets of the people while the directory takes them out.
 */

const LANES = 4
const AT_ONCE = 5
const REMOVALS = rounds(200, 10_000)
const PUBLIC_URL = 'http://localhost:4000'

// Arranges what is needed; the two processes are asked.
let world: World
let processes: BuiltGatehouse[]

beforeAll(async () => {
  await buildOnce()
  world = await startWorld()
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: world.gatehouse.testDatabase.appUrl,
    GATEHOUSE_SURFACES: 'graphql,sso,scim',
    // One installation: tokens and return addresses name it.
    GATEHOUSE_PUBLIC_URL: PUBLIC_URL,
  }
  processes = await Promise.all([spawnGatehouse(settings), spawnGatehouse(settings)])
  await Promise.all(processes.map((process) => process.ready()))
}, 300_000)
afterAll(async () => {
  for (const { process } of processes) process.kill('SIGTERM')
  await Promise.all(processes.map((process) => process.ended()))
  await world.close()
})

/** Somebody with everything that opens something. */
interface Person {
  /** TypeID of the directory user. */
  readonly id: string
  readonly body: ReturnType<typeof newUser>
  readonly session: string
  readonly key: string
  readonly access: string
  /** The latest: one that was used names its successor here. */
  refresh: string
}

/** Where people are asked for. */
interface Place {
  readonly url: string
  readonly organization: SsoOrganization
}

const VIEWER = '{ viewer { activeOrganization { id } } }'
const ORGANIZATION = 'query ($id: ID!) { organization(by: { id: $id }) { name } }'

/** Every way in: whether it is open to a person. */
const WAYS: Readonly<Record<string, (place: Place, person: Person) => Promise<boolean>>> = {
  'GraphQL by bearer': async ({ url }, { session }) => {
    const { data } = await new GraphQLClient(`${url}/graphql`, session).send(VIEWER)
    return Boolean(data?.viewer?.activeOrganization)
  },
  'GraphQL by cookie': async ({ url }, { session }) => {
    const headers = { 'content-type': 'application/json', origin: PUBLIC_URL, cookie: cookieOf(session) }
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: VIEWER }) })
    const { data } = (await answer.json()) as { data?: { viewer: { activeOrganization: object | null } | null } }
    return Boolean(data?.viewer?.activeOrganization)
  },
  'GraphQL by API key': async ({ url, organization }, { key }) => {
    const { data } = await new GraphQLClient(`${url}/graphql`, key).send(ORGANIZATION, { id: organization.id })
    return Boolean(data?.organization)
  },
  'the pages': async ({ url, organization }, { session }) => {
    const headers = { accept: 'text/html', cookie: cookieOf(session) }
    const answer = await fetch(`${url}/organizations/${organization.slug}`, { headers, redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status === 200
  },
  'a refresh token': async ({ url }, person) => {
    const { status, body } = await refresh(url, person.refresh)
    if (status === 200) person.refresh = body.refresh_token
    return status === 200
  },
  'introspection of a session': ({ url }, { session }) => isActive(url, session),
  'introspection of an API key': ({ url }, { key }) => isActive(url, key),
  'introspection of an access token': ({ url }, { access }) => isActive(url, access),
  'introspection of a refresh token': ({ url }, person) => isActive(url, person.refresh),
  'access checks': async ({ url, organization }, { session, key, access }) => {
    const { body } = await new ServiceClient(url).post('/access/v1/evaluations', {
      action: { name: 'organization.read' },
      resource: { type: 'organization', id: organization.id },
      evaluations: [session, key, access].map((id) => ({ subject: { type: 'token', id } })),
    })
    return body.evaluations.some(({ decision }: { decision: boolean }) => decision)
  },
}

function cookieOf(session: string): string {
  return `gatehouse_organization=${session}`
}

async function isActive(url: string, token: string): Promise<boolean> {
  return (await new ServiceClient(url).introspect(token)).body.active
}

/** Tries every way, one after the other: what uses up a refresh token comes before what looks at its successor. */
async function openWays(place: Place, person: Person): Promise<string[]> {
  const open: string[] = []
  for (const [name, isOpen] of Object.entries(WAYS)) if (await isOpen(place, person)) open.push(name)
  return open
}

/**
 * Tries ways for everybody at once.
 * @param half  every other way, for each the ones that its neighbour leaves out; all of them when absent
 * @returns those that were open, by name
 */
async function openWaysOfAll(place: Place, people: readonly Person[], half?: 0 | 1): Promise<string[]> {
  const tries = people.flatMap((person, n) =>
    Object.entries(WAYS)
      .filter((_, way) => half === undefined || (way + n) % 2 === half)
      .map(async ([name, isOpen]) => ((await isOpen(place, person)) ? [name] : [])),
  )
  return (await Promise.all(tries)).flat()
}

/** How a directory takes somebody out: Entra, Okta, applications of Okta's customers, everybody in the end. */
const ENDINGS: readonly ((scim: ScimClient, person: Pick<Person, 'id' | 'body'>) => Promise<{ status: number }>)[] = [
  (scim, { id }) => scim.patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'False' }]),
  (scim, { id }) => scim.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }]),
  (scim, { id, body }) => scim.put(`/Users/${id}`, { ...body, active: false }),
  (scim, { id }) => scim.delete(`/Users/${id}`),
]

/** One organization with its own directory and connection. */
class Lane {
  private constructor(
    readonly organization: SsoOrganization,
    private readonly directory: TestDirectory,
    private readonly providerId: string,
    private readonly group: string,
  ) {}

  static async arrange(protocol: 'OIDC' | 'SAML'): Promise<Lane> {
    const organization = await arrangeSsoOrganization(world.gatehouse)
    const directory = await pushTo(world.gatehouse, {}, organization)
    const providerId = await connect(world, organization, protocol, { justInTime: false })
    const { body } = await directory.scim.post('/Groups', newGroup())
    return new Lane(organization, directory, providerId, body.id)
  }

  at(url: string): ScimClient {
    return new ScimClient(`${url}/scim/v2/${this.directory.id}`, this.directory.token)
  }

  /** Pushes somebody who may be here already, active again, and into the group. */
  async push(scim: ScimClient, person: Pick<Person, 'body'> & { id: string | null }): Promise<string> {
    const { id, body } = person
    const answer = id ? await scim.put(`/Users/${id}`, body) : await scim.post('/Users', body)
    expect(answer.body).toMatchObject({ active: true })
    return answer.body.id
  }

  async putIntoGroup(scim: ScimClient, ids: readonly string[]): Promise<void> {
    const value = ids.map((id) => ({ value: id }))
    expect((await scim.patch(`/Groups/${this.group}`, [{ op: 'add', path: 'members', value }])).status).toBe(204)
  }

  /** Signs somebody in through the company. @returns the session */
  async signIn(url: string, protocol: 'OIDC' | 'SAML', email: string): Promise<string | null> {
    const browser = new CompanyBrowser(url)
    await browser.signIn(this.providerId, protocol, email)
    return browser.session
  }

  /** A session as that sign-in opens it, behind the application's back. */
  async openSession(id: string): Promise<string> {
    const { token, hash } = makeToken('organizationSession', this.organization.uuid)
    await world.gatehouse.superuser.rows(
      `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider,
         sso_provider_id, authenticated_at, expires_at)
       SELECT organization_id, $3, $4, id, epoch, user_id, 'SSO', $5, now(), now() + interval '1 hour'
       FROM members WHERE organization_id = $1 AND id = $2`,
      [this.organization.uuid, await this.#memberId(id), newId(), hash, providerUuid(this.providerId)],
    )
    return token
  }

  /** The same person with everything that a session and a member may have. */
  async equip(url: string, { id, body, session }: Pick<Person, 'id' | 'body' | 'session'>): Promise<Person> {
    const fixtures = new AccessFixtures(world.gatehouse, this.organization.uuid)
    const { token: key } = await fixtures.key({ member: await this.#memberId(id) })
    const { accessToken, refreshToken } = await mint(new GraphQLClient(`${url}/graphql`, session))
    return { id, body, session, key, access: accessToken, refresh: refreshToken }
  }

  /** Whom the directory still shows as active people of the group, in any of the ways a client may ask. */
  async shownIn(scim: ScimClient): Promise<number> {
    const filter = `groups.value eq "${this.group}" and active eq true`
    return (await scim.get(`/Users?${new URLSearchParams({ filter, count: '0' })}`)).body.totalResults
  }

  async #memberId(id: string): Promise<string> {
    const uuid = fromTypeId('DirectoryUser', id)
    const [row] = await world.gatehouse.superuser.rows<{ member_id: string }>(
      'SELECT member_id FROM directory_users WHERE organization_id = $1 AND id = $2',
      [this.organization.uuid, uuid],
    )
    return row!.member_id
  }
}

describe.each(['OIDC', 'SAML'] as const)('a person whom a directory made and who signed in by %s', (protocol) => {
  it.each([0, 1, 2, 3])('is refused everywhere from the next request on, when taken out in way %i', async (way) => {
    const lane = await Lane.arrange(protocol)
    const [here, there] = processes as [BuiltGatehouse, BuiltGatehouse]
    const userName = `paula@${lane.organization.domain}`
    const body = newUser({ userName, emails: [{ value: userName, primary: true }] })
    const id = await lane.push(lane.at(here.url), { id: null, body })
    await lane.putIntoGroup(lane.at(here.url), [id])
    const session = await lane.signIn(there.url, protocol, userName)
    const paula = await lane.equip(here.url, { id, body, session: session! })
    const places = [here, there].map(({ url }) => ({ url, organization: lane.organization }))
    for (const place of places) expect(await openWays(place, paula)).toEqual(Object.keys(WAYS))
    expect((await ENDINGS[way]!(lane.at(here.url), paula)).status).toBeLessThan(300)
    for (const place of [...places].reverse()) expect(await openWays(place, paula)).toEqual([])
    expect(await lane.shownIn(lane.at(there.url))).toBe(0)
    expect(await lane.signIn(there.url, protocol, userName)).toBeNull()
  })
})

describe('a directory that takes people out', () => {
  it(`lets in none of what is sent after its answer to either of two processes, ${REMOVALS} times`, async () => {
    const after: string[] = []
    const meanwhile = new Set<string>()
    const run = async (lane: Lane): Promise<void> => {
      let known = Array.from({ length: AT_ONCE }, () => ({ id: null as string | null, body: newUser() }))
      for (let round = 0; round < REMOVALS / LANES / AT_ONCE; round += 1) {
        const [here, there] = (round % 2 === 0 ? processes : [...processes].reverse()) as [
          BuiltGatehouse,
          BuiltGatehouse,
        ]
        const [scim, elsewhere] = [lane.at(here.url), lane.at(there.url)]
        const ids = await Promise.all(known.map((person) => lane.push(elsewhere, person)))
        await lane.putIntoGroup(elsewhere, ids)
        const people = await Promise.all(
          ids.map(async (id, n) =>
            lane.equip(there.url, { id, body: known[n]!.body, session: await lane.openSession(id) }),
          ),
        )
        const [atHere, atThere] = [here, there].map(({ url }) => ({ url, organization: lane.organization })) as [
          Place,
          Place,
        ]
        // How far the others come before they end is chance: what is good is seen ahead of it, once.
        if (round === 0) for (const name of await openWaysOfAll(atThere, people)) meanwhile.add(name)
        const under = openWaysOfAll(atThere, people, (round % 2) as 0 | 1)
        const ending = ENDINGS[round % ENDINGS.length]!
        const answers = await Promise.all(people.map((person) => ending(scim, person)))
        expect(answers.filter(({ status }) => status >= 300)).toEqual([])
        const [first, second, shown, inFlight] = await Promise.all([
          openWaysOfAll(atThere, people),
          openWaysOfAll(atHere, people, (round % 2) as 0 | 1),
          lane.shownIn(elsewhere),
          under,
        ])
        after.push(...first, ...second, ...Array.from({ length: shown }, () => 'the directory'))
        for (const name of inFlight) meanwhile.add(name)
        known = people.map(({ id, body }) => ({ id: ending === ENDINGS[3] ? null : id, body }))
      }
    }
    const lanes: Lane[] = []
    for (let number = 0; number < LANES; number += 1) lanes.push(await Lane.arrange(number % 2 ? 'SAML' : 'OIDC'))
    await Promise.all(lanes.map(run))
    expect(after).toEqual([])
    // The secrets were good until then: otherwise nothing was shown.
    expect([...meanwhile].sort()).toEqual(Object.keys(WAYS).sort())
  }, 3_600_000)
})
