import fc from 'fast-check'
import {
  applyPatch,
  GROUP,
  groupPatch,
  type MembershipChange,
  memberIds,
  type Resource,
  readPatch,
  replaceResource,
  ScimError,
  USER,
} from '../../../scim/protocol'
import { rounds } from '../../support/soak'
import { memberStep, newUserModel, shownOf, type UserModel, userStep } from '../patch-model'
import { body, stored } from './support'

const MEMBERS = ['m1', 'm2', 'm3', 'm4', 'm5'] as const

function patch(resource: Resource, operations: readonly object[]) {
  return applyPatch(USER, resource, readPatch(USER, body({ Operations: operations }), 'lenient'), 'lenient')
}

function expected(model: UserModel, before: Resource): object {
  return { ...shownOf(model), id: before.id, meta: before.meta, userName: 'ada' }
}

const steps = fc.array(userStep, { maxLength: 12 })

describe('a sequence of operations', () => {
  const ADA = stored(USER, { userName: 'ada' })

  it('does what a model of it does', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const model = newUserModel()
        for (const { run } of sequence) run(model)
        const { resource } = patch(
          ADA,
          sequence.map(({ operation }) => operation),
        )
        expect(resource).toEqual(expected(model, ADA))
      }),
      { numRuns: rounds(500, 50_000) },
    )
  })

  it('does the same in one PATCH as in one PATCH for each', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const operations = sequence.map(({ operation }) => operation)
        const oneByOne = operations.reduce<Resource>(
          (resource, operation) => patch(resource, [operation]).resource,
          ADA,
        )
        expect(patch(ADA, operations).resource).toEqual(oneByOne)
      }),
      { numRuns: rounds(300, 20_000) },
    )
  })

  it('leaves the stored resource alone, and has changes only when something changed', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const start = patch(
          ADA,
          before.map(({ operation }) => operation),
        ).resource
        const frozen = structuredClone(start)
        const { resource, changes } = patch(
          start,
          after.map(({ operation }) => operation),
        )
        expect(start).toEqual(frozen)
        expect(JSON.stringify(canonical(resource)) === JSON.stringify(canonical(start))).toBe(changes.length === 0)
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })

  it('what a PATCH made can be put back as it was read', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const { resource } = patch(
          ADA,
          sequence.map(({ operation }) => operation),
        )
        expect(replaceResource(USER, resource, body(resource), 'strict').changes).toEqual([])
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })
})

/** The same with sorted keys, for comparison as text. */
function canonical(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(canonical)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, child]) => [name, canonical(child)]),
  )
}

describe('a sequence of operations on members', () => {
  const ids = fc.array(fc.constantFrom(...MEMBERS), { maxLength: 4 })
  const operation = memberStep(MEMBERS).map((step) => step.operation)

  function applied(stored: readonly string[], changes: readonly MembershipChange[]): string[] {
    const current = new Set(stored)
    for (const change of changes) {
      if (change.kind === 'matching') throw new Error('Every member is named by its id here.')
      if (change.isReplacement) current.clear()
      for (const each of change.removed) current.delete(each)
      for (const each of change.added) current.add(each)
    }
    return [...current].sort()
  }

  it('folds into what applying it to the whole group gives', () => {
    fc.assert(
      fc.property(ids, fc.array(operation, { maxLength: 8 }), (before, operations) => {
        const members = before.map((value) => ({ value }))
        const group = stored(GROUP, { displayName: 'G', members }, 'g1')
        const edits = readPatch(GROUP, body({ Operations: operations }), 'lenient')
        const whole = memberIds(applyPatch(GROUP, group, edits, 'lenient').resource)
        const { membership, edits: rest } = groupPatch(edits, 'lenient')
        expect(rest).toEqual([])
        expect(membership.length).toBeLessThanOrEqual(1)
        expect(applied(before, membership)).toEqual([...whole].sort())
      }),
      { numRuns: rounds(500, 50_000) },
    )
  })

  it('never names an id as joining and leaving at once', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
        const { membership } = groupPatch(readPatch(GROUP, body({ Operations: operations }), 'lenient'), 'lenient')
        for (const change of membership) {
          if (change.kind !== 'ids') throw new ScimError(500, undefined, 'Every member is named by its id here.')
          expect(change.added.filter((each) => change.removed.includes(each))).toEqual([])
        }
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })
})
