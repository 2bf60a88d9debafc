import { newId, toTypeId } from '../../src/kernel/ids'
import { purgeDueOrganizations } from '../../src/modules/organizations'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, signUp, type TestOrganization } from '../support/world'

const DELETE = `mutation ($id: ID!, $slug: String!) { deleteOrganization(id: $id, confirmSlug: $slug) {
  organization { status deletionScheduledFor slug } sessionsRevoked userErrors { code path } } }`
const CANCEL = `mutation ($id: ID!) { cancelOrganizationDeletion(id: $id) { organization { status deletionScheduledFor } userErrors { code } } }`
const SWITCH = `mutation ($id: ID!) { switchOrganization(organizationId: $id) { token userErrors { code } } }`
const SEE = `query ($id: ID!) { organization(by: { id: $id }) { name } }`

describe('the end of an organization', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const remove = (client: GraphQLClient, { id, slug }: TestOrganization) => client.send(DELETE, { id, slug })
  const cancel = (client: GraphQLClient, { id }: TestOrganization) => client.send(CANCEL, { id })
  const isDue = (organization: TestOrganization) =>
    gatehouse.superuser.rows(
      "UPDATE organizations SET deletion_scheduled_for = now() - interval '1 s' WHERE organization_id = $1",
      [organization.uuid],
    )

  describe('deleteOrganization', () => {
    it('ends all access at once and keeps the data for 30 days', async () => {
      const acme = await found(gatehouse, 'Acme')
      const member = await join(gatehouse, acme)
      const { data } = await remove(acme.admin.organization, acme)
      expect(data.deleteOrganization).toMatchObject({
        organization: { status: 'PENDING_DELETION', slug: acme.slug },
        sessionsRevoked: 2,
        userErrors: [],
      })
      const days =
        (new Date(data.deleteOrganization.organization.deletionScheduledFor).getTime() - Date.now()) / 86_400_000
      expect(days).toBeGreaterThan(29.9)
      for (const { organization } of [acme.admin, member]) {
        const answer = await organization.send(SEE, { id: acme.id })
        expect([answer.status, answer.data?.organization ?? null]).toEqual([401, null])
      }
      expect((await member.account.send(SWITCH, { id: acme.id })).data.switchOrganization.userErrors).toEqual([
        { code: 'NOT_FOUND' },
      ])
      expect(
        await gatehouse.superuser.rows('SELECT 1 FROM members WHERE organization_id = $1', [acme.uuid]),
      ).toHaveLength(2)
    })

    it('answers what the caller could read before with null, and says so, instead of failing', async () => {
      const acme = await found(gatehouse, 'Asked')
      const ask = (mutation: string) => `mutation ($id: ID!, $slug: String!) { ${mutation} {
        organization { name status billingEmail memberStats { joined } viewerPermissions viewerCan(action: UPDATE) { allowed } }
        userErrors { code } } }`
      const gone = {
        billingEmail: null,
        memberStats: null,
        viewerPermissions: [],
        viewerCan: { allowed: false },
      }
      const sent = { id: acme.id, slug: acme.slug }
      const deleted = await acme.admin.organization.send(ask('deleteOrganization(id: $id, confirmSlug: $slug)'), sent)
      expect([deleted.status, deleted.errors, deleted.data]).toEqual([
        200,
        undefined,
        {
          deleteOrganization: { organization: { name: 'Asked', status: 'PENDING_DELETION', ...gone }, userErrors: [] },
        },
      ])
      expect(deleted.extensions.denied).toContainEqual({
        path: ['deleteOrganization', 'organization', 'billingEmail'],
        permission: 'organization.update',
      })
      const restored = await acme.admin.account.send(
        ask('cancelOrganizationDeletion(id: $id)').replace(', $slug: String!', ''),
        sent,
      )
      expect([restored.status, restored.errors, restored.data]).toEqual([
        200,
        undefined,
        { cancelOrganizationDeletion: { organization: { name: 'Asked', status: 'ACTIVE', ...gone }, userErrors: [] } },
      ])
    })

    it('shows the operator, whose access does not end, what it holds', async () => {
      const acme = await found(gatehouse, 'Operated')
      const { data } = await gatehouse.operator.send(
        `mutation ($id: ID!, $slug: String!) { deleteOrganization(id: $id, confirmSlug: $slug) { organization { billingEmail } } }`,
        { id: acme.id, slug: acme.slug },
      )
      expect(data.deleteOrganization.organization.billingEmail).toBe(acme.admin.email)
    })

    it('tells every Admin, and nobody else, who asked, until when it can be cancelled, and where', async () => {
      const acme = await found(gatehouse, 'Told')
      const second = await join(gatehouse, acme, 'admin')
      await join(gatehouse, acme)
      const { data } = await remove(second.organization, acme)
      const rows = await gatehouse.superuser.rows<{ destination: string; payload: unknown }>(
        `SELECT destination, payload FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.deletion-scheduled'`,
        [acme.uuid],
      )
      expect(new Set(rows.map(({ destination }) => destination))).toEqual(new Set([acme.admin.email, second.email]))
      for (const { payload } of rows)
        expect(payload).toEqual({
          organizationName: 'Told',
          requestedByName: second.name,
          cancelUntil: data.deleteOrganization.organization.deletionScheduledFor,
        })
    })

    it('tells nobody when it was refused', async () => {
      const acme = await found(gatehouse, 'Untold')
      await acme.admin.organization.send(DELETE, { id: acme.id, slug: 'wrong' })
      const waiting = 'SELECT 1 FROM outbox_messages WHERE organization_id = $1'
      expect(await gatehouse.superuser.rows(waiting, [acme.uuid])).toEqual([])
    })

    it('lets no request through that was sent after the answer', async () => {
      const acme = await found(gatehouse, 'Busy')
      const members = await Promise.all([1, 2, 3].map(() => join(gatehouse, acme)))
      let answeredAt = Number.POSITIVE_INFINITY
      let passedAfterwards = 0
      const probing = members.map(async ({ organization }) => {
        for (let request = 0; request < 40; request += 1) {
          const sentAt = performance.now()
          const { data } = await organization.send(SEE, { id: acme.id })
          if (data?.organization && sentAt > answeredAt) passedAfterwards += 1
        }
      })
      await remove(acme.admin.organization, acme)
      answeredAt = performance.now()
      await Promise.all(probing)
      expect(passedAfterwards).toBe(0)
    })

    it('keeps the slug taken until the purge', async () => {
      const acme = await found(gatehouse, 'Slug')
      await remove(acme.admin.organization, acme)
      const { data } = await (await signUp(gatehouse)).account.send(
        `mutation ($slug: String!) { createOrganization(input: { name: "Other", slug: $slug, billingEmail: "a@example.com" }) { userErrors { code } } }`,
        { slug: acme.slug },
      )
      expect(data.createOrganization.userErrors).toEqual([{ code: 'NOT_UNIQUE' }])
    })

    it('needs the slug typed exactly', async () => {
      const acme = await found(gatehouse, 'Typed')
      const { data } = await acme.admin.organization.send(DELETE, { id: acme.id, slug: acme.slug.toUpperCase() })
      expect(data.deleteOrganization).toMatchObject({
        organization: null,
        userErrors: [{ code: 'CONFIRMATION_MISMATCH', path: ['confirmSlug'] }],
      })
      expect((await acme.admin.organization.send(SEE, { id: acme.id })).data.organization).not.toBeNull()
    })

    it('answers FORBIDDEN to a member, NOT_FOUND to a stranger, 401 to nobody; the operator may', async () => {
      const acme = await found(gatehouse, 'Guarded')
      const rival = await found(gatehouse, 'Rival')
      const member = await join(gatehouse, acme)
      const codeFor = async (client: GraphQLClient) =>
        (await remove(client, acme)).data.deleteOrganization.userErrors[0]?.code
      expect(await codeFor(member.organization)).toBe('FORBIDDEN')
      expect(await codeFor(rival.admin.organization)).toBe('NOT_FOUND')
      expect(await codeFor(acme.admin.account)).toBe('NOT_FOUND')
      expect((await remove(gatehouse.client(), acme)).status).toBe(401)
      expect(await codeFor(gatehouse.operator)).toBeUndefined()
    })

    it(`lets a concurrent write commit as a whole or not at all, in ${RACES} races`, async () => {
      const create = `mutation ($id: ID!) { createProject(organizationId: $id, input: { name: "Late" }) { project { id } userErrors { code } } }`
      for (let round = 0; round < RACES; round += 1) {
        const acme = await found(gatehouse, 'Race')
        const [deleted, created] = await Promise.all([
          remove(acme.admin.organization, acme),
          acme.admin.organization.send(create, { id: acme.id }),
        ])
        expect(deleted.data.deleteOrganization.userErrors).toEqual([])
        const projects = await gatehouse.superuser.rows(
          "SELECT 1 FROM projects WHERE organization_id = $1 AND slug = 'late'",
          [acme.uuid],
        )
        const refusal = created.errors?.[0]?.extensions.code ?? created.data.createProject.userErrors[0]?.code
        // The write may have committed just before the deletion, and its answer could not be read any more after it.
        expect(['UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', undefined]).toContain(refusal)
        if (refusal === 'FORBIDDEN') expect(projects).toHaveLength(1)
        if (refusal === undefined) expect(projects).toHaveLength(1)
      }
    })
  })

  describe('cancelOrganizationDeletion', () => {
    it('is for the operator too, who names it by id', async () => {
      const acme = await found(gatehouse, 'Helped')
      await remove(acme.admin.organization, acme)
      const { data } = await cancel(gatehouse.operator, acme)
      expect(data.cancelOrganizationDeletion).toEqual({
        organization: { status: 'ACTIVE', deletionScheduledFor: null },
        userErrors: [],
      })
      const again = await cancel(gatehouse.operator, acme)
      expect(again.data.cancelOrganizationDeletion.userErrors).toEqual([{ code: 'WRONG_STATE' }])
      const nowhere = await cancel(gatehouse.operator, { ...acme, id: toTypeId('Organization', newId()) })
      expect(nowhere.data.cancelOrganizationDeletion.userErrors).toEqual([{ code: 'NOT_FOUND' }])
      expect((await cancel(gatehouse.client('gop_forged'), acme)).status).toBe(401)
      const [audit] = await gatehouse.superuser.rows(
        `SELECT actor_kind FROM audit_events WHERE organization_id = $1 AND action = 'organization.deletion_cancelled'`,
        [acme.uuid],
      )
      expect(audit).toEqual({ actor_kind: 'operator' })
    })

    it('brings the organization back for people who sign in to it anew; old sessions stay dead', async () => {
      const acme = await found(gatehouse, 'Back')
      await remove(acme.admin.organization, acme)
      const { data } = await cancel(acme.admin.account, acme)
      expect(data.cancelOrganizationDeletion).toEqual({
        organization: { status: 'ACTIVE', deletionScheduledFor: null },
        userErrors: [],
      })
      expect((await acme.admin.organization.send(SEE, { id: acme.id })).data?.organization ?? null).toBeNull()
      const { token } = (await acme.admin.account.send(SWITCH, { id: acme.id })).data.switchOrganization
      expect((await gatehouse.client(token).send(SEE, { id: acme.id })).data.organization).toEqual({ name: 'Back' })
    })

    it('is for Admins: a member gets FORBIDDEN, a stranger NOT_FOUND, a session of the organization 401', async () => {
      const acme = await found(gatehouse, 'Kept')
      const member = await join(gatehouse, acme)
      await remove(acme.admin.organization, acme)
      const codeFor = async (client: GraphQLClient) =>
        (await cancel(client, acme)).data.cancelOrganizationDeletion.userErrors[0]?.code
      expect(await codeFor(member.account)).toBe('FORBIDDEN')
      expect(await codeFor((await signUp(gatehouse)).account)).toBe('NOT_FOUND')
      expect((await cancel(acme.admin.organization, acme)).status).toBe(401)
      expect(await codeFor(acme.admin.account)).toBeUndefined()
      expect(await codeFor(acme.admin.account)).toBe('WRONG_STATE')
    })
  })

  describe('the purge', () => {
    it('deletes what is due and nothing else; audit rows and accounts stay, the slug is free', async () => {
      const [due, waiting, living] = [
        await found(gatehouse, 'Due'),
        await found(gatehouse, 'Waiting'),
        await found(gatehouse, 'Living'),
      ]
      await join(gatehouse, due)
      await remove(due.admin.organization, due)
      await remove(waiting.admin.organization, waiting)
      await isDue(due)
      await purgeDueOrganizations(gatehouse.app.spine)
      const left = await gatehouse.superuser.rows<{ organization_id: string }>(
        'SELECT organization_id FROM organizations WHERE organization_id = ANY ($1)',
        [[due.uuid, waiting.uuid, living.uuid]],
      )
      expect(left.map((row) => row.organization_id).sort((a, b) => (a < b ? -1 : 1))).toEqual(
        [waiting.uuid, living.uuid].sort((a, b) => (a < b ? -1 : 1)),
      )
      const tables = await gatehouse.superuser.rows<{ table_name: string }>(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'organization_id' AND table_schema = 'public'",
      )
      for (const { table_name } of tables) {
        if (['audit_events', 'audit_event_targets'].includes(table_name)) continue
        expect([
          table_name,
          await gatehouse.superuser.rows(`SELECT 1 FROM ${table_name} WHERE organization_id = $1`, [due.uuid]),
        ]).toEqual([table_name, []])
      }
      const audits = await gatehouse.superuser.rows<{ action: string; actor_kind: string }>(
        'SELECT action, actor_kind FROM audit_events WHERE organization_id = $1 ORDER BY id',
        [due.uuid],
      )
      expect(audits.at(-1)).toEqual({ action: 'organization.purged', actor_kind: 'system' })
      expect(await gatehouse.superuser.rows('SELECT 1 FROM users WHERE id = $1', [due.admin.userId])).toHaveLength(1)
      const again = await due.admin.account.send(
        `mutation ($slug: String!) { createOrganization(input: { name: "Again", slug: $slug, billingEmail: "a@example.com" }) { organization { slug } userErrors { code } } }`,
        { slug: due.slug },
      )
      expect(again.data.createOrganization).toEqual({ organization: { slug: due.slug }, userErrors: [] })
    })

    it('spares an organization that was brought back', async () => {
      const acme = await found(gatehouse, 'Spared')
      await remove(acme.admin.organization, acme)
      await isDue(acme)
      await Promise.all([purgeDueOrganizations(gatehouse.app.spine), cancel(acme.admin.account, acme)])
      const rows = await gatehouse.superuser.rows<{ status: string }>(
        'SELECT status FROM organizations WHERE organization_id = $1',
        [acme.uuid],
      )
      const members = await gatehouse.superuser.rows('SELECT 1 FROM members WHERE organization_id = $1', [acme.uuid])
      expect([rows.map((row) => row.status), members.length]).toEqual(rows.length > 0 ? [['ACTIVE'], 1] : [[], 0])
    })
  })
})
