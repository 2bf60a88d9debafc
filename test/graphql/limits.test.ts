import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import { buildSchema, getIntrospectionQuery, type OperationDefinitionNode, parse } from 'graphql'
import { measureOperation } from '../../src/graphql/limits'
import { type GraphQLOptions, graphqlRoutes } from '../../src/graphql/routes'
import { createSessionCookies } from '../../src/http'
import { createOutside } from '../../src/platform/outside'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { GraphQLClient } from '../support/graphql-client'
import { switcher } from '../support/membership-mode'
import { arrangeProvider } from '../support/sso'
import { found } from '../support/world'

const SCHEMA = buildSchema(`
  directive @listSize(assumedSize: Int!) on FIELD_DEFINITION
  type Query { organization: Organization nodes(ids: [ID!]!): [Node]! }
  type Mutation { rename(id: ID!): Organization }
  interface Node { id: ID! }
  type Organization implements Node { id: ID! roles: [Role!]! labels: [Role!]! @listSize(assumedSize: 2) latest(first: Int = 5): [Member!]!
    members(first: Int, after: String, last: Int): MemberConnection! }
  type MemberConnection { nodes: [Member!]! edges: [Edge!]! pageInfo: PageInfo! }
  type Edge { node: Member! cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
  type Member { id: ID! role: Role! organization: Organization! }
  type Role { key: String! }`)

function measure(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text)
  return measureOperation(SCHEMA, document, document.definitions[0] as OperationDefinitionNode, variables)
}

describe('the cost of an operation', () => {
  it.each([
    ['an object costs 1, however many scalars are asked of it', '{ organization { id name: id } }', 1],
    ['a list that does not page counts as 10', '{ organization { roles { key } } }', 1 + 10],
    ['or as what the schema assumes', '{ organization { labels { key } } }', 1 + 2],
    ['a page costs itself and 25 items', '{ organization { members { nodes { id } } } }', 1 + 1 + 25],
    ['a page of 3 costs 3', '{ organization { members(first: 3) { nodes { id } } } }', 1 + 1 + 3],
    ['backwards as well', '{ organization { members(last: 3) { nodes { id } } } }', 1 + 1 + 3],
    ['edges cost what nodes cost', '{ organization { members(first: 3) { edges { node { id } } } } }', 1 + 1 + 3],
    ['pageInfo is read once', '{ organization { members(first: 3) { pageInfo { hasNextPage } } } }', 1 + 1 + 1],
    ['an item costs what is inside it', '{ organization { members(first: 3) { nodes { role { key } } } } }', 2 + 3 * 2],
    ['a default of the schema is known', '{ organization { latest { id } } }', 1 + 5],
    ['ids are counted', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    ['a mutation costs 10 more', 'mutation { rename(id: "a") { id } }', 11],
    ['what is skipped counts', '{ organization @skip(if: true) { id } }', 1],
    ['introspection is free', '{ __schema { types { name fields { name } } } }', 0],
    ['what stands beside introspection is not', '{ __schema { types { name } } organization { id } }', 1],
  ])('%s', (_, text, cost) => {
    expect(measure(text).cost).toBe(cost)
  })

  it('reads sizes and lists from variables and their defaults', () => {
    const text =
      'query ($n: Int = 7, $ids: [ID!]!) { organization { members(first: $n) { nodes { id } } } nodes(ids: $ids) { id } }'
    expect(measure(text, { ids: ['a', 'b'] }).cost).toBe(1 + 1 + 7 + 2)
    expect(measure(text, { n: 50, ids: [] }).cost).toBe(1 + 1 + 50 + 1)
  })

  it('is the same inside named and inline fragments, wherever they stand', () => {
    const plain = measure('{ organization { members(first: 30) { nodes { id role { key } } } } }')
    for (const text of [
      'query { ...Q } fragment Q on Query { organization { ...O } } fragment O on Organization { members(first: 30) { ...C } } fragment C on MemberConnection { nodes { ...M } } fragment M on Member { id role { key } }',
      '{ ... on Query { organization { ... { members(first: 30) { ... on MemberConnection { nodes { id ... on Member { role { key } } } } } } } } }',
    ])
      expect(measure(text)).toEqual(plain)
  })

  it('names the dearest lists', () => {
    const { dearest, cost } = measure(
      '{ organization { id big: members(first: 100) { nodes { organization { roles { key } } } } members(first: 2) { nodes { id } } } }',
    )
    expect(cost).toBe(1 + (1 + 100 * 12) + (1 + 2))
    expect(dearest.map(({ path }) => path)).toEqual([
      'organization.big',
      'organization.big.nodes.organization.roles',
      'organization.members',
    ])
  })

  it('of a document that unfolds to billions of fields is found at once', () => {
    const fragments = Array.from({ length: 60 }, (_, level) =>
      level === 59
        ? 'fragment F59 on Organization { id }'
        : `fragment F${level} on Organization { a: members { nodes { organization { ...F${level + 1} } } } b: members { nodes { organization { ...F${level + 1} } } } }`,
    )
    const { cost, depth } = measure(`{ organization { ...F0 } } ${fragments.join('\n')}`)
    expect(cost).toBeGreaterThan(1e60)
    expect(depth).toBeGreaterThan(100)
  })
})

describe('limits', () => {
  let gatehouse: Gatehouse
  let client: GraphQLClient

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    client = (await found(gatehouse)).admin.organization
  })
  afterAll(() => gatehouse.close())

  /** The routes alone, with other settings, on the same database. */
  const serve = async (settings: Partial<GraphQLOptions>) => {
    const server = fastify()
    await server.register(cookie)
    await server.register(graphqlRoutes, {
      spine: gatehouse.app.spine,
      cookies: createSessionCookies('http://localhost:4000'),
      allowedOrigins: new Set<string>(),
      tokens: { issuer: 'http://localhost:4000', audiences: ['http://localhost:4000'] },
      publicUrl: 'http://localhost:4000',
      outside: createOutside({ allowsLoopback: true }),
      installation: { version: '0.0.0', loginMethods: [] },
      isDevelopment: true,
      logCause: () => {},
      ...settings,
    })
    return { server, url: await server.listen({ host: '127.0.0.1', port: 0 }) }
  }
  const refusal = async (query: string) => {
    const { status, data, errors } = await client.send(query)
    return { status, data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message }
  }
  const refused = (message: RegExp) => ({
    status: 400,
    data: undefined,
    code: 'COST_EXCEEDED',
    message: expect.stringMatching(message),
  })
  const repeated = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => text(i)).join(' ')

  it('refuse more than 60 aliases, also behind a fragment', async () => {
    expect((await client.send(`{ ${repeated(60, (i) => `a${i}: __typename`)} }`)).errors).toBeUndefined()
    expect(await refusal(`{ ${repeated(61, (i) => `a${i}: __typename`)} }`)).toEqual(refused(/61 aliases; 60/))
    const fragment = `fragment V on User { ${repeated(31, (i) => `a${i}: id`)} }`
    expect(await refusal(`{ one: viewer { user { ...V } } two: viewer { user { ...V } } } ${fragment}`)).toEqual(
      refused(/64 aliases/),
    )
  })

  it('refuse more than 50 directives', async () => {
    expect(await refusal(`{ ${repeated(51, () => '... @include(if: true) { __typename }')} }`)).toEqual(
      refused(/51 directives; 50/),
    )
  })

  it('refuse more than 1,500 points and name the dearest lists', async () => {
    const query = `{ ${repeated(16, (i) => `a${i}: viewer { memberships(first: 100) { status } }`)} }`
    expect(await refusal(query)).toEqual(refused(/costs 1616 points; 1500 .* dearest: a0\.memberships \(100\)/))
  })

  it('let a page of 100 audit events with everything in them pass, and refuse three of them', async () => {
    const events = `auditEvents(first: 100) { edges { cursor node { id at action actorKind actorId actorLabel
      targets { type id label } changes { field before after } ip userAgent requestId isSealed } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`
    const { data, errors } = await client.send(`{ viewer { activeOrganization { ${events} } } }`)
    expect(errors).toBeUndefined()
    expect(data.viewer.activeOrganization.auditEvents.edges).toHaveLength(1)
    const thrice = repeated(3, (i) => `a${i}: ${events}`)
    expect(await refusal(`{ viewer { activeOrganization { ${thrice} } } }`)).toEqual(refused(/costs 1\d\d\d points/))
  })

  it('refuse more than 4,000 tokens before reading on', async () => {
    expect(await refusal(`{ ${repeated(4_000, () => '__typename')} }`)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('4000 tokens'),
    })
  })

  it('let the standard introspection pass in development', async () => {
    const { data, errors } = await client.send(getIntrospectionQuery())
    expect(errors).toBeUndefined()
    expect(data.__schema.queryType.name).toBe('Query')
  })

  it('never suggest names of the schema', async () => {
    for (const query of [
      '{ viewe { user { id } } }',
      '{ organization(by: { idd: "x" }) { id } }',
      '{ viewer { can(action: CREATE_ORGANISATION) { allowed } } }',
    ]) {
      const { errors } = await client.send(query)
      expect(errors!.map(({ message }) => message).join()).not.toMatch(/did you mean/i)
    }
  })

  it('shorten a message that would repeat what was sent', async () => {
    const { errors } = await client.send('query ($by: OrganizationBy!) { organization(by: $by) { id } }', {
      by: { id: 'x'.repeat(100_000), unknown: 'y'.repeat(100_000) },
    })
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    expect(errors![0]!.message.length).toBeLessThan(500)
  })

  describe('at the deadline', () => {
    let server: FastifyInstance
    let url: string
    let slow: GraphQLClient

    beforeAll(async () => {
      const served = await serve({ deadlineMilliseconds: 1_000, publicUrl: 'http://localhost' })
      server = served.server
      url = `${served.url}/graphql`
      slow = new GraphQLClient(url, (await found(gatehouse, 'Patient')).admin.accountToken)
    })
    afterAll(() => server.close())

    const create = (slug: string): string =>
      `createOrganization(input: { name: "X", slug: "${slug}", billingEmail: "x@example.com" }) { organization { slug } token }`
    const kept = async (...slugs: string[]): Promise<string[]> => {
      const rows = await gatehouse.superuser.rows<{ slug: string }>(
        'SELECT slug FROM organization_slugs WHERE slug = ANY ($1)',
        [slugs],
      )
      return rows.map(({ slug }) => slug)
    }
    const isBusy = async (): Promise<boolean> => {
      const busy = await gatehouse.superuser.rows(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
      )
      return busy.length > 0
    }
    /** Makes inserts into a table take 1.5 seconds in the middle of their transaction, or at its end. */
    const delay = (name: string, table: string, when: string, end = false) =>
      gatehouse.superuser.rows(
        `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END$$;
         CREATE ${end ? 'CONSTRAINT' : ''} TRIGGER ${name} ${end ? 'AFTER' : 'BEFORE'} INSERT ON ${table}
           ${end ? 'INITIALLY DEFERRED' : ''} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${name}()`,
      )
    const delaySlug = (slug: string, end = false) => delay(slug, 'organization_slugs', `NEW.slug = '${slug}'`, end)

    it('answer 503 and keep nothing of a write that had begun, nor of what was to follow', async () => {
      await delaySlug('begun')
      const answer = await slow.send(`mutation { one: ${create('begun')} two: ${create('never')} }`)
      expect([answer.status, answer.errors![0]!.extensions.code]).toEqual([503, 'UNAVAILABLE'])
      expect(answer.data).toBeUndefined()
      expect(answer.headers.get('retry-after')).toBe('5')
      await eventually('the write has ended', async () => !(await isBusy()) || null)
      expect(await kept('begun', 'never')).toEqual([])
    })

    it('tell of what was changed before it, and keep nothing of the rest', async () => {
      await delaySlug('late')
      const answer = await slow.send(
        `mutation { one: ${create('early')} two: ${create('late')} three: ${create('later')} }`,
      )
      expect(answer.data).toEqual({
        one: { organization: { slug: 'early' }, token: expect.stringMatching(/^gos_/) },
        two: null,
        three: null,
      })
      expect(answer.errors!.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
      expect(await kept('early', 'late', 'later')).toEqual(['early'])
    })

    it('wait for a write that is being committed, and tell of it', async () => {
      await delaySlug('committing', true)
      const { data } = await slow.send(`mutation { ${create('committing')} }`)
      expect(await kept('committing')).toEqual(['committing'])
      expect(data.createOrganization.token).toMatch(/^gos_/)
    })

    it('wait for a switch of the membership mode, which takes long, and tell of it in full', async () => {
      const acme = await found(gatehouse, 'Large')
      await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const { preview, switchBy } = switcher(acme)
      const { token } = await preview('SSO')
      await delay('mode', 'membership_mode_switches', 'true')
      const switched = await switchBy(token, 'SSO', {
        client: new GraphQLClient(url, acme.admin.organizationToken),
      })
      expect(switched.userErrors).toEqual([])
      expect(switched.organization).toEqual({ membershipMode: 'SSO' })
      expect(switched.recoveryCodes[0].codes).toHaveLength(10)
    })
  })

  it('hide the schema in production', async () => {
    const { server, url } = await serve({ isDevelopment: false })
    for (const query of [
      '{ __schema { types { name } } }',
      '{ ...F } fragment F on Query { x: __type(name: "User") { name } }',
    ]) {
      const { data, errors } = await new GraphQLClient(`${url}/graphql`).send(query)
      expect([data, errors?.[0]?.extensions.code]).toEqual([undefined, 'BAD_USER_INPUT'])
    }
    await server.close()
  })
})
