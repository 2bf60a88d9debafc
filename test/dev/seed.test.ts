import type { Spine } from '../../src/access'
import { seedDemo } from '../../src/dev/seed'
import { applyMembershipPolicy } from '../../src/modules/installation'
import { COUNTERS } from '../support/counters'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { rounds } from '../support/soak'

/** Everything of the demonstration but ids, instants and what is told twice: sessions and audit rows. */
const STATE = {
  organizations: 'SELECT slug, name, description FROM organizations',
  members: `SELECT o.slug, m.email, m.name, m.status, m.suspension_reason, r.key FROM members m
            JOIN organizations o USING (organization_id)
            JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`,
  invitations: `SELECT o.slug, i.email, i.status, i.expires_at > now() AS live, i.send_email FROM invitations i
                JOIN organizations o USING (organization_id)`,
  addresses: 'SELECT a.email, o.slug FROM invitation_addresses a JOIN organizations o USING (organization_id)',
  projects: 'SELECT o.slug, p.slug AS project, p.name FROM projects p JOIN organizations o USING (organization_id)',
  grants: `SELECT p.slug, m.email, r.key FROM project_grants g
           JOIN projects p ON p.organization_id = g.organization_id AND p.id = g.project_id
           JOIN members m ON m.organization_id = g.organization_id AND m.id = g.member_id
           JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id`,
  counters: `SELECT o.slug, c.joined, c.invited, c.suspended, c.admins, c.projects FROM ${COUNTERS} c
             JOIN organizations o USING (organization_id)`,
  memberships: `SELECT u.email, o.slug, um.status, um.role_key FROM user_memberships um
                JOIN users u ON u.id = um.user_id JOIN organizations o USING (organization_id)`,
  letters: `SELECT kind, destination FROM outbox_messages`,
} as const

const OPTIONS = { sendLetters: true, onProgress: () => {} }

describe('the demonstration', () => {
  let gatehouse: Gatehouse

  beforeEach(async () => {
    gatehouse = await startGatehouse()
  })
  afterEach(() => gatehouse.close())

  const state = async () => {
    const tables = Object.entries(STATE).map(async ([name, query]) => [
      name,
      (await gatehouse.superuser.rows(query)).map((row) => JSON.stringify(row)).sort((a, b) => (a < b ? -1 : 1)),
    ])
    return Object.fromEntries(await Promise.all(tables)) as object
  }
  /** A spine whose process dies right after the given use case was committed. */
  const dyingAfter = (useCases: number): Spine => {
    let done = 0
    return {
      ...gatehouse.app.spine,
      report() {
        done += 1
        if (done >= useCases) throw new Error('killed')
      },
    }
  }
  const countUseCases = async (): Promise<number> => {
    let done = 0
    await seedDemo({ ...gatehouse.app.spine, report: () => void (done += 1) }, OPTIONS)
    return done
  }
  const again = async (policy: 'many' | 'single' = 'many') => {
    await gatehouse.close()
    gatehouse = await startGatehouse()
    await applyMembershipPolicy(gatehouse.database, policy)
  }

  it.each(['many', 'single'] as const)(
    'is the same in the end wherever its making was killed, where a person may be in %s',
    async (policy) => {
      await again(policy)
      const length = await countUseCases()
      const whole = await state()
      const kills = Math.min(length - 1, rounds(6, length - 1))
      for (let kill = 1; kill <= kills; kill += 1) {
        await again(policy)
        const at = Math.ceil((kill * (length - 1)) / kills)
        await expect(seedDemo(dyingAfter(at), OPTIONS)).rejects.toThrow('killed')
        await seedDemo(gatehouse.app.spine, OPTIONS)
        expect([at, await state()]).toEqual([at, whole])
      }
    },
  )

  it('comes to its end although it is killed again and again', async () => {
    await countUseCases()
    const whole = await state()
    await again()
    let kills = 0
    for (; kills < 200; kills += 1) {
      // More than it takes to look at what is there already, so that each life gets a little further.
      const isDone = await seedDemo(dyingAfter(40), OPTIONS).then(
        () => true,
        () => false,
      )
      if (isDone) break
    }
    expect(kills).toBeGreaterThan(3)
    expect(await state()).toEqual(whole)
  })

  it('leaves alone what people have changed in it since it was complete', async () => {
    await seedDemo(gatehouse.app.spine, OPTIONS)
    await gatehouse.superuser.rows(`DELETE FROM invitations WHERE email = 'wanda@acme.example'`)
    await gatehouse.superuser.rows(`UPDATE members SET status = 'REMOVED' WHERE email = 'grace@acme.example'`)
    await gatehouse.superuser.rows(`UPDATE organizations SET description = 'Ours'`)
    const before = await state()
    const made: string[] = []
    await seedDemo(gatehouse.app.spine, { ...OPTIONS, onProgress: (name) => made.push(name) })
    expect([made, await state()]).toEqual([[], before])
  })
})
