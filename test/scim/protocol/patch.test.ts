import {
  applyPatch,
  type Changed,
  GROUP,
  MAX_EDITS,
  MAX_PATCH_OPERATIONS,
  type Mode,
  PATCH_OP,
  type Resource,
  readJson,
  readPatch,
  USER,
} from '../../../scim/protocol'
import { body, ENTERPRISE, refusalOf, stored } from './support'

const WORK = { type: 'work', value: 'ada@work.example', primary: true }
const HOME = { type: 'home', value: 'ada@home.example' }
const ADA = stored(USER, {
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  title: 'Countess',
  emails: [WORK, HOME],
  [ENTERPRISE]: { department: 'Engines', manager: { value: 'm1' } },
})
const BARE = stored(USER, { userName: 'bare' }, 'u2')

function patch(resource: Resource, ...operations: unknown[]): Changed {
  return patchAs('lenient', resource, operations)
}

function patchAs(mode: Mode, resource: Resource, operations: unknown): Changed {
  const request = body({ schemas: [PATCH_OP], Operations: operations })
  return applyPatch(USER, resource, readPatch(USER, request, mode), mode)
}

function refused(resource: Resource, ...operations: unknown[]) {
  return refusalOf(() => patch(resource, ...operations))
}

describe('the body of a PATCH', () => {
  it('P1 an empty list of operations changes nothing', () => {
    expect(patch(ADA)).toEqual({ resource: ADA, changes: [] })
  })

  it('P1 the PatchOp schema is wanted in strict mode, and another message is never taken', () => {
    const without = body({ Operations: [] })
    expect(readPatch(USER, without, 'lenient')).toEqual([])
    expect(refusalOf(() => readPatch(USER, without, 'strict'))).toMatchObject({
      status: 400,
      scimType: 'invalidSyntax',
    })
    const other = body({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [] })
    expect(refusalOf(() => readPatch(USER, other, 'lenient'))).toMatchObject({ scimType: 'invalidSyntax' })
  })

  it.each([
    ['no operations', { schemas: [PATCH_OP] }],
    ['operations that are no array', { schemas: [PATCH_OP], Operations: {} }],
    ['an operation that is no object', { schemas: [PATCH_OP], Operations: ['add'] }],
    ['a path that is no text', { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 5, value: 1 }] }],
    ['a key twice', { schemas: [PATCH_OP], Operations: [{ op: 'add', OP: 'remove', path: 'title' }] }],
    ['an array', [1]],
    ['null', null],
  ])('P1 %s is refused', (_, json) => {
    expect(refusalOf(() => readPatch(USER, body(json), 'lenient'))).toMatchObject({
      status: 400,
      scimType: 'invalidSyntax',
    })
  })

  it('P1 more operations than the bound are refused', () => {
    const operations = Array.from({ length: MAX_PATCH_OPERATIONS + 1 }, () => ({ op: 'remove', path: 'title' }))
    expect(refusalOf(() => patchAs('lenient', ADA, operations))).toMatchObject({ status: 400, scimType: 'tooMany' })
  })

  it('P1 more changes of attributes than the bound are refused', () => {
    const operations = Array.from({ length: MAX_EDITS + 1 }, () => ({ op: 'remove', path: 'title' }))
    expect(refusalOf(() => patchAs('lenient', ADA, operations))).toMatchObject({ status: 400, scimType: 'tooMany' })
  })

  it('P2 the operation has any case, and there are three of them', () => {
    expect(patch(ADA, { op: 'REPLACE', path: 'title', value: 'x' }).resource.title).toBe('x')
    for (const op of ['move', '', undefined]) {
      expect(refused(ADA, { op, path: 'title', value: 'x' })).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
    }
  })

  it('P3 a failure names its operation and leaves the resource as it was', () => {
    const before = structuredClone(ADA)
    const refusal = refused(
      ADA,
      { op: 'replace', path: 'title', value: 'x' },
      { op: 'remove', path: 'emails[type eq "home"]' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    )
    expect(refusal).toEqual({
      status: 400,
      scimType: 'invalidValue',
      detail: 'Operations[2]: "active" must be true or false.',
    })
    expect(ADA).toEqual(before)
  })

  it('P3 operations see what those before them did', () => {
    const { resource } = patch(
      BARE,
      { op: 'add', path: 'emails', value: [HOME] },
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'new@home.example' },
    )
    expect(resource.emails).toEqual([{ type: 'home', value: 'new@home.example' }])
  })

  it.each([
    ['a value that is there', { op: 'replace', path: 'title', value: 'Countess' }],
    ['an element that is there', { op: 'add', path: 'emails', value: [HOME] }],
    ['the primary element again', { op: 'add', path: 'emails', value: [WORK] }],
    ['the removal of what is not there', { op: 'remove', path: 'nickName' }],
    ['the removal of elements that do not match', { op: 'remove', path: 'emails[type eq "other"]' }],
    ['the stored id', { op: 'replace', value: { id: 'u1' } }],
    ['a password', { op: 'replace', path: 'password', value: 'secret' }],
    ['null added', { op: 'add', path: 'title', value: null }],
  ])('P4 no net change is a success without changes: %s', (_, operation) => {
    expect(patch(ADA, operation)).toEqual({ resource: ADA, changes: [] })
  })

  it('names what changed', () => {
    const { changes } = patch(
      ADA,
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'department', value: 'Looms' },
      { op: 'remove', path: 'emails[type eq "home"]' },
    )
    expect(changes).toEqual(['active', 'emails', `${ENTERPRISE}:department`])
  })
})

describe('add', () => {
  it('P5 without path merges', () => {
    const { resource } = patch(BARE, {
      op: 'add',
      value: { nickName: 'B', name: { givenName: 'Bea' }, emails: [HOME] },
    })
    expect(resource).toMatchObject({ userName: 'bare', nickName: 'B', name: { givenName: 'Bea' }, emails: [HOME] })
  })

  it('P5 replaces a single value, appends to a list without duplicates, merges a complex one, makes what is missing', () => {
    expect(patch(ADA, { op: 'add', path: 'title', value: 'Lady' }).resource.title).toBe('Lady')
    expect(
      patch(ADA, { op: 'add', path: 'emails', value: [HOME, { value: 'third@x.example' }] }).resource.emails,
    ).toEqual([WORK, HOME, { value: 'third@x.example' }])
    expect(patch(ADA, { op: 'add', path: 'name', value: { middleName: 'King' } }).resource.name).toEqual({
      givenName: 'Ada',
      familyName: 'Lovelace',
      middleName: 'King',
    })
    expect(patch(BARE, { op: 'add', path: 'name.givenName', value: 'Bea' }).resource.name).toEqual({ givenName: 'Bea' })
  })

  it('P5 with brackets changes the elements that match, and makes one when the brackets say what it looks like', () => {
    const merged = patch(ADA, { op: 'add', path: 'emails[type eq "home"]', value: { display: 'Home' } })
    expect(merged.resource.emails).toEqual([WORK, { ...HOME, display: 'Home' }])
    const made = patch(BARE, { op: 'Add', path: 'addresses[type eq "work"]', value: { locality: 'London' } })
    expect(made.resource.addresses).toEqual([{ type: 'work', locality: 'London' }])
  })

  it('P5 a sub-attribute of a list means that part of every element', () => {
    const { resource } = patch(ADA, { op: 'add', path: 'emails.display', value: 'x' })
    expect(resource.emails).toEqual([
      { ...WORK, display: 'x' },
      { ...HOME, display: 'x' },
    ])
    expect(patch(BARE, { op: 'add', path: 'emails.value', value: 'x@y.z' }).resource.emails).toEqual([
      { value: 'x@y.z' },
    ])
  })
})

describe('remove', () => {
  it('P6 needs a path', () => {
    expect(refused(ADA, { op: 'remove' })).toMatchObject({ status: 400, scimType: 'noTarget' })
    expect(refused(ADA, { op: 'remove', value: { title: 'Countess' } })).toMatchObject({ scimType: 'noTarget' })
  })

  it('P6 removes all of a list, what matches, or one part of what matches', () => {
    expect(patch(ADA, { op: 'remove', path: 'emails' }).resource).not.toHaveProperty('emails')
    expect(patch(ADA, { op: 'remove', path: 'emails[type eq "work"]' }).resource.emails).toEqual([HOME])
    expect(patch(ADA, { op: 'remove', path: 'emails[type eq "work"].primary' }).resource.emails).toEqual([
      { type: 'work', value: 'ada@work.example' },
      HOME,
    ])
    expect(patch(ADA, { op: 'remove', path: 'name.givenName' }).resource.name).toEqual({ familyName: 'Lovelace' })
    const nobody = patch(ADA, { op: 'remove', path: 'name.givenName' }, { op: 'remove', path: 'name.familyName' })
    expect(nobody.resource).not.toHaveProperty('name')
  })

  it('P6 a list of values removes those, whatever else they have', () => {
    const { resource } = patch(ADA, { op: 'remove', path: 'emails', value: [{ value: 'ADA@work.example' }] })
    expect(resource.emails).toEqual([HOME])
    for (const value of [[], null]) expect(patch(ADA, { op: 'remove', path: 'emails', value }).changes).toEqual([])
  })

  it.each(['userName', 'id', 'meta', 'meta.created', 'groups'])('P6 P12 %s cannot be removed', (path) => {
    expect(refused(ADA, { op: 'remove', path })).toMatchObject({ status: 400, scimType: 'mutability' })
  })
})

describe('replace', () => {
  it('P7 without path replaces each attribute, and adds those that are missing', () => {
    const { resource } = patch(ADA, { op: 'replace', value: { title: 'Lady', nickName: 'A', emails: [HOME] } })
    expect(resource).toMatchObject({ title: 'Lady', nickName: 'A', emails: [HOME], userName: 'ada' })
  })

  it('P7 keeps what a complex value does not name, and replaces a list as a whole', () => {
    expect(patch(ADA, { op: 'replace', path: 'name', value: { givenName: 'Augusta' } }).resource.name).toEqual({
      givenName: 'Augusta',
      familyName: 'Lovelace',
    })
    expect(patch(ADA, { op: 'replace', path: 'emails', value: [HOME] }).resource.emails).toEqual([HOME])
  })

  it('P7 brackets choose elements to replace, or a part of them', () => {
    const whole = patch(ADA, { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'new@x.example' } })
    expect(whole.resource.emails).toEqual([{ value: 'new@x.example' }, HOME])
    const part = patch(ADA, { op: 'replace', path: 'emails[value co "example"].display', value: 'x' })
    expect(part.resource.emails).toEqual([
      { ...WORK, display: 'x' },
      { ...HOME, display: 'x' },
    ])
  })

  it.each([
    ['a whole element', { op: 'replace', path: 'emails[type eq "other"]', value: { value: 'x' } }],
    ['brackets by value', { op: 'replace', path: 'emails[value eq "nobody"].type', value: 'x' }],
    ['brackets by or', { op: 'replace', path: 'emails[type eq "a" or type eq "b"].value', value: 'x' }],
    ['brackets by another operator', { op: 'replace', path: 'emails[type sw "ot"].value', value: 'x' }],
    ['the part that the brackets fix', { op: 'replace', path: 'emails[type eq "other"].type', value: 'x' }],
  ])('P7 nothing that matches is noTarget: %s', (_, operation) => {
    expect(refused(ADA, operation)).toMatchObject({ status: 400, scimType: 'noTarget' })
  })

  it('P7 null unassigns', () => {
    expect(patch(ADA, { op: 'replace', path: 'title', value: null }).resource).not.toHaveProperty('title')
    expect(refused(ADA, { op: 'replace', path: 'userName', value: null })).toMatchObject({ scimType: 'invalidValue' })
    expect(refused(ADA, { op: 'replace', path: 'userName', value: ' ' })).toMatchObject({ scimType: 'invalidValue' })
  })
})

describe('paths', () => {
  it.each([
    'shoeSize',
    'name.shoe',
    'emails[type eq "work"',
    'emails[type eq "work"].shoe',
    'emails[shoe eq "x"]',
    'emails[type gt]',
    'emails[primary gt true]',
    'name[givenName eq "x"]',
    'title[value eq "x"]',
    'emails..value',
    'emails[type eq "work"]value',
    'a b',
    '.value',
    'urn:x:y:z',
    `${ENTERPRISE}:shoe`,
    '__proto__',
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'emails[__proto__ eq "x"]',
  ])('P8 P15 %s is invalid', (path) => {
    expect(refused(ADA, { op: 'replace', path, value: 'x' })).toMatchObject({ status: 400, scimType: 'invalidPath' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('P9 keys without path may be dotted, carry a URN, or be a URN that contains others', () => {
    const { resource } = patch(BARE, {
      op: 'replace',
      value: {
        'name.givenName': 'Bea',
        'emails[type eq "work"].value': 'bea@work.example',
        [`${ENTERPRISE}:employeeNumber`]: '7',
        [ENTERPRISE]: { department: 'Looms', 'manager.value': 'm2' },
        'urn:ietf:params:scim:schemas:core:2.0:User:title': 'Dr',
      },
    })
    expect(resource).toMatchObject({
      name: { givenName: 'Bea' },
      emails: [{ type: 'work', value: 'bea@work.example' }],
      title: 'Dr',
      [ENTERPRISE]: { employeeNumber: '7', department: 'Looms', manager: { value: 'm2' } },
    })
  })

  it('P9 unknown keys are ignored, in either mode', () => {
    const operation = { op: 'add', value: { shoeSize: 5, 'my key': 1, title: 'x', 'urn:okta:custom': { a: 1 } } }
    for (const mode of ['lenient', 'strict'] as const)
      expect(patchAs(mode, BARE, [operation]).changes).toEqual(['title'])
  })

  it.each(['x', 5, null, ['x'], undefined])('P9 without path the value is an object, not %j', (value) => {
    expect(refused(ADA, { op: 'add', value })).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it('P10 schemas follow the extension', () => {
    const added = patch(BARE, { op: 'add', path: `${ENTERPRISE}:department`, value: 'Looms' })
    expect(added.resource.schemas).toEqual([USER.schema.id, ENTERPRISE])
    const removed = patch(added.resource, { op: 'remove', path: `${ENTERPRISE}:department` })
    expect(removed.resource.schemas).toEqual([USER.schema.id])
    expect(removed.resource).not.toHaveProperty([ENTERPRISE])
  })

  it('P10 a path may be the extension itself', () => {
    const added = patch(BARE, { op: 'add', path: ENTERPRISE, value: { department: 'Looms', manager: { value: 'm' } } })
    expect(added.resource[ENTERPRISE]).toEqual({ department: 'Looms', manager: { value: 'm' } })
    expect(patch(added.resource, { op: 'remove', path: ENTERPRISE }).resource.schemas).toEqual([USER.schema.id])
    const value = { schemas: [ENTERPRISE], department: 'Looms' }
    expect(patchAs('strict', BARE, [{ op: 'add', path: ENTERPRISE, value }]).resource[ENTERPRISE]).toEqual({
      department: 'Looms',
    })
  })

  it('P11 a new primary takes over', () => {
    const third = { value: 'third@x.example', primary: true }
    expect(patch(ADA, { op: 'add', path: 'emails', value: [third] }).resource.emails).toEqual([
      { ...WORK, primary: false },
      HOME,
      third,
    ])
    const chosen = patch(ADA, { op: 'replace', path: 'emails[type eq "home"].primary', value: true })
    expect(chosen.resource.emails).toEqual([
      { ...WORK, primary: false },
      { ...HOME, primary: true },
    ])
    const two = { op: 'replace', path: 'emails.primary', value: true }
    expect(refused(ADA, two)).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it.each([
    { op: 'replace', path: 'id', value: 'other' },
    { op: 'replace', value: { id: 'other' } },
    { op: 'add', path: 'meta.created', value: '2020-01-01T00:00:00Z' },
    { op: 'replace', value: { meta: { version: 'W/"9"' } } },
    { op: 'add', path: 'groups', value: [{ value: 'g1' }] },
    { op: 'replace', path: 'manager.displayName', value: 'x' },
  ])('P12 what only the provider writes is refused: %j', (operation) => {
    expect(refused(ADA, operation)).toMatchObject({ status: 400, scimType: 'mutability' })
  })

  it('P12 unless nothing would change, and schemas are ignored', () => {
    const repeated = { schemas: ['x'], id: 'u1', groups: [], meta: ADA.meta, title: 'Countess' }
    expect(patch(ADA, { op: 'replace', value: repeated }).changes).toEqual([])
  })

  it.each([
    ['active', 'notabool'],
    ['active', 1],
    ['active', [true, false]],
    ['emails', 'x'],
    ['emails', ['x']],
    ['emails', 5],
    ['emails[type eq "work"]', 'x'],
    ['emails[type eq "work"]', [HOME, WORK]],
    ['emails[type eq "work"].value', { value: 'x' }],
    ['name', 'Ada'],
    ['name', ['x', 'y']],
    ['title', { value: 'x' }],
    ['title', 'x'.repeat(5_000)],
    ['title', '\u0000'],
    ['title', '\ud800'],
    ['userName', 'x'.repeat(513)],
    ['x509Certificates', [{ value: 'not base64!' }]],
    ['emails', Array.from({ length: 501 }, (_, index) => ({ value: `${index}` }))],
  ])('P13 %s takes no %j', (path, value) => {
    expect(refused(ADA, { op: 'replace', path, value })).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it('P13 a list does not grow beyond its bound by many adds', () => {
    const operations = Array.from({ length: 501 }, (_, index) => ({
      op: 'add',
      path: 'ims',
      value: [{ value: `${index}` }],
    }))
    expect(refused(BARE, ...operations)).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'P15 the key %s is refused',
    (key) => {
      const text = `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","value":{"${key}":{"polluted":true}}}]}`
      expect(refusalOf(() => readJson(text))).toMatchObject({ status: 400, scimType: 'invalidSyntax' })
      expect(
        refused(ADA, { op: 'add', value: { [`name.${key}`]: 'x', title: 'Countess' } }, { op: 'move' }),
      ).toMatchObject({
        detail: expect.stringContaining('Operations[1]'),
      })
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  it('a group without its members is changed like any other resource', () => {
    const group = stored(GROUP, { displayName: 'Engines' }, 'g1')
    const rename = body({ Operations: [{ op: 'replace', value: { id: 'g1', displayName: 'Looms' } }] })
    const { resource, changes } = applyPatch(GROUP, group, readPatch(GROUP, rename, 'lenient'), 'lenient')
    expect([resource.displayName, changes]).toEqual(['Looms', ['displayName']])
  })
})
