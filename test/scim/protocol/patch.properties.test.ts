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
import { body, stored } from './support'

const TYPES = ['work', 'home'] as const
const VALUES = ['a', 'b', 'c'] as const

interface Email {
  type?: string
  value?: string
  primary?: boolean
}

/** The state that the operations below can reach, and what each of them does to it, written for reading. */
interface Model {
  title: string | undefined
  name: { givenName?: string; familyName?: string }
  emails: Email[]
}

interface Step {
  readonly operation: object
  readonly run: (model: Model) => void
}

function merge(emails: Email[], added: Email): void {
  const same = emails.find(({ type, value }) => type === added.type && value === added.value)
  if (added.primary) for (const email of emails) if (email.primary) email.primary = false
  if (same) Object.assign(same, added)
  else emails.push({ ...added })
}

const type = fc.constantFrom(...TYPES)
const value = fc.constantFrom(...VALUES)
const email: fc.Arbitrary<Email> = fc.oneof(
  fc.record({ type, value }),
  fc.record({ type, value, primary: fc.constant(true) }),
)
const op = (word: 'add' | 'remove' | 'replace') =>
  fc.constantFrom(word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`)

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(op('replace'), value).map(([verb, title]) => ({
    operation: { op: verb, path: 'Title', value: title },
    run: (model: Model) => void (model.title = title),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'title' },
    run: (model: Model) => {
      model.title = undefined
    },
  })),
  fc.tuple(op('add'), value).map(([verb, familyName]) => ({
    operation: { op: verb, path: 'name', value: { familyName } },
    run: (model: Model) => void Object.assign(model.name, { familyName }),
  })),
  fc.tuple(op('replace'), value).map(([verb, givenName]) => ({
    operation: { op: verb, value: { 'name.givenName': givenName } },
    run: (model: Model) => void Object.assign(model.name, { givenName }),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'name.givenName' },
    run: (model: Model) => void delete model.name.givenName,
  })),
  fc.tuple(op('add'), email).map(([verb, added]) => ({
    operation: { op: verb, path: 'emails', value: [added] },
    run: (model: Model) => merge(model.emails, added),
  })),
  fc.tuple(op('replace'), email).map(([verb, only]) => ({
    operation: { op: verb, value: { emails: [only] } },
    run: (model: Model) => void (model.emails = [{ ...only }]),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'emails' },
    run: (model: Model) => void (model.emails = []),
  })),
  fc.tuple(op('remove'), type).map(([verb, gone]) => ({
    operation: { op: verb, path: `emails[type eq "${gone}"]` },
    run: (model: Model) => void (model.emails = model.emails.filter((each) => each.type !== gone)),
  })),
  fc.tuple(op('remove'), value).map(([verb, gone]) => ({
    operation: { op: verb, path: 'emails', value: [{ value: gone }] },
    run: (model: Model) => void (model.emails = model.emails.filter((each) => each.value !== gone)),
  })),
  fc.tuple(op('replace'), type, value).map(([verb, wanted, changed]) => ({
    operation: { op: verb, path: `emails[type eq "${wanted}"].value`, value: changed },
    run: (model: Model) => {
      const chosen = model.emails.filter((each) => each.type === wanted)
      for (const each of chosen) each.value = changed
      if (chosen.length === 0) model.emails.push({ type: wanted, value: changed })
      model.emails = collapsed(model.emails)
    },
  })),
)

/** Elements that a change made equal become one, the later over the earlier. */
function collapsed(emails: Email[]): Email[] {
  const result: Email[] = []
  for (const each of emails) {
    const same = result.find((other) => other.type === each.type && other.value === each.value)
    if (same) Object.assign(same, each)
    else result.push({ ...each })
  }
  return result
}

function patch(resource: Resource, operations: readonly object[]) {
  return applyPatch(USER, resource, readPatch(USER, body({ Operations: operations }), 'lenient'), 'lenient')
}

function expected({ title, name, emails }: Model, before: Resource): object {
  return {
    schemas: before.schemas,
    id: before.id,
    meta: before.meta,
    userName: 'ada',
    active: true,
    ...(title !== undefined && { title }),
    ...(Object.keys(name).length > 0 && { name }),
    ...(emails.length > 0 && { emails }),
  }
}

const steps = fc.array(step, { maxLength: 12 })

describe('a sequence of operations', () => {
  const ADA = stored(USER, { userName: 'ada' })

  it('does what a model of it does', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const model: Model = { title: undefined, name: {}, emails: [] }
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
  const id = fc.constantFrom('m1', 'm2', 'm3', 'm4', 'm5')
  const ids = fc.array(id, { maxLength: 4 })
  const members = (some: readonly string[]) => some.map((each) => ({ value: each, $ref: null }))
  const operation: fc.Arbitrary<object> = fc.oneof(
    ids.map((some) => ({ op: 'add', path: 'members', value: members(some) })),
    ids.map((some) => ({ op: 'Remove', path: 'members', value: members(some) })),
    ids.map((some) => ({ op: 'replace', path: 'members', value: members(some) })),
    id.map((one) => ({ op: 'remove', path: `members[value eq "${one}"]` })),
    fc
      .tuple(id, id)
      .map(([one, other]) => ({ op: 'remove', path: `members[value eq "${one}" or value eq "${other}"]` })),
    fc.constant({ op: 'remove', path: 'members' }),
    ids.map((some) => ({ op: 'add', value: { members: members(some) } })),
  )

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
        const group = stored(GROUP, { displayName: 'G', members: members(before) }, 'g1')
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
