import fc from 'fast-check'
import { answered } from '../../support/answered'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type ScimClient } from '../../support/scim'
import { rounds } from '../../support/soak'
import { memberStep, newUserModel, type Step, shownOf, userStep } from '../patch-model'

/*
 * PATCHes one after the other, some of which must be refused as a whole, against a model. What is stored is read after
 * each of them: it is what the model says, and its version goes up when it changed and only then.
 */

/** Sequences of one run of a property: 200 of the sample, 20,000 in full, half of them about groups. */
const AT_ONCE = 10

/** What no PATCH does. */
interface Refusal {
  readonly operation: object
  readonly status: number
}

/** One PATCH. */
interface Request<Model> {
  readonly steps: readonly Step<Model>[]
  /** Stands before the step of this number, and nothing of them is done. */
  readonly refused: Refusal | null
  readonly at: number
  /** What the client says it has seen. */
  readonly ifMatch: 'nothing' | 'current' | 'stale'
}

function requests<Model>(
  step: fc.Arbitrary<Step<Model>>,
  refusals: readonly Refusal[],
  at: fc.Arbitrary<number> = fc.nat(6),
): fc.Arbitrary<readonly Request<Model>[]> {
  const request = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    refused: fc.option(fc.constantFrom(...refusals), { freq: 2 }),
    at,
    ifMatch: fc.constantFrom('nothing' as const, 'nothing' as const, 'current' as const, 'stale' as const),
  })
  return fc.array(request, { minLength: 1, maxLength: 5 })
}

/** A resource, and what it must be. */
interface Subject<Model> {
  readonly path: string
  readonly model: Model
  readonly copy: (model: Model) => Model
  /** What a client must see of the model, beside id and meta. */
  readonly shown: (model: Model) => unknown
  /** The same of an answer. */
  readonly seen: (body: Record<string, unknown>) => unknown
}

async function follow<Model>(
  scim: ScimClient,
  { path, model, copy, shown, seen }: Subject<Model>,
  sequence: readonly Request<Model>[],
): Promise<void> {
  let [now, version] = [model, 1]
  for (const { steps, refused, at, ifMatch } of sequence) {
    const operations = steps.map(({ operation }) => operation)
    if (refused) operations.splice(at, 0, refused.operation)
    const seenVersion = { nothing: null, current: version, stale: version + 1 }[ifMatch]
    const headers: Record<string, string> = seenVersion === null ? {} : { 'if-match': `W/"${seenVersion}"` }
    const { status } = await answered(() => scim.patch(path, operations, headers))
    if (ifMatch === 'stale') expect([412, refused?.status]).toContain(status)
    else if (refused) expect({ status, operations }).toEqual({ status: refused.status, operations })
    else {
      expect(status).toBeLessThan(300)
      const next = copy(now)
      for (const { run } of steps) run(next)
      if (canonical(shown(next)) !== canonical(shown(now))) version += 1
      now = next
    }
    const { body } = await answered(() => scim.get(path))
    expect({ operations, seen: seen(body), version: body.meta.version }).toEqual({
      operations,
      seen: shown(now),
      version: `W/"${version}"`,
    })
  }
}

/** The same with sorted keys, for comparison as text. */
function canonical(json: unknown): string {
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}

const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: AT_ONCE, maxLength: AT_ONCE })

describe('sequences of PATCH', () => {
  let gatehouse: Gatehouse
  let scim: ScimClient

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 100_000, burst: 100_000 } })
    scim = (await pushTo(gatehouse)).scim
  })
  afterAll(() => gatehouse.close())

  it('leave a user as a model of them says, or as they were', async () => {
    const taken = newUser()
    await scim.post('/Users', taken)
    const refusals = [
      { operation: { op: 'replace', path: 'id', value: 'x' }, status: 400 },
      { operation: { op: 'replace', path: 'groups', value: [{ value: 'x' }] }, status: 400 },
      { operation: { op: 'remove' }, status: 400 },
      { operation: { op: 'remove', path: 'userName' }, status: 400 },
      { operation: { op: 'replace', path: 'active', value: 'maybe' }, status: 400 },
      { operation: { op: 'add', path: 'shoes.size', value: 1 }, status: 400 },
      { operation: { op: 'replace', path: 'emails[value eq "nobody"].type', value: 'x' }, status: 400 },
      { operation: { op: 'add', path: 'emails', value: 'text' }, status: 400 },
      { operation: { op: 'replace', path: 'nickName', value: '\0' }, status: 400 },
      { operation: { op: 'replace', path: 'userName', value: taken.userName.toUpperCase() }, status: 409 },
    ]
    const check = async (sequence: readonly Request<ReturnType<typeof newUserModel>>[]): Promise<void> => {
      const { userName } = newUser()
      const answer = await scim.post('/Users', { userName })
      const { id } = answer.body
      await follow(
        scim,
        {
          path: `/Users/${id}`,
          model: newUserModel(),
          copy: (model) => structuredClone(model),
          shown: (model) => ({ ...shownOf(model), id, userName }),
          seen: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'meta')),
        },
        sequence,
      )
    }
    await fc.assert(
      fc.asyncProperty(several(requests(userStep, refusals)), async (all) => void (await Promise.all(all.map(check)))),
      { numRuns: rounds(10, 1_000), endOnFailure: true },
    )
  })

  async function checkGroups(numRuns: number): Promise<void> {
    const people: string[] = []
    for (let number = 0; number < 4; number += 1) people.push((await scim.post('/Users', newUser())).body.id)
    const inner = (await scim.post('/Groups', newGroup())).body.id as string
    const refusals = [
      { operation: { op: 'add', path: 'members', value: [{ value: 'nobody' }] }, status: 400 },
      { operation: { op: 'add', path: 'members', value: [{ value: people[0] }, {}] }, status: 400 },
      { operation: { op: 'replace', path: 'displayName', value: '' }, status: 400 },
      { operation: { op: 'remove', path: 'displayName' }, status: 400 },
      { operation: { op: 'replace', path: 'members', value: [{ value: people[0]!.replace(/.$/, 'u') }] }, status: 400 },
    ]
    const check = async (sequence: readonly Request<Set<string>>[]): Promise<void> => {
      const { body } = await scim.post('/Groups', newGroup())
      await follow(
        scim,
        {
          path: `/Groups/${body.id}`,
          model: new Set<string>(),
          copy: (model) => new Set(model),
          shown: (model) => [...model].sort((one, other) => (one < other ? -1 : 1)),
          seen: ({ members = [] }) =>
            (members as { value: string }[]).map(({ value }) => value).sort((one, other) => (one < other ? -1 : 1)),
        },
        sequence,
      )
    }
    await fc.assert(
      fc.asyncProperty(
        // Whoever leaves again in the same PATCH is not looked for, so what is refused comes last.
        several(requests(memberStep([...people, inner]), refusals, fc.constant(6))),
        async (all) => void (await Promise.all(all.map(check))),
      ),
      { numRuns, endOnFailure: true },
    )
  }

  it('leave a group with the members that a model of it has, or with those it had', async () => {
    // Other people each time: whoever is in thousands of groups is slow to follow.
    for (let batch = 0; batch < rounds(1, 50); batch += 1) {
      await checkGroups(rounds(10, 20))
      // Nothing else does in a cluster of tests: plans would stay those of empty tables.
      await gatehouse.superuser.rows('VACUUM (ANALYZE)')
    }
  })
})
