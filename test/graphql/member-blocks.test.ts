import { Operation, OWN_ORGANIZATION, systemCaller, writeUseCase } from '../../src/access'
import { newId, toTypeId } from '../../src/kernel/ids'
import { blockMembers, endMembership, lockMembers } from '../../src/modules/members'
import { COUNTERS } from '../support/counters'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { roleId } from '../support/invitations'
import { type ArrangedProvider, arrangeIdentity, arrangeProvider, enterSsoMode } from '../support/sso'
import { found, join, memberTypeId, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const REMOVE = `mutation ($id: ID!, $members: MemberSelection!, $mayReturn: Boolean!) {
  removeMembers(organizationId: $id, members: $members, mayReturn: $mayReturn) {
    results { userErrors { code } } admittingConnections receipt { sessionsRevoked refreshTokensRevoked peopleBlocked } } }`
const BLOCKS = `query ($id: ID!) { organization(by: { id: $id }) { memberBlocks(first: 10) {
  nodes { reason connections member { email } } pageInfo { hasNextPage } } } }`
const LIFT = 'mutation ($id: ID!) { liftMemberBlock(memberId: $id) { member { status } userErrors { code } } }'
const SWITCH = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token userErrors { code message } } }'

/** What a directory does when it deprovisions somebody. */
const deprovision = writeUseCase({
  name: 'deprovisionInTest',
  requires: 'operator',
  organization: () => OWN_ORGANIZATION,
  locks: 'update',
  async run(context, { memberId }: { memberId: string }) {
    const members = await lockMembers(context.tx, context.organizationId, [memberId])
    const ending = { to: 'REMOVED', action: 'member.removed', block: 'DIRECTORY' } as const
    return endMembership(context, context.organizationId, [...members.values()], ending)
  },
})

describe('who was removed', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let okta: ArrangedProvider

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    acme = await found(gatehouse, 'Acme')
    await enterSsoMode(gatehouse, acme)
    okta = await arrangeProvider(gatehouse, acme, { status: 'ACTIVE', name: 'Okta' })
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const remove = async (member: OrganizationMember, mayReturn = false): Promise<Answer> =>
    (await admin().send(REMOVE, { id: acme.id, members: { ids: [memberTypeId(member)] }, mayReturn })).data
      .removeMembers
  const blocks = async (): Promise<Answer> =>
    (await admin().send(BLOCKS, { id: acme.id })).data.organization.memberBlocks.nodes
  const standing = (member: OrganizationMember): Promise<Answer[]> =>
    gatehouse.superuser.rows(
      `SELECT user_id, sso_provider_id, subject, reason, lifted_at IS NOT NULL AS lifted FROM member_tombstones WHERE member_id = $1 ORDER BY subject NULLS FIRST`,
      [member.memberId],
    )

  it('leaves a tombstone for the person and for each subject, and the receipt says so', async () => {
    const member = await join(gatehouse, acme)
    const subject = await arrangeIdentity(gatehouse, acme, okta, member)
    const [session] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM organization_sessions WHERE member_id = $1',
      [member.memberId],
    )
    for (const used of [null, new Date()])
      await gatehouse.superuser.rows(
        `INSERT INTO refresh_tokens (organization_id, id, family_id, token_hash, session_id, audience, expires_at, used_at)
         VALUES ($1, $2, $2, $3, $4, 'app', now() + interval '1 day', $5)`,
        [acme.uuid, newId(), Buffer.from(newId()), session!.id, used],
      )
    expect(await remove(member)).toEqual({
      results: [{ userErrors: [] }],
      admittingConnections: ['Okta'],
      receipt: { sessionsRevoked: 1, refreshTokensRevoked: 1, peopleBlocked: 1 },
    })
    expect(await standing(member)).toEqual([
      { user_id: member.userId, sso_provider_id: null, subject: null, reason: 'ADMIN', lifted: false },
      { user_id: member.userId, sso_provider_id: okta.uuid, subject, reason: 'ADMIN', lifted: false },
    ])
    expect(await blocks()).toEqual([{ reason: 'ADMIN', connections: ['Okta'], member: { email: member.email } }])
    const [alive] = await gatehouse.superuser.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM refresh_tokens WHERE session_id = $1 AND revoked_at IS NULL',
      [session!.id],
    )
    expect(alive!.n).toBe(0)
  })

  it('leaves none when they may return, or where nobody comes in by a connection', async () => {
    const welcome = await join(gatehouse, acme)
    await arrangeIdentity(gatehouse, acme, okta, welcome)
    expect((await remove(welcome, true)).receipt.peopleBlocked).toBe(0)
    expect(await standing(welcome)).toEqual([])
    acme = await found(gatehouse, 'Invited')
    const invited = await join(gatehouse, acme)
    expect(await remove(invited)).toMatchObject({ admittingConnections: [], receipt: { peopleBlocked: 0 } })
    expect(await blocks()).toEqual([])
  })

  it('comes in again once an Admin lifts it; a weak member and a stranger cannot', async () => {
    const [member, weak] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    const rival = await found(gatehouse, 'Rival')
    await arrangeIdentity(gatehouse, acme, okta, member)
    await remove(member)
    const id = memberTypeId(member)
    for (const [client, code] of [
      [weak.organization, 'FORBIDDEN'],
      [rival.admin.organization, 'NOT_FOUND'],
    ] as const)
      expect((await client.send(LIFT, { id })).data.liftMemberBlock.userErrors).toEqual([{ code }])
    expect((await standing(member)).every(({ lifted }) => lifted === false)).toBe(true)
    const { data } = await admin().send(LIFT, { id })
    expect(data.liftMemberBlock).toEqual({ member: { status: 'REMOVED' }, userErrors: [] })
    expect((await standing(member)).every(({ lifted }) => lifted === true)).toBe(true)
    expect(await blocks()).toEqual([])
    const denied = await weak.organization.send(BLOCKS, { id: acme.id })
    expect(denied.data.organization.memberBlocks).toBeNull()
    const audited = await gatehouse.superuser.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit_events WHERE organization_id = $1 AND action = 'member.block_lifted'`,
      [acme.uuid],
    )
    expect(audited).toEqual([{ n: 1 }])
  })

  it('is let in again by being added or reactivated', async () => {
    acme = await found(gatehouse, 'Both Ways')
    const person = await signUp(gatehouse, 'Grace')
    const member = await join(gatehouse, acme, 'member', person)
    await arrangeIdentity(gatehouse, acme, await arrangeProvider(gatehouse, acme, { status: 'TESTED' }), member)
    expect((await remove(member)).receipt.peopleBlocked).toBe(1)
    await admin().send(
      'mutation ($id: ID!, $user: ID!, $role: ID!) { addMember(organizationId: $id, userId: $user, roleId: $role) { userErrors { code } } }',
      { id: acme.id, user: toTypeId('User', person.userId), role: await roleId(gatehouse, acme, 'member') },
    )
    expect((await standing(member)).map(({ lifted }) => lifted)).toEqual([true, true])
  })

  it('is never kept in by a rule when the directory asks, not even the last Admin', async () => {
    const caller = systemCaller('directory', acme.uuid)
    const receipt = await new Operation(gatehouse.app.spine, caller).execute(deprovision, {
      memberId: acme.admin.memberId,
    })
    expect(receipt).toMatchObject({ sessionsRevoked: 1, peopleBlocked: 1 })
    const counters = await gatehouse.superuser.rows(
      `SELECT admins, joined, adminless_since IS NOT NULL AS adminless FROM ${COUNTERS} AS c WHERE organization_id = $1`,
      [acme.uuid],
    )
    expect(counters).toEqual([{ admins: 0, joined: 0, adminless: true }])
    expect((await standing(acme.admin)).map(({ reason }) => reason)).toEqual(['DIRECTORY'])
  })

  it('is blocked once, however often it is asked', async () => {
    const member = await join(gatehouse, acme)
    await arrangeIdentity(gatehouse, acme, okta, member)
    const block = () =>
      gatehouse.database.write({ kind: 'organization', organizationId: acme.uuid }, (tx) =>
        blockMembers(tx, acme.uuid, [member.memberId], 'DIRECTORY'),
      )
    await Promise.all([block(), block(), block()])
    expect(await standing(member)).toHaveLength(2)
  })

  it('does not come in from the account side, and neither does anybody else, while members come by SSO', async () => {
    const member = await join(gatehouse, acme)
    const { data } = await member.account.send(SWITCH, { id: acme.id })
    expect(data.switchOrganization).toEqual({
      token: null,
      userErrors: [{ code: 'MEMBERSHIP_MODE', message: expect.stringContaining(`/login/${acme.slug}`) }],
    })
  })
})
