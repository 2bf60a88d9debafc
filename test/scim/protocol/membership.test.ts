import {
  GROUP,
  type GroupPatch,
  groupPatch,
  MAX_MEMBERS,
  memberIds,
  PATCH_OP,
  readNewResource,
  readPatch,
} from '../../../scim/protocol'
import { body, refusalOf } from './support'

function change(...operations: unknown[]): GroupPatch {
  const request = body({ schemas: [PATCH_OP], Operations: operations })
  return groupPatch(readPatch(GROUP, request, 'lenient'), 'lenient')
}

function ids(count: number, prefix = 'm'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

const members = (...values: string[]) => values.map((value) => ({ value }))

describe('the membership of a group in a PATCH', () => {
  it('E-7 adds by list, each id once', () => {
    const added = change({
      op: 'Add',
      path: 'members',
      value: [{ $ref: null, value: 'u1' }, { value: 'u1' }, { value: 'u2' }],
    })
    expect(added).toEqual({
      edits: [],
      membership: [{ kind: 'ids', isReplacement: false, added: ['u1', 'u2'], removed: [] }],
    })
  })

  it('E-6 removes by list or by brackets', () => {
    const removal = [{ kind: 'ids', isReplacement: false, added: [], removed: ['u1'] }]
    expect(change({ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u1' }] }).membership).toEqual(removal)
    expect(change({ op: 'remove', path: 'members[value eq "u1"]' }).membership).toEqual(removal)
  })

  it('E-6 an empty list removes nobody; only a remove without value empties the group', () => {
    for (const value of [[], null]) expect(change({ op: 'Remove', path: 'members', value }).membership).toEqual([])
    expect(change({ op: 'remove', path: 'members' }).membership).toEqual([
      { kind: 'ids', isReplacement: true, added: [], removed: [] },
    ])
  })

  it('O-7 replaces everybody', () => {
    const everybody = [{ kind: 'ids', isReplacement: true, added: ['a', 'b'], removed: [] }]
    expect(change({ op: 'replace', path: 'members', value: members('a', 'b') }).membership).toEqual(everybody)
    expect(change({ op: 'replace', value: { displayName: 'G', members: members('a', 'b') } }).membership).toEqual(
      everybody,
    )
  })

  it('P16 the last word about an id counts, and what a replacement follows does not', () => {
    const folded = change(
      { op: 'add', path: 'members', value: members('forgotten') },
      { op: 'replace', path: 'members', value: members('a', 'b') },
      { op: 'remove', path: 'members[value eq "a"]' },
      { op: 'add', path: 'members', value: members('c', 'd') },
      { op: 'remove', path: 'members', value: members('d', 'e') },
      { op: 'add', path: 'members', value: members('a') },
    )
    expect(folded.membership).toEqual([{ kind: 'ids', isReplacement: true, added: ['a', 'b', 'c'], removed: [] }])
  })

  it('P16 a thousand single removals are one change', () => {
    const removals = ids(1_000).map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
    expect(change(...removals).membership).toEqual([
      { kind: 'ids', isReplacement: false, added: [], removed: ids(1_000) },
    ])
  })

  it('P16 twenty thousand members are added, removed and replaced without loading anybody', () => {
    const many = ids(20_000)
    for (const op of ['add', 'remove', 'replace']) {
      const [only, ...others] = change({ op, path: 'members', value: members(...many) }).membership
      expect(others).toEqual([])
      const named = only?.kind === 'ids' && (op === 'remove' ? only.removed : only.added)
      expect(named).toEqual(many)
    }
  })

  it('several ids in one pair of brackets are named too', () => {
    const [only] = change({ op: 'remove', path: 'members[value eq "a" or value eq "b"]' }).membership
    expect(only).toMatchObject({ removed: ['a', 'b'] })
  })

  it('brackets about anything else are left to the provider, in order', () => {
    const { membership } = change(
      { op: 'add', path: 'members', value: members('a') },
      { op: 'remove', path: 'members[type eq "User"]' },
      { op: 'add', path: 'members', value: members('b') },
    )
    expect(membership.map(({ kind }) => kind)).toEqual(['ids', 'matching', 'ids'])
  })

  it('R16 a member cannot be changed, only come and go', () => {
    for (const operation of [
      { op: 'replace', path: 'members[value eq "a"].value', value: 'b' },
      { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } },
      { op: 'remove', path: 'members[value eq "a"].value' },
      { op: 'replace', path: 'members.type', value: 'Group' },
    ]) {
      expect(refusalOf(() => change(operation))).toMatchObject({ status: 400, scimType: 'mutability' })
    }
  })

  it.each([[['a']], ['a'], [[{ display: 'nobody' }]], [[{ value: 5 }]], [[{ value: '' }]]])(
    'P13 %j names no member',
    (value) => {
      expect(refusalOf(() => change({ op: 'add', path: 'members', value }))).toEqual({
        status: 400,
        scimType: 'invalidValue',
        detail: expect.stringContaining('Operations[0]: "members'),
      })
    },
  )

  it('what is not about members is left for the group itself', () => {
    const { edits, membership } = change(
      { op: 'replace', value: { id: 'g1', displayName: 'New', members: members('a') } },
      { op: 'replace', path: 'externalId', value: 'x' },
    )
    expect(edits.map(({ target }) => target.attribute.name)).toEqual(['id', 'displayName', 'externalId'])
    expect(membership).toHaveLength(1)
  })

  it('a request names no more members than the bound', () => {
    const half = members(...ids(MAX_MEMBERS / 2 + 1))
    const add = { op: 'add', path: 'members', value: half }
    expect(refusalOf(() => change(add, add))).toMatchObject({ status: 400, scimType: 'tooMany' })
  })

  it('R16 members of a new group collapse by id', () => {
    const group = readNewResource(
      GROUP,
      body({ displayName: 'G', members: [{ value: 'a', display: 'A' }, { value: 'b' }, { value: 'a', type: 'User' }] }),
      'lenient',
    )
    expect(memberIds(group)).toEqual(['a', 'b'])
    expect(group.members).toEqual([{ value: 'a', type: 'User' }, { value: 'b' }])
  })
})
