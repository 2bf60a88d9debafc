import { outboxSealContext } from '../../src/access'
import { toTypeId } from '../../src/kernel/ids'
import { COUNTERS } from './counters'
import type { Gatehouse } from './gatehouse'
import type { Answer, GraphQLClient } from './graphql-client'
import type { TestOrganization } from './world'

/** A letter as it waits in the outbox. */
export interface Letter {
  /** `giv_…`, unsealed. */
  token: string
  payload: Record<string, unknown>
}

const INVITE = `mutation ($id: ID!, $input: InviteMembersInput!) {
  inviteMembers(organizationId: $id, input: $input) {
    results { index input email outcome message invitation { id email status message } }
    userErrors { code message path }
  }
}`

/** Invites over the API as the Admin of the organization, unless somebody else asks. @returns the payload */
export async function invite(
  organization: TestOrganization,
  input: { emails: string[]; [field: string]: unknown },
  client: GraphQLClient = organization.admin.organization,
): Promise<Answer> {
  return (await client.send(INVITE, { id: organization.id, input })).data.inviteMembers
}

/** The letters to an address, oldest first. */
export async function lettersTo(gatehouse: Gatehouse, email: string): Promise<Letter[]> {
  const rows = await gatehouse.superuser.rows<{
    organization_id: string
    id: string
    payload: Letter['payload']
    sealed: Buffer
  }>(`SELECT * FROM outbox_messages WHERE kind = 'mail.invitation' AND destination = $1 ORDER BY id`, [email])
  const { sealer } = gatehouse.app.spine
  return rows.map(({ organization_id, id, payload, sealed }) => ({
    payload,
    token: sealer.open(sealed, outboxSealContext(organization_id, id)),
  }))
}

/** Invites one address. @returns its invitation with the token of the letter */
export async function invited(
  gatehouse: Gatehouse,
  organization: TestOrganization,
  email: string,
  input: object = {},
): Promise<{ id: string; token: string }> {
  const { results } = await invite(organization, { emails: [email], ...input })
  return { id: results[0].invitation.id, token: (await lettersTo(gatehouse, email)).at(-1)!.token }
}

/** Lets time pass for an invitation, as far as it can tell. */
export async function expire(gatehouse: Gatehouse, email: string): Promise<void> {
  await gatehouse.superuser.rows(`UPDATE invitations SET expires_at = now() - interval '1 minute' WHERE email = $1`, [
    email,
  ])
  await gatehouse.superuser.rows(
    `UPDATE invitation_addresses SET expires_at = now() - interval '1 minute' WHERE email = $1`,
    [email],
  )
}

/** TypeID of a built-in role. */
export async function roleId(gatehouse: Gatehouse, organization: TestOrganization, key: string): Promise<string> {
  const [row] = await gatehouse.superuser.rows<{ id: string }>(
    'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
    [organization.uuid, key],
  )
  return toTypeId('Role', row!.id)
}

/** How a member row, its invitation and the counters stand. */
export async function standing(gatehouse: Gatehouse, organization: TestOrganization, email: string): Promise<Answer[]> {
  return gatehouse.superuser.rows(
    `SELECT m.status AS member, i.status AS invitation, r.key AS role FROM members m
     JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
     LEFT JOIN invitations i ON i.organization_id = m.organization_id AND i.member_id = m.id
     WHERE m.organization_id = $1 AND m.email = $2 ORDER BY m.id, i.id`,
    [organization.uuid, email],
  )
}

/** The numbers of an organization. */
export async function countersOf(gatehouse: Gatehouse, organization: TestOrganization): Promise<Answer> {
  const [row] = await gatehouse.superuser.rows(
    `SELECT joined, invited, admins FROM ${COUNTERS} AS c WHERE organization_id = $1`,
    [organization.uuid],
  )
  return row
}
