import { toTypeId } from '../../src/kernel/ids'
import type { Gatehouse } from './gatehouse'
import type { GraphQLClient } from './graphql-client'
import { join, type OrganizationMember, type TestOrganization } from './world'

/** What a new role is made of; one for the organization when it does not say. */
export interface RoleInput {
  name?: string
  key?: string
  description?: string | null
  scope?: 'ORGANIZATION' | 'PROJECT'
  permissions?: readonly string[]
}

const CREATE = `mutation ($id: ID!, $input: RoleInput!) { createRole(organizationId: $id, input: $input) {
  role { id key version } userErrors { code path message } } }`

/** A role of the organization's own, made over the API. @returns its id */
export async function makeRole(
  organization: TestOrganization,
  name: string,
  permissions: readonly string[],
  input: RoleInput = {},
  client: GraphQLClient = organization.admin.organization,
): Promise<string> {
  const made = { name, scope: 'ORGANIZATION', permissions, ...input }
  const { data } = await client.send(CREATE, { id: organization.id, input: made })
  const { role, userErrors } = data.createRole
  if (!role) throw new Error(`No role was made: ${JSON.stringify(userErrors)}`)
  return role.id
}

/** The id of a role by its key. */
export async function roleByKey(gatehouse: Gatehouse, { uuid }: TestOrganization, key: string): Promise<string> {
  const [row] = await gatehouse.superuser.rows<{ id: string }>(
    'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
    [uuid, key],
  )
  return toTypeId('Role', row!.id)
}

/** A joined member to whom the Admin gives a role. */
export async function joinAs(
  gatehouse: Gatehouse,
  organization: TestOrganization,
  roleId: string,
): Promise<OrganizationMember> {
  const member = await join(gatehouse, organization)
  await giveRole(organization, [member], roleId)
  return member
}

const GIVE = `mutation ($id: ID!, $ids: [ID!]!, $role: ID!) {
  setMembersRole(organizationId: $id, members: { ids: $ids }, roleId: $role) { results { userErrors { code } } userErrors { code path } } }`

/** Gives members a role. @returns the codes of what went wrong, of the call and of each member */
export async function giveRole(
  { id, admin }: TestOrganization,
  members: readonly { memberId: string }[],
  roleId: string,
  client: GraphQLClient = admin.organization,
): Promise<string[]> {
  const ids = members.map(({ memberId }) => toTypeId('Member', memberId))
  const { data } = await client.send(GIVE, { id, ids, role: roleId })
  const { results, userErrors } = data.setMembersRole as {
    results: { userErrors: { code: string }[] }[] | null
    userErrors: { code: string }[]
  }
  return [...userErrors, ...(results ?? []).flatMap((result) => result.userErrors)].map(({ code }) => code)
}
