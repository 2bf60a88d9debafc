import {
  applyPatch,
  GROUP,
  groupPatch,
  memberIds,
  projectionOf,
  type Resource,
  readNewResource,
  readPatch,
  readQueryString,
  replaceResource,
  USER,
} from '../../../scim/protocol'
import entra from './fixtures/entra.json'
import okta from './fixtures/okta.json'
import others from './fixtures/others.json'
import { body, ENTERPRISE, isMatch, stored } from './support'

const ADA = stored(USER, { ...okta['O-3 create a user'], [ENTERPRISE]: { manager: { value: 'm1' } } })

function create(json: unknown): Resource {
  return readNewResource(USER, body(json), 'lenient')
}

function patched(json: unknown): Resource {
  return applyPatch(USER, ADA, readPatch(USER, body(json), 'lenient'), 'lenient').resource
}

function membership(json: unknown) {
  return groupPatch(readPatch(GROUP, body(json), 'lenient'), 'lenient').membership
}

function folded(added: string[], removed: string[], isReplacement = false) {
  return [{ kind: 'ids', isReplacement, added, removed }]
}

describe('Okta', () => {
  it('O-2 finds a user by name in any case', () => {
    const { filter, startIndex, count } = readQueryString(
      'filter=userName%20eq%20%22ADA%40okta.example%22&startIndex=1&count=100',
    )
    expect([isMatch(filter!, ADA), startIndex, count]).toEqual([true, 1, 100])
  })

  it('O-3 creates a user, whose password goes nowhere', () => {
    const { password, groups, ...kept } = okta['O-3 create a user']
    expect(create(okta['O-3 create a user'])).toEqual(kept)
    expect([password, groups]).toHaveLength(2)
  })

  it('O-4 deactivates by PATCH without path', () => expect(patched(okta['O-4 deactivate']).active).toBe(false))

  it('O-5 puts the whole user, with what it may not write', () => {
    const { resource, changes } = replaceResource(USER, ADA, body(okta['O-5 put the whole user']), 'lenient')
    expect(resource).toMatchObject({ id: 'u1', meta: ADA.meta, active: false, name: { middleName: '' } })
    expect(changes).toContain('active')
  })

  it('O-7 creates a group without members', () => {
    expect(readNewResource(GROUP, body(okta['O-7 create a group']), 'lenient')).toMatchObject({
      displayName: 'Engines',
    })
  })

  it('O-7 renames a group with its id in the value', () => {
    const group = stored(GROUP, okta['O-7 create a group'], 'g1')
    const { edits } = groupPatch(readPatch(GROUP, body(okta['O-7 rename a group']), 'lenient'), 'lenient')
    expect(applyPatch(GROUP, group, edits, 'lenient').changes).toEqual(['displayName'])
  })

  it('O-7 changes and pushes members', () => {
    expect(membership(okta['O-7 change members'])).toEqual(folded(['u2'], ['u1']))
    expect(membership(okta['O-7 push all members'])).toEqual(folded(['u1', 'u2'], [], true))
  })

  it('O-9 custom attributes are ignored', () => {
    expect(create(okta['O-9 a custom attribute'])).toEqual({
      schemas: [USER.schema.id],
      userName: 'ada@okta.example',
      active: true,
    })
  })
})

describe('Entra', () => {
  it('E-11 creates a user with nulls and a misspelt URN', () => {
    expect(create(entra['E-11 create a user'])).toEqual({
      schemas: [USER.schema.id, ENTERPRISE],
      externalId: '0a21f0f2-0000-4f8e-bf98-000000000001',
      userName: 'Ada@entra.example',
      active: true,
      displayName: 'Ada Lovelace',
      emails: [{ type: 'work', value: 'Ada@entra.example', primary: true }],
      name: { formatted: 'Ada Lovelace', familyName: 'Lovelace', givenName: 'Ada' },
      [ENTERPRISE]: { department: 'Engines' },
    })
  })

  it('E-11 creates a group with a schema of its own, which is not echoed', () => {
    const group = readNewResource(GROUP, body(entra['E-11 create a group']), 'lenient')
    expect(group.schemas).toEqual([GROUP.schema.id])
    expect(memberIds(group)).toEqual([])
  })

  it('E-3 disables with the text False, and with the flag', () => {
    expect(patched(entra['E-3 disable']).active).toBe(false)
    expect(patched(entra['E-3 disable with the flag']).active).toBe(false)
  })

  it.each(['E-2 change several attributes', 'E-4 change several attributes with the flag'] as const)('%s', (name) => {
    expect(patched(entra[name])).toMatchObject({
      displayName: 'Ada King',
      emails: [{ type: 'work', value: 'ada.king@entra.example', primary: true }],
      name: { givenName: 'Ada', familyName: 'King' },
      [ENTERPRISE]: { employeeNumber: '7', manager: { value: 'm1' } },
    })
  })

  it('E-5 makes the elements whose parts it replaces', () => {
    expect(patched(entra['E-5 parts of elements that are not there'])).toMatchObject({
      phoneNumbers: [{ type: 'mobile', value: '+44 1 2' }],
      addresses: [{ type: 'work', postalCode: 'N1', formatted: '1 Lane, N1' }],
      roles: [{ primary: true, value: 'Admin' }],
    })
  })

  it('E-6 removes members by list and by brackets, and nobody by an empty list', () => {
    expect(membership(entra['E-6 remove members'])).toEqual(folded([], ['u1']))
    expect(membership(entra['E-6 remove a member with the flag'])).toEqual(folded([], ['u1']))
    expect(membership(entra['E-6 remove nobody'])).toEqual([])
  })

  it('E-7 adds members', () => expect(membership(entra['E-7 add members'])).toEqual(folded(['u2'], [])))

  it('E-8 sets the manager by id or by list, and clears it', () => {
    expect(patched(entra['E-8 set a manager by id'])[ENTERPRISE]).toEqual({ manager: { value: 'm2' } })
    expect(patched(entra['E-8 set a manager by list'])[ENTERPRISE]).toEqual({
      manager: { value: 'm2', $ref: '../Users/m2' },
    })
    expect(patched(entra['E-8 clear the manager'])).not.toHaveProperty([ENTERPRISE])
    expect(patched(entra['E-8 clear the manager by an empty id'])).not.toHaveProperty([ENTERPRISE])
  })

  it('E-9 sends a scalar as a list of one', () =>
    expect(patched(entra['E-9 a scalar as a list']).title).toBe('Countess'))

  it('E-10 sends roles as texts of JSON, which stay texts', () => {
    expect(patched(entra['E-10 roles as texts of JSON']).roles).toEqual([
      { value: '{"id":"r1","value":"Admin","displayName":"Admin"}' },
    ])
  })

  it.each([
    'userName eq "ADA@okta.example"',
    'externalId eq "00u1aaaaaaaaaaaaaaa7"',
    'emails[type eq "work"].value eq "ada@okta.example"',
    'id eq "u1" and manager eq "m1"',
    `id eq "u1" and ${ENTERPRISE}:manager eq "m1"`,
  ])('E-12 asks for %s', (filter) => expect(isMatch(filter, ADA)).toBe(true))

  it('E-12 E-13 never wants the members of groups', () => {
    const { filter, excludedAttributes } = readQueryString(
      'excludedAttributes=members&filter=displayName+eq+%22engines%22',
    )
    const group = stored(GROUP, okta['O-7 create a group'], 'g1')
    expect(isMatch(filter!, group, GROUP)).toBe(true)
    expect(projectionOf(GROUP, { excludedAttributes }).wants('members')).toBe(false)
  })

  it('E-15 what it sends comes back as it was', () => {
    const sent = { userName: 'ADA', phoneNumbers: [{ type: 'Work', value: '+1 (201) 555' }], title: ' Dr ' }
    expect(create(sent)).toMatchObject(sent)
  })

  it('P1 sends nothing', () => expect(patched(entra['P1 nothing'])).toEqual(ADA))
})

describe('others', () => {
  it.each(['OneLogin creates a user', 'Google creates a user'] as const)('%s with a URN of SCIM 1', (name) => {
    expect(create(others[name])).toMatchObject({ schemas: [USER.schema.id], active: true, name: { givenName: 'Ada' } })
  })

  it('JumpCloud adds members again', () => {
    expect(membership(others['JumpCloud adds members again'])).toEqual(folded(['u1'], []))
  })

  it('OneLogin removes members by list', () => {
    expect(membership(others['OneLogin removes members by list'])).toEqual(folded([], ['u1', 'u2']))
  })
})
