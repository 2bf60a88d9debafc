import { schemaDocuments } from '../../../scim/protocol'
import { arrangePeople } from '../../support/directories'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, ScimClient, type TestDirectory } from '../../support/scim'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:'
const USER = `${SCHEMA}User`
const GROUP = `${SCHEMA}Group`
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const MODES = ['lenient', 'strict'] as const

interface AttributeDocument {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness?: 'none' | 'server' | 'global'
  readonly subAttributes?: readonly AttributeDocument[]
}

/** One advertised attribute or sub-attribute, and how a client names it. */
interface Advertised {
  readonly path: string
  readonly endpoint: '/Users' | '/Groups'
  readonly attribute: AttributeDocument
  readonly parent: AttributeDocument | null
}

/** Everything that the schemas of people and groups advertise. That it is what GET /Schemas says, D7 proves. */
const ADVERTISED = schemaDocuments('').flatMap(({ id, attributes }): Advertised[] => {
  if (id !== USER && id !== GROUP && id !== ENTERPRISE) return []
  const prefix = id === ENTERPRISE ? `${ENTERPRISE}:` : ''
  const endpoint = id === GROUP ? '/Groups' : '/Users'
  return (attributes as AttributeDocument[]).flatMap((attribute) => {
    const path = prefix + attribute.name
    const subs = (attribute.subAttributes ?? []).map((sub) => ({
      path: `${path}.${sub.name}`,
      endpoint,
      attribute: sub,
      parent: attribute,
    }))
    return [{ path, endpoint, attribute, parent: null }, ...subs] as Advertised[]
  })
})

let values = 0

/** A value that an attribute takes, with letters of both cases and never the same twice. */
function sampleOf({ type, multiValued, subAttributes = [] }: AttributeDocument): unknown {
  values += 1
  const writable = subAttributes.filter(({ mutability }) => mutability !== 'readOnly')
  const one =
    type === 'complex'
      ? Object.fromEntries(writable.map((sub) => [sub.name, sampleOf(sub)]))
      : type === 'boolean'
        ? true
        : `Ab${String(values).padStart(6, '0')}`
  return multiValued ? [one] : one
}

const otherCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))

/** All values at a path, in elements and containers. */
function valuesAt(resource: Record<string, unknown>, path: string): unknown[] {
  const isExtended = path.startsWith(`${ENTERPRISE}:`)
  const container = isExtended ? [resource[ENTERPRISE]] : [resource]
  const names = (isExtended ? path.slice(ENTERPRISE.length + 1) : path).split('.')
  return names.reduce<unknown[]>(
    (found, name) => found.flat().flatMap((value) => (value as Record<string, unknown> | undefined)?.[name] ?? []),
    container,
  )
}

describe('what the SCIM endpoint says of itself', () => {
  let gatehouse: Gatehouse
  let directories: Record<(typeof MODES)[number], TestDirectory>

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 100_000, burst: 100_000 } })
    directories = { lenient: await pushTo(gatehouse), strict: await pushTo(gatehouse, { isStrict: true }) }
  })
  afterAll(() => gatehouse.close())

  const get = (path: string) => directories.strict.scim.get(path)

  it('D1 ServiceProviderConfig says what can be done, with every required part', async () => {
    const { status, body } = await get('/ServiceProviderConfig')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      schemas: [`${SCHEMA}ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) },
      filter: { supported: true, maxResults: expect.any(Number) },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: expect.any(String), description: expect.any(String), primary: true },
      ],
      meta: {
        resourceType: 'ServiceProviderConfig',
        location: `http://localhost:4000/scim/v2/${directories.strict.id}/ServiceProviderConfig`,
      },
    })
  })

  it('D2 ServiceProviderConfig is read without a token, and says nothing of a tenant', async () => {
    const { id, organization } = directories.lenient
    const answers = await Promise.all(
      [null, 'wrong'].map((token) =>
        new ScimClient(`${gatehouse.url}/scim/v2/${id}`, token).get('/ServiceProviderConfig'),
      ),
    )
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(JSON.stringify(body)).not.toContain(organization.id)
    }
    const elsewhere = await get('/ServiceProviderConfig')
    const { meta: _, ...said } = elsewhere.body
    expect(answers[0]!.body).toMatchObject(said)
  })

  it('D3 pagination is as ServiceProviderConfig says: both ways, by index when nothing is said, cut to the largest page', async () => {
    const { pagination, filter } = (await get('/ServiceProviderConfig')).body
    expect(pagination).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 1_000,
      maxPageSize: filter.maxResults,
      cursorTimeout: 3_600,
    })
    const { maxPageSize, defaultPageSize } = pagination
    const many = await pushTo(gatehouse)
    await arrangePeople(gatehouse, many, maxPageSize + 1)
    const asked = await many.scim.get(`/Users?count=${maxPageSize + 1}&attributes=id`)
    const silent = await many.scim.get('/Users?attributes=id')
    expect([asked.body.itemsPerPage, silent.body.itemsPerPage]).toEqual([maxPageSize, defaultPageSize])
    expect(silent.body).toMatchObject({ startIndex: 1 })
    expect(silent.body).not.toHaveProperty('nextCursor')
  })

  it.each(['/ResourceTypes', '/Schemas'])('D4 %s is a list, whose items are found by id in any case', async (path) => {
    const { body } = await get(path)
    expect(body).toMatchObject({ schemas: [LIST], totalResults: body.Resources.length, startIndex: 1 })
    for (const document of body.Resources) {
      expect((await get(`${path}/${document.id}`)).body).toEqual(document)
      expect((await get(`${path}/${document.id.toUpperCase()}`)).body).toEqual(document)
      expect(document.meta.location).toBe(
        `http://localhost:4000/scim/v2/${directories.strict.id}${path}/${document.id}`,
      )
    }
    expect(await get(`${path}/none`)).toMatchObject({ status: 404, body: { schemas: [ERROR], status: '404' } })
  })

  it.each(['/ResourceTypes', '/Schemas', '/ServiceProviderConfig'])(
    'D5 a filter of %s is 403; sorting, paging and projection are ignored',
    async (path) => {
      expect(await get(`${path}?filter=id+pr`)).toMatchObject({ status: 403, body: { schemas: [ERROR] } })
      const asked = await get(`${path}?sortBy=id&startIndex=2&count=1&attributes=id&excludedAttributes=name`)
      expect(asked).toMatchObject({ status: 200, body: (await get(path)).body })
    },
  )

  it('D6 each resource type names its endpoint and schemas, which exist', async () => {
    const [types, schemas] = [(await get('/ResourceTypes')).body.Resources, (await get('/Schemas')).body.Resources]
    const ids = schemas.map(({ id }: { id: string }) => id)
    expect(types).toMatchObject([
      { name: 'User', endpoint: '/Users', schema: USER, schemaExtensions: [{ schema: ENTERPRISE, required: false }] },
      { name: 'Group', endpoint: '/Groups', schema: GROUP, schemaExtensions: [] },
    ])
    for (const type of types) {
      expect(type.meta.resourceType).toBe('ResourceType')
      expect(ids).toEqual(
        expect.arrayContaining([type.schema, ...type.schemaExtensions.map(({ schema }: { schema: string }) => schema)]),
      )
      expect((await get(`${type.endpoint}?count=0`)).status).toBe(200)
    }
  })

  it('D7 Schemas has people, groups and the extension, and no messages', async () => {
    const { Resources } = (await get('/Schemas')).body
    const ids = Resources.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(expect.arrayContaining([USER, GROUP, ENTERPRISE]))
    expect(ids.filter((id: string) => id.includes(':messages:'))).toEqual([])
    const stripped = (documents: object[]) => documents.map((document) => ({ ...document, meta: undefined }))
    expect(stripped(Resources)).toEqual(stripped([...schemaDocuments('')]))
  })

  it('D8 each attribute tells all of its characteristics, in camel case and without null', async () => {
    const text = JSON.stringify((await get('/Schemas')).body)
    expect(text).not.toContain('null')
    for (const { path, attribute } of ADVERTISED) {
      expect([path, attribute]).toEqual([
        path,
        expect.objectContaining({
          description: expect.any(String),
          type: expect.stringMatching(/^(string|boolean|binary|reference|complex)$/),
          multiValued: expect.any(Boolean),
          required: expect.any(Boolean),
          caseExact: expect.any(Boolean),
          mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
          returned: expect.stringMatching(/^(always|never|default|request)$/),
        }),
      ])
      expect([path, attribute.uniqueness === undefined]).toEqual([path, attribute.type === 'complex'])
    }
    expect(ADVERTISED.length).toBeGreaterThan(75)
  })

  it('D10 discovery takes GET alone', async () => {
    for (const path of [
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
      `/Schemas/${USER}`,
      '/ResourceTypes/User',
    ])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await directories.strict.scim.send(method, path, {})
        expect([path, method, answer.status, answer.headers.get('allow')]).toEqual([path, method, 405, 'GET'])
      }
  })

  describe.each(MODES)('D9 what is advertised is what is enforced, in %s mode:', (mode) => {
    const scim = () => directories[mode].scim
    const made = async (endpoint: string) => {
      const body = endpoint === '/Users' ? newUser() : newGroup()
      return (await scim().post(endpoint, { ...body, emails: undefined, name: undefined })).body as { id: string }
    }
    const refused = (answer: object, scimType: string) =>
      expect(answer).toMatchObject({ status: 400, body: { scimType } })

    /** A value as a client sends it: members have to be somebody. */
    const valueFor = async ({ attribute, path }: Advertised) =>
      path === 'members' ? [{ value: (await made('/Users')).id }] : sampleOf(attribute)

    const replacing =
      ({ endpoint, path }: Advertised, id: string) =>
      (value: unknown, op = 'replace') =>
        scim().patch(`${endpoint}/${id}`, [{ op, path, ...(op !== 'remove' && { value }) }])

    const shownOf = async ({ endpoint, path }: Advertised, id: string, query = '') =>
      valuesAt((await scim().get(`${endpoint}/${id}${query}`)).body, path)

    const named = (all: readonly Advertised[]) => all.map((one) => [one.path, one] as const)
    const isReadOnly = ({ attribute, parent }: Advertised) =>
      attribute.mutability === 'readOnly' || parent?.mutability === 'readOnly'
    const isMemberPart = ({ path }: Advertised) => path.startsWith('members.')
    const writable = ADVERTISED.filter((one) => !isReadOnly(one) && !isMemberPart(one))

    it.each(named(ADVERTISED.filter(isReadOnly)))('%s is written by nobody else', async (path, one) => {
      const { id } = await made(one.endpoint)
      const before = await shownOf(one, id)
      refused(await replacing(one, id)(sampleOf(one.attribute)), 'mutability')
      const sent = {
        ...(await scim().get(`${one.endpoint}/${id}`)).body,
        ...(!one.parent && { [path]: sampleOf(one.attribute) }),
      }
      expect((await scim().put(`${one.endpoint}/${id}`, sent)).status).toBe(200)
      expect(await shownOf(one, id)).toEqual(before)
    })

    it.each(named(writable))('%s is written, shown and left out as it says', async (path, one) => {
      const { attribute, parent, endpoint } = one
      const { id } = await made(endpoint)
      const value = await valueFor(one)
      expect((await replacing(one, id)(value)).status).toBeLessThan(300)
      const shown = JSON.stringify(await shownOf(one, id))
      const asked = JSON.stringify(await shownOf(one, id, `?attributes=${encodeURIComponent(path)}`))
      const excluded = await shownOf(one, id, `?excludedAttributes=${encodeURIComponent(path)}`)
      if (attribute.returned === 'never') expect([shown, asked, excluded]).toEqual(['[]', '[]', []])
      else {
        for (const text of [shown, asked])
          for (const part of leaves(value)) expect(text).toContain(JSON.stringify(part))
        expect(excluded).toEqual([])
      }
      if (!attribute.required && path !== 'active' && !parent) {
        expect((await replacing(one, id)(undefined, 'remove')).status).toBeLessThan(300)
        expect(await shownOf(one, id)).toEqual([])
      }
    })

    it.each(named(writable))('%s takes its type and number of values, and no other', async (_, one) => {
      const { attribute, endpoint } = one
      const { id } = await made(endpoint)
      const replace = replacing(one, id)
      refused(await replace(attribute.type === 'boolean' ? 'perhaps' : 5), 'invalidValue')
      if (attribute.multiValued) refused(await replace([5]), 'invalidValue')
      const value = (await valueFor(one)) as unknown
      const wrong = attribute.multiValued ? (value as unknown[])[0] : [value, value]
      const answer = await replace(wrong)
      // Lenient takes one object for a list.
      if (mode === 'lenient' && attribute.multiValued) expect(answer.status).toBeLessThan(300)
      else refused(answer, 'invalidValue')
    })

    it.each(
      named(
        writable.filter(
          ({ attribute }) =>
            attribute.type !== 'complex' && attribute.type !== 'boolean' && attribute.returned !== 'never',
        ),
      ),
    )('%s is compared with or without case, and is unique or not', async (path, one) => {
      const { attribute, endpoint } = one
      const [{ id }, other] = [await made(endpoint), await made(endpoint)]
      const value = sampleOf(attribute) as string
      expect((await replacing(one, id)(value)).status).toBeLessThan(300)
      const count = async (text: string) =>
        (await scim().get(`${endpoint}?filter=${encodeURIComponent(`${path} eq "${text}"`)}`)).body.totalResults
      expect([await count(value), await count(otherCase(value))]).toEqual([1, attribute.caseExact ? 0 : 1])
      const again = await replacing(one, other.id)(attribute.caseExact ? value : otherCase(value))
      if (attribute.uniqueness === 'none') expect(again.status).toBeLessThan(300)
      else expect(again).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
    })

    it.each(named(ADVERTISED.filter(({ attribute, parent }) => attribute.required && !parent)))(
      '%s is required',
      async (path, one) => {
        const { id } = await made(one.endpoint)
        refused(await replacing(one, id)(undefined, 'remove'), 'mutability')
        const body = one.endpoint === '/Users' ? newUser() : newGroup()
        refused(await scim().post(one.endpoint, { ...body, [path]: undefined }), 'invalidValue')
        refused(await scim().put(`${one.endpoint}/${id}`, { ...body, [path]: undefined }), 'invalidValue')
      },
    )

    it('members have parts that come and go with them, value required and display on request', async () => {
      const [user, other] = [await made('/Users'), await made('/Users')]
      const { id } = (await scim().post('/Groups', newGroup({ members: [{ value: user.id, display: 'x' }] }))).body
      for (const part of ['value', '$ref', 'type', 'display'])
        refused(
          await scim().patch(`/Groups/${id}`, [
            { op: 'replace', path: `members[value eq "${user.id}"].${part}`, value: other.id },
          ]),
          'mutability',
        )
      refused(
        await scim().patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ type: 'User' }] }]),
        'invalidValue',
      )
      const members = async (query: string) => (await scim().get(`/Groups/${id}${query}`)).body.members
      const shown = { value: user.id, type: 'User', $ref: expect.stringContaining(`/Users/${user.id}`) }
      expect(await members('')).toEqual([shown])
      expect(await members('?attributes=members.display')).toEqual([{ display: expect.any(String) }])
      expect(await members('?attributes=members')).toEqual([{ ...shown, display: expect.any(String) }])
    })

    it.each(['schemas', 'id'])('%s is shown whatever is asked for', async (name) => {
      for (const endpoint of ['/Users', '/Groups']) {
        const { id } = await made(endpoint)
        for (const query of ['?attributes=externalId', `?excludedAttributes=${name}`])
          expect((await scim().get(`${endpoint}/${id}${query}`)).body).toHaveProperty(name)
      }
    })
  })
})

/** What a sample consists of. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value]
}
