import { COUNTERS } from './counters'
import type { Gatehouse } from './gatehouse'
import type { Answer, GraphQLClient } from './graphql-client'
import { type ArrangedProvider, arrangeProvider } from './sso'
import { memberTypeId, type TestOrganization } from './world'

const PREVIEW = `query ($id: ID!, $to: MembershipMode!, $providers: [ID!], $glass: [ID!]!) { organization(by: { id: $id }) {
  membershipModePreview(to: $to, ssoProviderIds: $providers, breakGlassMemberIds: $glass) { from to token expiresAt revertibleForDays
    blockers { code message path } outcomes { outcome count } starts { name } stops { name } stopsDirectories { name }
    members(first: 100) { nodes { outcome member { email } } } } } }`
const SWITCH = `mutation ($id: ID!, $input: SwitchMembershipModeInput!) { switchMembershipMode(organizationId: $id, input: $input) {
  membershipModeSwitch { id from to status graceEndsAt isRevertible waiting suspended } organization { membershipMode }
  recoveryCodes { codes member { email } } userErrors { code message path } } }`
const REVERT = `mutation ($id: ID!) { revertMembershipMode(id: $id) { membershipModeSwitch { id to status isRevertible waiting suspended }
  organization { membershipMode } userErrors { code message } } }`

/** What a switch is asked for with, besides the mode. */
export interface SwitchOptions {
  providers?: readonly ArrangedProvider[]
  glass?: readonly { memberId: string }[]
  client?: GraphQLClient
  graceHours?: number
}

/** Switches an organization over the API, as people do: connections, preview, switch. */
export function switcher(organization: TestOrganization) {
  const { admin, id } = organization
  const idsOf = ({ providers, glass = [admin] }: SwitchOptions) => ({
    providers: providers?.map((provider) => provider.id) ?? null,
    glass: glass.map(memberTypeId),
  })
  const preview = async (to: 'SSO' | 'INVITATION', options: SwitchOptions = {}): Promise<Answer> => {
    const { client = admin.organization } = options
    const glass = to === 'SSO' ? idsOf(options).glass : []
    const { data } = await client.send(PREVIEW, { id, to, providers: idsOf(options).providers, glass })
    return data.organization?.membershipModePreview
  }
  const switchBy = async (token: string, to: 'SSO' | 'INVITATION', options: SwitchOptions = {}): Promise<Answer> => {
    const { client = admin.organization, graceHours } = options
    const { providers, glass } = idsOf(options)
    const input = {
      to,
      previewToken: token,
      ssoProviderIds: providers,
      breakGlassMemberIds: to === 'SSO' ? glass : [],
      graceHours,
    }
    return (await client.send(SWITCH, { id, input })).data.switchMembershipMode
  }
  const switchTo = async (to: 'SSO' | 'INVITATION', options: SwitchOptions = {}): Promise<Answer> =>
    switchBy((await preview(to, options)).token, to, options)
  const revert = async (switchId: string, client = admin.organization): Promise<Answer> =>
    (await client.send(REVERT, { id: switchId })).data.revertMembershipMode
  return { preview, switchBy, switchTo, revert }
}

/** An organization in SSO mode, switched over the API. @returns its connection, and the codes of its Admin */
export async function switchedToSso(
  gatehouse: Gatehouse,
  organization: TestOrganization,
  options: SwitchOptions = {},
): Promise<{ provider: ArrangedProvider; codes: string[]; switchId: string }> {
  const provider = options.providers?.[0] ?? (await arrangeProvider(gatehouse, organization, { status: 'TESTED' }))
  const switched = await switcher(organization).switchTo('SSO', { providers: [provider], ...options })
  if (switched.userErrors.length > 0) throw new Error(JSON.stringify(switched.userErrors))
  return { provider, codes: switched.recoveryCodes[0].codes, switchId: switched.membershipModeSwitch.id }
}

/** What must never be committed, whatever raced: empty when nothing is wrong with an organization. */
export async function forbiddenStates({ superuser }: Gatehouse, { uuid }: TestOrganization): Promise<string[]> {
  const rows = await superuser.rows<{ wrong: string }>(
    `WITH o AS (SELECT * FROM organizations WHERE organization_id = $1), m AS (SELECT * FROM members WHERE organization_id = $1),
     a AS (SELECT member_id FROM break_glass_admins WHERE organization_id = $1)
     SELECT 'invitation pending in SSO mode' AS wrong FROM o WHERE membership_mode = 'SSO'
       AND EXISTS (SELECT FROM invitations i WHERE i.organization_id = $1 AND i.status = 'PENDING')
     UNION ALL SELECT 'somebody invited in SSO mode' FROM o WHERE membership_mode = 'SSO' AND EXISTS (SELECT FROM m WHERE status = 'INVITED')
     UNION ALL SELECT 'connection active in invitation mode' FROM o WHERE membership_mode = 'INVITATION'
       AND EXISTS (SELECT FROM sso_providers p WHERE p.organization_id = $1 AND p.status = 'ACTIVE')
     UNION ALL SELECT 'no connection in SSO mode' FROM o WHERE membership_mode = 'SSO'
       AND NOT EXISTS (SELECT FROM sso_providers p WHERE p.organization_id = $1 AND p.status = 'ACTIVE')
     UNION ALL SELECT 'session from an account in SSO mode' FROM o WHERE membership_mode = 'SSO' AND EXISTS (
       SELECT FROM organization_sessions s WHERE s.organization_id = $1 AND s.revoked_at IS NULL AND s.sso_provider_id IS NULL
         AND s.provider <> 'RECOVERY_CODE' AND s.member_id NOT IN (SELECT member_id FROM a))
     UNION ALL SELECT 'session by a connection in invitation mode' FROM o WHERE membership_mode = 'INVITATION' AND EXISTS (
       SELECT FROM organization_sessions s WHERE s.organization_id = $1 AND s.revoked_at IS NULL AND s.sso_provider_id IS NOT NULL)
     UNION ALL SELECT 'card of another mode' FROM o JOIN organization_cards c USING (organization_id) WHERE c.membership_mode <> o.membership_mode
     UNION ALL SELECT 'joined the old way after the switch' FROM membership_mode_switches s JOIN m ON m.joined_at > s.started_at
       WHERE s.organization_id = $1 AND s.to_mode = 'SSO' AND s.reverted_at IS NULL AND m.source NOT IN ('SSO', 'SCIM')
         AND NOT EXISTS (SELECT FROM membership_mode_switches t WHERE t.organization_id = $1 AND t.started_at > s.started_at)
     UNION ALL SELECT 'counters ' || (c.joined, c.invited, c.suspended, c.admins)::text || ' instead of ' || counted.is::text
       FROM ${COUNTERS} c, (
         SELECT (count(*) FILTER (WHERE m.status = 'JOINED')::int, count(*) FILTER (WHERE m.status = 'INVITED')::int,
           count(*) FILTER (WHERE m.status = 'SUSPENDED')::int, count(*) FILTER (WHERE m.status = 'JOINED' AND r.key = 'admin')::int) AS is
         FROM m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id) AS counted
       WHERE c.organization_id = $1 AND (c.joined, c.invited, c.suspended, c.admins) IS DISTINCT FROM counted.is`,
    [uuid],
  )
  return rows.map(({ wrong }) => wrong)
}

/**
 * Many joined members, arranged behind the application's back, who are in the planner's statistics: every other one has an
 * account of their own, the rest an identity at the connection.
 */
export async function joinMany(
  { superuser }: Gatehouse,
  { uuid }: TestOrganization,
  provider: ArrangedProvider,
  count: number,
): Promise<void> {
  await superuser.rows(
    `CREATE TABLE many AS SELECT i % 2 = 0 AS has_account, 'many.' || i || '@example.com' AS email, gen_random_uuid() AS id
     FROM generate_series(1, ${count}) AS i`,
  )
  await superuser.rows(`INSERT INTO users (id, name, email) SELECT id, 'Many', email FROM many`)
  await superuser.rows(
    `INSERT INTO identities (id, user_id, provider, subject, email, verified_emails)
     SELECT id, id, 'EMAIL', email, email, ARRAY[email] FROM many WHERE has_account`,
  )
  await superuser.rows(
    `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
     SELECT $1, m.id, m.id, email, 'Many', 'JOINED', 'ADMIN', r.id, now() FROM many m, roles r
     WHERE r.organization_id = $1 AND r.key = 'member'`,
    [uuid],
  )
  await superuser.rows(
    `INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
     SELECT id, $1, id, 'JOINED', 'member', exclusive_membership, now() FROM installation, many`,
    [uuid],
  )
  await superuser.rows(
    `INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id, email, name)
     SELECT $1, id, $2, email, id, id, email, 'Many' FROM many WHERE NOT has_account`,
    [uuid, provider.uuid],
  )
  await superuser.rows('UPDATE organization_counters SET joined = joined + $2 WHERE organization_id = $1', [
    uuid,
    count,
  ])
}
