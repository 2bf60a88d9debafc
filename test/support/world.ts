import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { Gatehouse as WholeGatehouse } from './gatehouse'
import type { GraphQLClient } from './graphql-client'
import { makeSearchable } from './search-texts'

/** What arranging needs: also a process of its own will do. */
type Gatehouse = Pick<WholeGatehouse, 'superuser' | 'client'>

/** A signed-in person. */
export interface Person {
  userId: string
  name: string
  email: string
  /** `gas_…` */
  accountToken: string
  /** GraphQL on the account side. */
  account: GraphQLClient
}

/** An organization with its founder. */
export interface TestOrganization {
  /** UUID */
  uuid: string
  /** TypeID */
  id: string
  slug: string
  admin: OrganizationMember
}

/** A person in a session of one organization. */
export interface OrganizationMember extends Person {
  /** UUID of the member. */
  memberId: string
  /** `gos_…` */
  organizationToken: string
  /** GraphQL inside the organization. */
  organization: GraphQLClient
}

let people = 0
let organizations = 0

/** A person who has proven an address by code and is signed in: a user, an identity and an account session. */
export async function signUp(gatehouse: Gatehouse, name = 'Ada'): Promise<Person> {
  people += 1
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${people}@example.com`
  const userId = newId()
  const identityId = newId()
  const { token, hash } = makeToken('accountSession', null)
  await gatehouse.superuser.rows('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [userId, name, email])
  await gatehouse.superuser.rows(
    `INSERT INTO identities (id, user_id, provider, subject, email, verified_emails) VALUES ($1, $2, 'EMAIL', $3, $3, ARRAY[$3])`,
    [identityId, userId, email],
  )
  await gatehouse.superuser.rows(
    `INSERT INTO account_sessions (id, token_hash, user_id, identity_id, provider, expires_at)
     VALUES ($1, $2, $3, $4, 'EMAIL', now() + interval '1 hour')`,
    [newId(), hash, userId, identityId],
  )
  return { userId, name, email, accountToken: token, account: gatehouse.client(token) }
}

/** A new organization, founded over the API by a new person. */
export async function found(gatehouse: Gatehouse, name = 'Acme', founder?: Person): Promise<TestOrganization> {
  organizations += 1
  const slug = `${name.toLowerCase().replace(/\W+/g, '-')}-${organizations}`
  const person = founder ?? (await signUp(gatehouse, `${name} Admin`))
  const answer = await person.account.send(
    `mutation ($input: CreateOrganizationInput!) {
       createOrganization(input: $input) { organization { id } token userErrors { code message } }
     }`,
    { input: { name, slug, billingEmail: person.email } },
  )
  const { organization, token } = answer.data.createOrganization
  const uuid = await organizationUuid(gatehouse, slug)
  const [row] = await gatehouse.superuser.rows<{ id: string }>('SELECT id FROM members WHERE organization_id = $1', [
    uuid,
  ])
  const admin = { ...person, memberId: row!.id, organizationToken: token, organization: gatehouse.client(token) }
  return { uuid, id: organization.id, slug, admin }
}

/**
 * A joined member, arranged behind the application's back: for tests whose subject is not how people join.
 * Counters, projection and session are kept as the application keeps them.
 */
export async function join(
  gatehouse: Gatehouse,
  organization: TestOrganization,
  role: 'admin' | 'member' = 'member',
  person?: Person,
): Promise<OrganizationMember> {
  const { superuser } = gatehouse
  const joining = person ?? (await signUp(gatehouse, role === 'admin' ? 'Second Admin' : 'Mallory Member'))
  const memberId = newId()
  await superuser.rows(
    `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
     SELECT $1, $2, $3, $4, $5, 'JOINED', 'INVITATION', id, now() FROM roles WHERE organization_id = $1 AND key = $6`,
    [organization.uuid, memberId, joining.userId, joining.email, joining.name, role],
  )
  await makeSearchable(superuser)
  await superuser.rows(
    `INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
     SELECT $1, $2, $3, 'JOINED', $4, exclusive_membership, now() FROM installation`,
    [joining.userId, organization.uuid, memberId, role],
  )
  await superuser.rows(
    'UPDATE organization_counters SET joined = joined + 1, admins = admins + $2 WHERE organization_id = $1',
    [organization.uuid, role === 'admin' ? 1 : 0],
  )
  const organizationToken = await openSession(gatehouse, organization.uuid, memberId)
  return { ...joining, memberId, organizationToken, organization: gatehouse.client(organizationToken) }
}

/** A further session of a member, arranged behind the application's back. @returns its token */
export async function openSession(gatehouse: Gatehouse, organizationUuid: string, memberId: string): Promise<string> {
  const { token, hash } = makeToken('organizationSession', organizationUuid)
  await gatehouse.superuser.rows(
    `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, account_session_id, provider, expires_at)
     SELECT organization_id, $3, $4, id, epoch, user_id,
       (SELECT s.id FROM account_sessions s WHERE s.user_id = members.user_id LIMIT 1), 'EMAIL', now() + interval '1 hour'
     FROM members WHERE organization_id = $1 AND id = $2`,
    [organizationUuid, memberId, newId(), hash],
  )
  return token
}

/** The TypeID of a member's UUID. */
export function memberTypeId(member: { memberId: string }): string {
  return toTypeId('Member', member.memberId)
}

async function organizationUuid(gatehouse: Gatehouse, slug: string): Promise<string> {
  const [row] = await gatehouse.superuser.rows<{ organization_id: string }>(
    'SELECT organization_id FROM organization_slugs WHERE slug = $1',
    [slug],
  )
  if (!row) throw new Error(`No organization has the slug ${slug}`)
  return row.organization_id
}
