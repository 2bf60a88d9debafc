import fc from 'fast-check'
import { evaluateRules, type GroupRule, groupsAbove } from '../../src/modules/directories/group-rules.model'
import { rounds } from '../support/soak'

const rule = (id: string, groupId: string, position: number, given: Partial<GroupRule> = {}): GroupRule => ({
  id,
  groupId,
  position,
  kind: 'ORGANIZATION_ROLE',
  roleId: `role of ${id}`,
  projectId: null,
  teamId: null,
  ...given,
})

describe('the rules of a directory', () => {
  const rules = [
    rule('late', 'everybody', 3),
    rule('early', 'admins', 1),
    rule('project', 'everybody', 2, { kind: 'PROJECT_ROLE', projectId: 'atlas' }),
    rule('other project', 'admins', 4, { kind: 'PROJECT_ROLE', projectId: 'hermes' }),
    rule('team', 'admins', 5, { kind: 'TEAM', roleId: null, teamId: 'leads' }),
  ]

  it('let the earliest organization role win, and name those that it overrules', () => {
    const given = evaluateRules(rules, new Set(['everybody', 'admins']))
    expect([given.organizationRole?.id, given.overruled.map(({ id }) => id)]).toEqual(['early', ['late']])
    expect(evaluateRules(rules, new Set(['everybody'])).organizationRole?.id).toBe('late')
  })

  it('add up roles in projects and teams', () => {
    const given = evaluateRules(rules, new Set(['everybody', 'admins']))
    expect([given.projectRoles.map(({ id }) => id), given.teams.map(({ id }) => id)]).toEqual([
      ['project', 'other project'],
      ['team'],
    ])
  })

  it('give nothing to whoever is in no group that they name', () => {
    const nothing = { organizationRole: null, overruled: [], projectRoles: [], teams: [] }
    expect(evaluateRules(rules, new Set(['others']))).toEqual(nothing)
    expect(evaluateRules([], new Set(['everybody']))).toEqual(nothing)
  })

  it('reach whoever is in a group below, however the groups are listed', () => {
    const nestings = [
      { groupId: 'company', childId: 'division' },
      { groupId: 'division', childId: 'squad' },
      { groupId: 'guild', childId: 'squad' },
    ]
    expect([...groupsAbove(['squad'], nestings)].sort()).toEqual(['company', 'division', 'guild', 'squad'])
    expect([...groupsAbove(['squad'], nestings.toReversed())].sort()).toEqual(['company', 'division', 'guild', 'squad'])
    expect([...groupsAbove(['company'], nestings)]).toEqual(['company'])
    expect([
      ...groupsAbove(
        ['a'],
        [...'ab'].map((id) => ({ groupId: id, childId: id === 'a' ? 'b' : 'a' })),
      ),
    ]).toEqual(['a', 'b'])
  })

  it('decide the same in any order in which they are listed', () => {
    const anyRules = fc.uniqueArray(fc.tuple(fc.nat(5), fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 8 })
    fc.assert(
      fc.property(anyRules, fc.subarray(['a', 'b', 'c', 'd']), (drawn, groups) => {
        const listed = drawn.map(([position, group], index) => rule(String(index), group, position))
        const held = new Set(groups)
        const given = evaluateRules(listed, held)
        expect(evaluateRules(listed.toReversed(), held)).toEqual(given)
        const lowest = listed.filter(({ groupId }) => held.has(groupId)).map(({ position }) => position)
        expect(given.organizationRole?.position ?? null).toBe(lowest.length > 0 ? Math.min(...lowest) : null)
      }),
      { numRuns: rounds(200, 100_000) },
    )
  })
})
