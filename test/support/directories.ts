import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { Gatehouse } from './gatehouse'
import { makeSearchable } from './search-texts'
import type { TestOrganization } from './world'

type Around = Pick<Gatehouse, 'superuser'>

/** A directory that was arranged. */
export interface ArrangedDirectory {
  uuid: string
  /** TypeID */
  id: string
  organization: TestOrganization
  /** `scim_…` */
  token: string
}

/** How a directory is to be, where it is not as usual. */
export interface DirectoryOptions {
  status?: 'WAITING' | 'ACTIVE' | 'PAUSED'
  isDryRun?: boolean
  isStrict?: boolean
  deprovisionAction?: 'SUSPEND' | 'REMOVE'
  adoptsVerifiedDomains?: boolean
  name?: string
  vendor?: string
}

/** A directory with a token, behind the application's back: for tests whose subject is not how it is set up. */
export async function arrangeDirectory(
  { superuser }: Around,
  organization: TestOrganization,
  options: DirectoryOptions = {},
): Promise<ArrangedDirectory> {
  const { status = 'ACTIVE', isDryRun = false, name = `Directory ${newId()}`, vendor = 'OKTA' } = options
  const { isStrict = false, deprovisionAction = 'REMOVE', adoptsVerifiedDomains = true } = options
  const uuid = newId()
  const { token, hash } = makeToken('scim', organization.uuid)
  await superuser.rows(
    `INSERT INTO directories (organization_id, id, organization_mode, name, vendor, status, is_dry_run, is_strict,
       deprovision_action, adopts_verified_domains, default_role_id)
     SELECT $1, $2, CASE WHEN $5 <> 'PAUSED' AND NOT $6 THEN 'SSO' END, $3, $4, $5, $6, $7, $8, $9, id
     FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = 'member'`,
    [organization.uuid, uuid, name, vendor, status, isDryRun, isStrict, deprovisionAction, adoptsVerifiedDomains],
  )
  await superuser.rows('INSERT INTO directory_counters (organization_id, directory_id) VALUES ($1, $2)', [
    organization.uuid,
    uuid,
  ])
  await superuser.rows('INSERT INTO directory_lookups (directory_id, organization_id) VALUES ($1, $2)', [
    uuid,
    organization.uuid,
  ])
  await superuser.rows(
    `INSERT INTO scim_tokens (organization_id, id, directory_id, token_hash, preview, place, created_by_name, expires_at)
     VALUES ($1, $2, $3, $4, 'scim_abcd…wxyz', 1, 'Ada', now() + interval '1 year')`,
    [organization.uuid, newId(), uuid, hash],
  )
  return { uuid, id: toTypeId('Directory', uuid), organization, token }
}

/** A person of a directory that was arranged, with the member it provides. */
export interface ArrangedUser {
  uuid: string
  /** TypeID */
  id: string
  memberId: string
  userId: string
  email: string
}

let people = 0

/** A person of a directory and the joined member that it provides, as a push leaves them. */
export async function arrangeDirectoryUser(
  { superuser }: Around,
  directory: ArrangedDirectory,
  options: { userName?: string; email?: string; externalId?: string; active?: boolean; role?: string } = {},
): Promise<ArrangedUser> {
  people += 1
  const { organization, uuid: directoryId } = directory
  const { userName = `person.${people}@example.com`, active = true, externalId = `ext-${people}`, role } = options
  const email = (options.email ?? userName).toLowerCase()
  const [uuid, memberId, userId] = [newId(), newId(), newId()]
  const name = `Person ${people}`
  const status = active ? 'JOINED' : 'SUSPENDED'
  await superuser.rows('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [userId, name, email])
  await superuser.rows(
    `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at, suspended_at)
     SELECT $1, $2, $3, $4, $5, $6, 'SCIM', id, now(), CASE WHEN $6 = 'SUSPENDED' THEN now() END
     FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = $7`,
    [organization.uuid, memberId, userId, email, name, status, role ?? 'member'],
  )
  await makeSearchable(superuser)
  await superuser.rows(
    `INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
     SELECT $1, $2, $3, $4, $5, exclusive_membership, now() FROM installation`,
    [userId, organization.uuid, memberId, status, role ?? 'member'],
  )
  await superuser.rows(
    `UPDATE organization_counters SET joined = joined + $2, suspended = suspended + 1 - $2, admins = admins + $3 WHERE organization_id = $1`,
    [organization.uuid, active ? 1 : 0, role === 'admin' ? 1 : 0],
  )
  const document = { userName, externalId, active, emails: [{ value: email, type: 'work', primary: true }] }
  await superuser.rows(
    `INSERT INTO directory_users (organization_id, directory_id, id, user_name, user_name_key, external_id, active, member_id, given_role_id, doc, comparable)
     SELECT $1, $2, $3, $4, lower($4), $5, $6, $7, (SELECT id FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = $8), $9::json, $9::json`,
    [organization.uuid, directoryId, uuid, userName, externalId, active, memberId, role ?? null, document],
  )
  await superuser.rows(
    `INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, type_key, value_key)
     VALUES ($1, $2, $3, 'emails', 0, 'work', $4)`,
    [organization.uuid, directoryId, uuid, email],
  )
  await superuser.rows('UPDATE directory_counters SET users = users + 1 WHERE directory_id = $1 AND lane = 0', [
    directoryId,
  ])
  return { uuid, id: toTypeId('DirectoryUser', uuid), memberId, userId, email }
}

/** Many people as they are after a sync, without what nobody counts. @returns TypeIDs */
export async function arrangePeople(
  { superuser }: Around,
  { organization, uuid }: ArrangedDirectory,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  await superuser.rows('INSERT INTO users (id, name, email) SELECT id, id, id FROM unnest($1::uuid[]) AS id', [ids])
  await superuser.rows(
    `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
     SELECT $1, id, id, id || '@bulk.example', id, 'JOINED', 'SCIM', (SELECT id FROM roles WHERE organization_id = $1 AND key = 'member'), now()
     FROM unnest($2::uuid[]) AS id`,
    [organization.uuid, ids],
  )
  await superuser.rows(
    `INSERT INTO directory_users (organization_id, directory_id, id, user_name, user_name_key, active, member_id, doc, comparable)
     SELECT $1, $2, id, id, id, true, id, jsonb_build_object('userName', id), jsonb_build_object('userName', id) FROM unnest($3::uuid[]) AS id`,
    [organization.uuid, uuid, ids],
  )
  return ids.map((id) => toTypeId('DirectoryUser', id))
}

/** A group of a directory that was arranged, with the team that mirrors it. */
export interface ArrangedGroup {
  uuid: string
  /** TypeID */
  id: string
  teamId: string
}

/** A group with these people and groups in it, and its team with everybody who belongs there. */
export async function arrangeDirectoryGroup(
  { superuser }: Around,
  { organization, uuid: directoryId }: ArrangedDirectory,
  displayName: string,
  users: readonly ArrangedUser[] = [],
  children: readonly ArrangedGroup[] = [],
): Promise<ArrangedGroup> {
  const [uuid, teamId] = [newId(), newId()]
  await superuser.rows(
    `INSERT INTO teams (organization_id, id, slug, name, source, path) VALUES ($1, $2, $3, $4, 'DIRECTORY', ARRAY[$2::uuid])`,
    [organization.uuid, teamId, `t-${teamId.slice(-12)}`, displayName],
  )
  await superuser.rows(
    `INSERT INTO directory_groups (organization_id, directory_id, id, display_name, display_name_key, member_count, team_id)
     VALUES ($1, $2, $3, $4, lower($4), $5, $6)`,
    [organization.uuid, directoryId, uuid, displayName, users.length + children.length, teamId],
  )
  for (const user of users)
    await superuser.rows(
      'INSERT INTO directory_group_members (organization_id, directory_id, group_id, user_id) VALUES ($1, $2, $3, $4)',
      [organization.uuid, directoryId, uuid, user.uuid],
    )
  for (const child of children)
    await superuser.rows(
      'INSERT INTO directory_group_nestings (organization_id, directory_id, group_id, child_id) VALUES ($1, $2, $3, $4)',
      [organization.uuid, directoryId, uuid, child.uuid],
    )
  const inside = children.length > 0 ? children.map(({ teamId: id }) => id) : [teamId]
  await superuser.rows(
    `INSERT INTO team_members (organization_id, team_id, member_id)
     SELECT $1, $2, member_id FROM (
       SELECT unnest($3::uuid[]) AS member_id
       UNION SELECT member_id FROM team_members WHERE organization_id = $1 AND team_id = ANY ($4::uuid[])
     ) AS people`,
    [organization.uuid, teamId, users.map(({ memberId }) => memberId), inside],
  )
  await superuser.rows(
    'UPDATE teams SET member_count = (SELECT count(*) FROM team_members WHERE team_id = $1) WHERE id = $1',
    [teamId],
  )
  await superuser.rows('UPDATE directory_counters SET groups = groups + 1 WHERE directory_id = $1 AND lane = 0', [
    directoryId,
  ])
  return { uuid, id: toTypeId('DirectoryGroup', uuid), teamId }
}

/** A line of the request log. */
export async function arrangeScimRequest(
  { superuser }: Around,
  { organization, uuid: directoryId }: ArrangedDirectory,
  options: {
    status?: number
    method?: string
    path?: string
    userId?: string
    memberId?: string
    minutesAgo?: number
    detail?: string
    resourceType?: string
  } = {},
): Promise<{ uuid: string; id: string }> {
  const { status = 200, method = 'GET', path = '/Users', minutesAgo = 0, detail = null } = options
  const at = new Date(Date.now() - minutesAgo * 60_000)
  const uuid = at.getTime().toString(16).padStart(12, '0') + newId().replaceAll('-', '').slice(12)
  await superuser.rows(
    `INSERT INTO scim_requests (organization_id, id, directory_id, at, request_id, token_preview, method, path, status, outcome,
       scim_type, detail, duration_ms, resource_type, directory_user_id, member_id, request_body, response_body, user_agent, ip)
     VALUES ($1, $2, $3, $4, $5, 'scim_abcd…wxyz', $6, $7, $8, $9, $10, $11, 12, $12, $13, $14, $15, $16, 'Okta SCIM Client', '192.0.2.1')`,
    [
      organization.uuid,
      uuid,
      directoryId,
      at,
      `req_${newId()}`,
      method,
      path,
      status,
      status >= 500 ? 'FAILED' : status >= 400 ? 'REFUSED' : 'OK',
      status === 409 ? 'uniqueness' : null,
      detail,
      options.resourceType ?? 'USER',
      options.userId ?? null,
      options.memberId ?? null,
      { userName: 'ada@example.com', password: '[masked]' },
      { id: 'dus_0' },
    ],
  )
  const [row] = await superuser.rows<{ id: string }>(
    'SELECT id FROM scim_requests WHERE organization_id = $1 AND id = $2',
    [organization.uuid, uuid],
  )
  return { uuid: row!.id, id: toTypeId('ScimRequest', row!.id) }
}

/** A conflict with a member, as a refused push leaves it. */
export async function arrangeConflict(
  { superuser }: Around,
  { organization, uuid: directoryId }: ArrangedDirectory,
  member: { memberId: string; email: string },
  options: { reason?: string; status?: string; name?: string } = {},
): Promise<{ uuid: string; id: string }> {
  const { reason = 'UNPROVEN_DOMAIN', status = 'OPEN', name = 'Ada Pushed' } = options
  const uuid = newId()
  await superuser.rows(
    `INSERT INTO directory_conflicts (organization_id, id, directory_id, member_id, user_name, user_name_key, email, name, reason, status, decided_at)
     VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, CASE WHEN $8 <> 'OPEN' THEN now() END)`,
    [organization.uuid, uuid, directoryId, member.memberId, member.email, name, reason, status],
  )
  return { uuid, id: toTypeId('DirectoryConflict', uuid) }
}
