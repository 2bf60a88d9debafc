import { fromTypeId, newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { Gatehouse } from './gatehouse'
import type { GraphQLClient } from './graphql-client'
import type { OrganizationMember, TestOrganization } from './world'

/** Whose key it is; ids are TypeIDs. */
export type TestKeyOwner = { member: OrganizationMember } | { serviceAccount: string } | { project: string }

/** A key arranged behind the application's back. */
export interface TestKey {
  /** TypeID */
  id: string
  /** `gak_…` */
  token: string
  /** GraphQL with the key. */
  client: GraphQLClient
}

/** A live key: for tests whose subject is not how keys are made. */
export async function arrangeKey(
  gatehouse: Gatehouse,
  { uuid }: TestOrganization,
  owner: TestKeyOwner,
  limits: { permissions?: string[]; project?: string } = {},
): Promise<TestKey> {
  const id = newId()
  const { token, hash } = makeToken('apiKey', uuid)
  const memberId = 'member' in owner ? owner.member.memberId : null
  const serviceAccountId = 'serviceAccount' in owner ? fromTypeId('ServiceAccount', owner.serviceAccount) : null
  const project = 'project' in owner ? owner.project : limits.project
  await gatehouse.superuser.rows(
    `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch,
                           service_account_id, project_id, permissions, created_by_name)
     VALUES ($1, $2, $3, $4, 'Arranged', $5, $6, (SELECT epoch FROM members WHERE organization_id = $1 AND id = $6), $7,
             coalesce($8, (SELECT project_id FROM service_accounts WHERE organization_id = $1 AND id = $7)), $9, 'Nobody')`,
    [
      uuid,
      id,
      hash,
      `${token.slice(0, 8)}…${token.slice(-4)}`,
      memberId ? 'MEMBER' : serviceAccountId ? 'SERVICE_ACCOUNT' : 'PROJECT',
      memberId,
      serviceAccountId,
      project ? fromTypeId('Project', project) : null,
      limits.permissions ?? ('project' in owner ? ['project.read'] : null),
    ],
  )
  return { id: toTypeId('ApiKey', id), token, client: gatehouse.client(token) }
}
