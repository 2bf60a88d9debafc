import {
  GROUP,
  type JsonValue,
  locationOf,
  memberIds,
  projectionOf,
  type ResourceType,
  readJson,
  readNewResource,
  replaceResource,
  resolve,
  USER,
} from '../../../scim/protocol'
import { BASE, body, ENTERPRISE, refusalOf, stored } from './support'

const CORE = USER.schema.id

function read(json: unknown, type: ResourceType = USER) {
  return readNewResource(type, body(json), 'lenient')
}

function readStrictly(json: unknown, type: ResourceType = USER) {
  return readNewResource(type, body(json), 'strict')
}

function put(before: ReturnType<typeof stored>, json: unknown, type: ResourceType = USER) {
  return replaceResource(type, before, body(json), 'lenient')
}

describe('a body', () => {
  it.each(['', 'x', '{', '{"a":1}x', "{'a':1}", '{"a":\u0000}', 'undefined', '{"a":NaN}'])(
    'T4 %j is no JSON',
    (text) => {
      expect(refusalOf(() => readJson(text))).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
    },
  )

  it.each([null, [], 'x', 5, true])('T4 %j is no resource', (json) => {
    expect(refusalOf(() => read(json))).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
  })

  it('T4 nesting is bounded, and brackets in texts do not count', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(() => readJson(nested(32))).not.toThrow()
    expect(() => readJson(JSON.stringify({ a: `\\"${'['.repeat(500)}` }))).not.toThrow()
    for (const depth of [33, 100_000]) {
      expect(refusalOf(() => readJson(nested(depth)))).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
    }
  })

  it('T4 a body that is too long is 413 and says how long it may be', () => {
    expect(refusalOf(() => readJson(`"${'x'.repeat(8 * 1024 * 1024)}"`))).toMatchObject({ status: 413 })
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', '__defineGetter__'])(
    'P15 the key %s is refused',
    (key) => {
      for (const text of [`{"${key}":{"x":1}}`, `{"userName":"a","name":{"${key}":"x"}}`, `[[{"${key}":1}]]`]) {
        expect(refusalOf(() => readJson(text))).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
      }
      expect(({} as Record<string, unknown>).x).toBeUndefined()
    },
  )
})

describe('a new resource', () => {
  it('R1 schemas are the core URN and those of the extensions that are there', () => {
    expect(read({ userName: 'a', schemas: [CORE, ENTERPRISE, CORE] }).schemas).toEqual([CORE])
    expect(read({ userName: 'a', schemas: [CORE], [ENTERPRISE]: { department: 'x' } }).schemas).toEqual([
      CORE,
      ENTERPRISE,
    ])
    expect(read({ userName: 'a', [ENTERPRISE]: { department: null } }).schemas).toEqual([CORE])
  })

  it('R1 a missing or foreign list of schemas is taken, unless the mode is strict', () => {
    for (const schemas of [undefined, null, [], ['urn:scim:schemas:core:1.0']]) {
      expect(read({ userName: 'a', schemas }).schemas).toEqual([CORE])
      expect(refusalOf(() => readStrictly({ userName: 'a', schemas }))).toMatchObject({ scimType: 'invalidSyntax' })
    }
    for (const schemas of [[CORE.toLowerCase()], [CORE, 'urn:x:y']])
      expect(readStrictly({ userName: 'a', schemas }).schemas).toEqual([CORE])
    expect(refusalOf(() => read({ userName: 'a', schemas: 'x' }))).toMatchObject({ scimType: 'invalidSyntax' })
  })

  it('R2 C2 what the provider writes is ignored', () => {
    const user = read({ userName: 'a', id: 'mine', meta: { version: 'x' }, groups: [{ value: 'g' }] })
    expect(user).toEqual({ schemas: [CORE], userName: 'a', active: true })
  })

  it('R3 externalId is kept as it was sent, and never made up', () => {
    expect(read({ userName: 'a', externalId: 'Ü-1' }).externalId).toBe('Ü-1')
    expect(read({ userName: 'a' })).not.toHaveProperty('externalId')
  })

  it('R4 meta says type, times, place and version', () => {
    expect(stored(USER, { userName: 'a' }, 'a b').meta).toEqual({
      resourceType: 'User',
      created: '2025-01-31T08:00:00.000Z',
      lastModified: '2025-01-31T08:00:00.000Z',
      location: `${BASE}/Users/a%20b`,
      version: 'W/"1"',
    })
    expect(locationOf(GROUP, 'g', BASE)).toBe(`${BASE}/Groups/g`)
  })

  it('R6 names have any case, also those of an extension, and are written as in the schema', () => {
    expect(read({ USERNAME: 'a', Name: { GIVENNAME: 'A' }, [ENTERPRISE.toUpperCase()]: { DEPARTMENT: 'x' } })).toEqual({
      schemas: [CORE, ENTERPRISE],
      userName: 'a',
      active: true,
      name: { givenName: 'A' },
      [ENTERPRISE]: { department: 'x' },
    })
    expect(refusalOf(() => read({ userName: 'a', USERNAME: 'b' }))).toMatchObject({ scimType: 'invalidSyntax' })
  })

  it('R7 null, an empty list and an empty object are unassigned', () => {
    const user = read({
      userName: 'a',
      title: null,
      emails: [],
      name: {},
      roles: [null, {}],
      [ENTERPRISE]: { manager: '' },
    })
    expect(user).toEqual({ schemas: [CORE], userName: 'a', active: true })
  })

  it('R8 two primary values are refused', () => {
    const emails = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ]
    expect(refusalOf(() => read({ userName: 'a', emails }))).toEqual({
      status: 400,
      scimType: 'invalidValue',
      detail: '"emails" has two primary values. Make one of them primary.',
    })
  })

  it('R9 elements of one value and type become one', () => {
    const emails = [
      { value: 'A@x', type: 'work' },
      { value: 'a@x', type: 'Work', display: 'A' },
      { value: 'a@x', type: 'home' },
    ]
    expect(read({ userName: 'a', emails }).emails).toEqual([
      { value: 'a@x', type: 'Work', display: 'A' },
      { value: 'a@x', type: 'home' },
    ])
    const addresses = [{ locality: 'X' }, { locality: 'X' }, { locality: 'Y' }]
    expect(read({ userName: 'a', addresses }).addresses).toEqual([{ locality: 'X' }, { locality: 'Y' }])
  })

  it('R10 what is unknown is ignored and not kept, in either mode', () => {
    const unknown = [
      { shoeSize: 5 },
      { name: { shoe: 5 } },
      { 'urn:okta:custom:1.0': { a: 1 } },
      { [ENTERPRISE]: { shoe: 5 } },
    ]
    for (const extra of unknown) {
      const kept = { schemas: [CORE], userName: 'a', active: true }
      expect(read({ userName: 'a', ...extra })).toEqual(kept)
      expect(readStrictly({ schemas: [CORE], userName: 'a', ...extra })).toEqual(kept)
    }
  })

  it('R6 core attributes may stand under their URN, and what stands beside it counts', () => {
    const under = { schemas: [CORE], [CORE.toUpperCase()]: { userName: 'a', title: 'T', id: 'x' }, title: 'U' }
    for (const reader of [read, readStrictly])
      expect(reader(under)).toEqual({ schemas: [CORE], userName: 'a', active: true, title: 'U' })
  })

  it('R11 a name has two parts at most', () => {
    expect(resolve(USER, 'emails.value')).toBeDefined()
    expect(resolve(USER, 'emails.value.x')).toBeUndefined()
  })

  it('R12 canonical values are suggestions', () => {
    const user = read({
      userName: 'a',
      emails: [{ value: 'x', type: 'personal' }],
      roles: [{ value: 'x', type: 'Windows…' }],
    })
    expect(user).toMatchObject({ emails: [{ type: 'personal' }], roles: [{ type: 'Windows…' }] })
  })

  it('R13 userName is any text but an empty one, kept as it was sent', () => {
    for (const userName of ['Ada', 'not an address', 'ＡＤＡ', '😀', ' a ', '../x'])
      expect(read({ userName }).userName).toBe(userName)
    for (const userName of [undefined, null, '', '  ', [], {}, 5, 'x'.repeat(513)]) {
      expect(refusalOf(() => read({ userName }))).toMatchObject({ status: 400, scimType: 'invalidValue' })
    }
  })

  it('R14 active is true unless it was sent, and a password is checked and thrown away', () => {
    expect(read({ userName: 'a' }).active).toBe(true)
    expect(read({ userName: 'a', active: false }).active).toBe(false)
    expect(JSON.stringify(read({ userName: 'a', password: 'S3cret!' }))).not.toContain('S3cret')
    expect(refusalOf(() => read({ userName: 'a', password: { x: 'S3cret!' } })).detail).toBe(
      '"password" must be a string.',
    )
  })

  it('R16 a group needs a name, and its members are named once', () => {
    expect(refusalOf(() => read({ members: [] }, GROUP))).toMatchObject({ status: 400, scimType: 'invalidValue' })
    const group = read({ displayName: 'G', members: [{ value: 'a', $ref: '../Users/a' }, { value: 'a' }] }, GROUP)
    expect(memberIds(group)).toEqual(['a'])
    expect(refusalOf(() => read({ displayName: 'G', members: [{}] }, GROUP)).detail).toBe(
      '"members.value" is required. Send it.',
    )
  })

  it('R17 an enterprise user', () => {
    const employee = {
      employeeNumber: '7',
      costCenter: 'c',
      organization: 'o',
      division: 'd',
      department: 'e',
      manager: { value: 'm', $ref: '../Users/m' },
    }
    const sent = { ...employee, manager: { ...employee.manager, displayName: 'ignored' } }
    expect(read({ userName: 'a', [ENTERPRISE]: sent })[ENTERPRISE]).toEqual(employee)
    expect(refusalOf(() => read({ userName: 'a', [ENTERPRISE]: 'x' }))).toMatchObject({ scimType: 'invalidValue' })
  })

  it('lenient takes what strict refuses', () => {
    const variants = [
      [{ active: 'False' }, { active: false }],
      [{ active: [false] }, { active: false }],
      [{ title: ['Dr'] }, { title: 'Dr' }],
      [{ emails: { value: 'x' } }, { emails: [{ value: 'x' }] }],
      [{ [ENTERPRISE]: { manager: 'm' } }, { [ENTERPRISE]: { manager: { value: 'm' } } }],
      [{ [ENTERPRISE]: { manager: [{ value: 'm' }] } }, { [ENTERPRISE]: { manager: { value: 'm' } } }],
    ]
    for (const [sent, expected] of variants) {
      expect(read({ userName: 'a', ...sent })).toMatchObject(expected!)
      expect(refusalOf(() => readStrictly({ schemas: [CORE], userName: 'a', ...sent }))).toMatchObject({
        scimType: 'invalidValue',
      })
    }
  })
})

describe('a replaced resource', () => {
  const ADA = stored(USER, { userName: 'ada', title: 'Countess', active: false, [ENTERPRISE]: { department: 'x' } })

  it('C5 clears what is left out, but for active and what the provider writes', () => {
    const { resource, changes } = put(ADA, { userName: 'ada', nickName: 'A' })
    expect(resource).toEqual({
      schemas: [CORE],
      id: 'u1',
      meta: ADA.meta,
      userName: 'ada',
      nickName: 'A',
      active: false,
    })
    expect(changes).toEqual(['nickName', 'title', `${ENTERPRISE}:department`])
  })

  it('C5 with what was read before changes nothing, as Okta sends it', () => {
    expect(put(ADA, JSON.parse(JSON.stringify(ADA)))).toEqual({ resource: ADA, changes: [] })
    const changed = put(ADA, { ...JSON.parse(JSON.stringify(ADA)), id: 'other', groups: [], active: true })
    expect([changed.resource.id, changed.changes]).toEqual(['u1', ['active']])
  })

  it('C6 needs what is required', () => {
    expect(refusalOf(() => put(ADA, { title: 'x' }))).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it('C7 has the members that were sent', () => {
    const group = stored(GROUP, { displayName: 'G', members: [{ value: 'a' }, { value: 'b' }] }, 'g1')
    const { resource, changes } = put(group, { displayName: 'G', members: [{ value: 'b' }, { value: 'c' }] }, GROUP)
    expect([memberIds(resource), changes]).toEqual([['b', 'c'], ['members']])
    expect(memberIds(put(group, { displayName: 'G' }, GROUP).resource)).toEqual([])
  })

  it('R19 an immutable value may be repeated and not changed', () => {
    const attribute = { ...USER.attributes.get('title')!, mutability: 'immutable' as const }
    const type: ResourceType = { ...USER, attributes: new Map([...USER.attributes, ['title', attribute]]) }
    expect(put(ADA, { userName: 'ada', title: 'Countess' }, type).resource.title).toBe('Countess')
    expect(put(ADA, { userName: 'ada' }, type).resource.title).toBe('Countess')
    expect(refusalOf(() => put(ADA, { userName: 'ada', title: 'Lady' }, type))).toMatchObject({
      scimType: 'mutability',
    })
  })
})

describe('what an answer shows', () => {
  const ADA = stored(USER, {
    userName: 'ada',
    name: { givenName: 'Ada', familyName: 'L' },
    emails: [{ value: 'a@x', type: 'work' }, { type: 'home' }],
    [ENTERPRISE]: { department: 'x', manager: { value: 'm' } },
  })
  const show = (parameters: Parameters<typeof projectionOf>[1], type = USER) => projectionOf(type, parameters).of(ADA)
  const only = (...attributes: string[]) => show({ attributes })
  const but = (...excludedAttributes: string[]) => show({ excludedAttributes })
  const always = { schemas: [CORE, ENTERPRISE], id: 'u1' }

  it('R18 by default is everything that may be shown', () => {
    expect(show({})).toEqual(ADA)
    expect(projectionOf(USER, {}).of({ ...ADA, password: 'S3cret!' })).not.toHaveProperty('password')
    expect(projectionOf(USER, { attributes: ['password'] }).of({ ...ADA, password: 'S3cret!' })).toEqual(always)
  })

  it('C9 attributes and excludedAttributes exclude each other', () => {
    expect(refusalOf(() => show({ attributes: [], excludedAttributes: [] }))).toMatchObject({
      scimType: 'invalidValue',
    })
  })

  it('C10 names choose attributes, parts of them, and extensions', () => {
    expect(only('USERNAME', 'shoeSize')).toEqual({ ...always, userName: 'ada' })
    expect(only('name.givenName')).toEqual({ ...always, name: { givenName: 'Ada' } })
    expect(only('emails.value')).toEqual({ ...always, emails: [{ value: 'a@x' }] })
    expect(only(ENTERPRISE)).toEqual({ ...always, [ENTERPRISE]: ADA[ENTERPRISE] })
    expect(only('manager')).toEqual({ ...always, [ENTERPRISE]: { manager: { value: 'm' } } })
    expect(only(`${ENTERPRISE}:manager.value`)).toEqual({ ...always, [ENTERPRISE]: { manager: { value: 'm' } } })
    expect(only('meta.version')).toEqual({ ...always, meta: { version: 'W/"1"' } })
  })

  it('C10 names exclude attributes, but never what is always shown', () => {
    const rest = but('id', 'schemas', 'name', 'emails.type', ENTERPRISE, 'meta')
    expect(rest).toEqual({ ...always, userName: 'ada', active: true, emails: [{ value: 'a@x' }] })
  })

  it('E-13 tells whether members are wanted at all', () => {
    const wants = (parameters: Parameters<typeof projectionOf>[1]) => projectionOf(GROUP, parameters).wants('members')
    expect(wants({})).toBe(true)
    expect(wants({ excludedAttributes: ['Members'] })).toBe(false)
    expect(wants({ attributes: ['displayName'] })).toBe(false)
    expect(wants({ attributes: ['members.value'] })).toBe(true)
    expect(projectionOf(USER, {}).wants('password')).toBe(false)
  })

  it('R18 what is returned on request is shown when it is named', () => {
    const attribute = { ...USER.attributes.get('username')!, returned: 'request' as const }
    const type: ResourceType = { ...USER, attributes: new Map([...USER.attributes, ['username', attribute]]) }
    expect(show({}, type)).not.toHaveProperty('userName')
    expect(show({ attributes: ['userName'] }, type)).toHaveProperty('userName')
  })

  it('P15 a resource inherits nothing', () => {
    const user = readNewResource(USER, { userName: 'a' } satisfies JsonValue, 'lenient')
    const inherited = []
    for (const name in user) if (!Object.hasOwn(user, name)) inherited.push(name)
    expect(inherited).toEqual([])
    for (const name of [...Object.getOwnPropertyNames(Object.prototype)]) expect(name in user).toBe(false)
    expect(Object.isFrozen(Object.getPrototypeOf(user))).toBe(true)
  })
})
