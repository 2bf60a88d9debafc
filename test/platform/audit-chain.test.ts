import { canonicalJson } from '../../src/access'
import { toTypeId } from '../../src/kernel/ids'
import { type ChainReport, sealAudit, verifyAudit } from '../../src/modules/audit'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, type TestOrganization } from '../support/world'

describe('the audit chain', () => {
  let gatehouse: Gatehouse
  let organization: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())
  beforeEach(async () => {
    organization = await found(gatehouse, 'Chained')
    for (let n = 0; n < 5; n += 1) await createProject(`Project ${n}`)
    await seal()
  })

  async function createProject(name: string): Promise<void> {
    const { data } = await organization.admin.organization.send(
      `mutation ($id: ID!, $name: String!) {
         createProject(organizationId: $id, input: { name: $name }) { userErrors { code } }
       }`,
      { id: organization.id, name },
    )
    expect(data.createProject.userErrors).toEqual([])
  }

  /** Ages what is not sealed past the sealer's lag and runs it. */
  async function seal(): Promise<void> {
    await gatehouse.superuser.rows(`UPDATE audit_events SET at = at - interval '1 minute' WHERE sequence IS NULL`)
    await sealAudit(gatehouse.database)
  }

  async function report(): Promise<ChainReport> {
    for await (const found of verifyAudit(gatehouse.database, organization.uuid)) return found
    throw new Error('No report')
  }

  const rows = () =>
    gatehouse.superuser.rows<{ id: string; sequence: string }>(
      'SELECT id, sequence FROM audit_events WHERE organization_id = $1 ORDER BY sequence',
      [organization.uuid],
    )
  const tamper = (change: string, id: string) =>
    gatehouse.superuser.rows(`UPDATE audit_events SET ${change} WHERE organization_id = $1 AND id = $2`, [
      organization.uuid,
      id,
    ])

  it('numbers the rows of an organization from 1 without a gap, in the order of their ids', async () => {
    const found = await rows()
    expect(found.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3, 4, 5, 6])
    expect(found.map(({ id }) => id)).toEqual(found.map(({ id }) => id).sort())
    expect(await report()).toMatchObject({ intact: 6, erased: 0, unsealed: 0, broken: null })
  })

  it('goes on where it ended, also with a row that committed late and has an older id', async () => {
    await createProject('Later')
    const [last] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM audit_events WHERE organization_id = $1 AND sequence IS NULL',
      [organization.uuid],
    )
    const late = '00000000-0000-7000-8000-000000000001'
    await tamper(`id = '${late}'`, last!.id)
    await gatehouse.superuser.rows('UPDATE audit_event_targets SET event_id = $1 WHERE event_id = $2', [late, last!.id])
    await seal()
    expect((await rows()).at(-1)).toEqual({ id: late, sequence: '7' })
    expect(await report()).toMatchObject({ intact: 7, broken: null })
  })

  it('waits with rows of the last seconds and counts them as not sealed', async () => {
    await createProject('Fresh')
    await sealAudit(gatehouse.database)
    expect(await report()).toMatchObject({ intact: 6, unsealed: 1, broken: null })
  })

  it(`is written by one sealer at a time, without a gap or a fork, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      await createProject(`Race ${round}`)
      await gatehouse.superuser.rows(`UPDATE audit_events SET at = at - interval '1 minute' WHERE sequence IS NULL`)
      await Promise.all([1, 2, 3].map(() => sealAudit(gatehouse.database)))
    }
    expect(await report()).toMatchObject({ intact: 6 + RACES, unsealed: 0, broken: null })
  })

  it.each([
    ['the action', `action = action || 'x'`, /it was changed/],
    ['one byte of the hash', 'hash = set_byte(hash, 7, get_byte(hash, 7) # 1)', /it was changed/],
    ['the time', `at = at + interval '1 millisecond'`, /it was changed/],
    ['the actor', `actor_id = 'somebody'`, /it was changed/],
    ['a target', `target_ids = target_ids || 'mem_x'::text`, /it was changed/],
    ['the personal part', `details = jsonb_set(details, '{actor}', '"Nobody"')`, /its details were changed/],
    ['the digest of the personal part', `details_digest = sha256('x')`, /it was changed/],
  ])('names the row in which %s was changed', async (_what, change, flaw) => {
    const { id } = (await rows())[3]!
    await tamper(change, id)
    expect(await report()).toMatchObject({ intact: 3, broken: { id, sequence: 4, flaw: expect.stringMatching(flaw) } })
  })

  it('names the row that follows a deleted one', async () => {
    const found = await rows()
    await gatehouse.superuser.rows('DELETE FROM audit_events WHERE id = $1', [found[2]!.id])
    expect((await report()).broken).toMatchObject({
      id: found[3]!.id,
      flaw: expect.stringMatching(/missing: number 3/),
    })
  })

  it('names the first of two rows that changed places', async () => {
    const found = await rows()
    await tamper('sequence = 100', found[2]!.id)
    await tamper('sequence = 3', found[4]!.id)
    await tamper('sequence = 5', found[2]!.id)
    expect((await report()).broken).toMatchObject({ id: found[4]!.id, sequence: 3 })
  })

  it('names the row that a search for its target would not find any more', async () => {
    const found = await rows()
    await gatehouse.superuser.rows('DELETE FROM audit_event_targets WHERE event_id = $1', [found[2]!.id])
    expect((await report()).broken).toMatchObject({ id: found[2]!.id, flaw: expect.stringMatching(/does not find it/) })
  })

  it('stays whole when a person is erased: details and salt are emptied', async () => {
    const found = await rows()
    await tamper(`details = '{}', salt = ''`, found[1]!.id)
    await tamper(`details = '{}'`, found[4]!.id)
    expect(await report()).toMatchObject({ intact: 6, erased: 2, broken: null })
  })

  it('walks every organization, and only the tampered one is broken', async () => {
    const other = await found(gatehouse, 'Other')
    await seal()
    await tamper(`action = 'x'`, (await rows())[0]!.id)
    const broken: string[] = []
    const intact: string[] = []
    for await (const { organizationId, broken: flaw } of verifyAudit(gatehouse.database))
      (flaw ? broken : intact).push(toTypeId('Organization', organizationId))
    expect(broken).toContain(organization.id)
    expect(intact).toContain(other.id)
  })

  it('gives what a database returns the digest it had before it was stored', () => {
    const details = { b: new Date(0), a: [undefined, { z: 1.0, y: undefined }], c: 'ü"\n' }
    expect(canonicalJson(details)).toBe(canonicalJson(JSON.parse(JSON.stringify(details))))
  })

  it('cannot be changed by the application: its role may neither update nor delete a row', async () => {
    const { id } = (await rows())[0]!
    for (const text of [
      'UPDATE audit_events SET action = $1 WHERE id = $2',
      'DELETE FROM audit_events WHERE action = $1 OR id = $2',
      'UPDATE audit_event_targets SET target_id = $1 WHERE event_id = $2',
      'DELETE FROM audit_event_targets WHERE target_id = $1 OR event_id = $2',
    ])
      for (const scope of [
        { kind: 'organization', organizationId: organization.uuid },
        { kind: 'installation' },
      ] as const)
        await expect(
          gatehouse.database.write(scope, (tx) => tx.execute({ name: text.slice(0, 32), text }, ['x', id])),
        ).rejects.toThrow(/permission denied/)
  })
})
