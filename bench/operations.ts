import type { Client } from 'pg'
import { newId, toTypeId } from '../src/kernel/ids'
import { makeToken } from '../src/platform/crypto'

/** One request as the load generator sends it. */
export interface LoadRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Every {@link UNIQUE} in it is replaced by another number of the same width for each request that is sent. */
  readonly body: string
}

/** Stands in a body for something that no other request has. */
export const UNIQUE = '#UNIQUE-NUMBER#'

/** The request with a number that no other has. */
export function unique(request: LoadRequest): LoadRequest {
  return { ...request, body: request.body.replaceAll(UNIQUE, `${process.hrtime.bigint()}`) }
}

/** The same work, asked of both contestants. */
export interface Operation {
  readonly name: 'viewer' | 'members' | 'invitation' | 'check' | 'checks'
  readonly product: readonly LoadRequest[]
  readonly bare: readonly LoadRequest[]
}

/** A member with a session, to ask with. */
interface LoadSession {
  readonly organizationId: string
  readonly token: string
}

const SESSIONS = 500
/** Share of members pages that begin at a random place of the largest organization; the rest are first pages. */
const RANDOM_PLACES = 0.6
const PAGE_SIZE = 50

const VIEWER = `query ViewerPage {
  viewer {
    user { id name email avatarUrl createdAt }
    activeOrganization { id slug name description logoUrl status membershipMode createdAt version }
    memberships(first: 20) { organization { id slug name logoUrl status } roleKey status joinedAt }
  }
}`

const MEMBERS = `query MembersPage($organization: ID!, $after: String) {
  organization(by: { id: $organization }) {
    id
    name
    members(first: ${PAGE_SIZE}, after: $after) {
      nodes { id name email status source joinedAt lastActiveAt isAdmin role { id key name } user { id name avatarUrl } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`

const INVITE = `mutation Invite($organization: ID!, $input: InviteMembersInput!) {
  inviteMembers(organizationId: $organization, input: $input) {
    results { email outcome invitation { id status expiresAt } }
    userErrors { code message }
  }
}`

/** The viewer page: person, active organization, my organizations. */
export async function viewerOperation(client: Client): Promise<Operation> {
  const sessions = await openSessions(client, SESSIONS)
  return {
    name: 'viewer',
    product: sessions.map((session) => graphql(session, VIEWER, {})),
    bare: sessions.map((session) => bare(session, 'viewer', {})),
  }
}

/** Pages of 50 members: 60 % at random places of the largest organization, 40 % first pages of small ones. */
export async function membersOperation(client: Client, ask: Ask): Promise<Operation> {
  const [large] = await openSessions(client, 1, 'largest')
  const places = await randomPlaces(client, large!.organizationId, SESSIONS * RANDOM_PLACES)
  const small = await openSessions(client, SESSIONS * (1 - RANDOM_PLACES))
  const binding = await cursorBinding(ask, large!)
  return {
    name: 'members',
    product: [
      ...places.map((place) => membersRequest(large!, cursorAt(binding, place))),
      ...small.map((session) => membersRequest(session, null)),
    ],
    bare: [
      ...places.map((after) => bare(large!, 'members', { after })),
      ...small.map((session) => bare(session, 'members', { after: null })),
    ],
  }
}

/** The first page of one organization, as the product is asked for it, and how many members there are. */
export async function firstPages(
  client: Client,
  which: 'largest' | 'hundred',
): Promise<{ requests: LoadRequest[]; members: number }> {
  const [session] = await openSessions(client, 1, which)
  const { rows } = await client.query<{ members: number }>(
    'SELECT joined + invited + suspended AS members FROM organization_counters WHERE organization_id = $1',
    [session!.organizationId],
  )
  return { requests: [membersRequest(session!, null)], members: rows[0]!.members }
}

/** One invitation by an Admin. */
export async function invitationOperation(client: Client): Promise<Operation> {
  const sessions = await openSessions(client, SESSIONS)
  const email = `guest${UNIQUE}@example.org`
  return {
    name: 'invitation',
    product: sessions.map((session) =>
      graphql(session, INVITE, {
        organization: toTypeId('Organization', session.organizationId),
        input: { emails: [email] },
      }),
    ),
    bare: sessions.map((session) => bare(session, 'invitations', { email })),
  }
}

/** Sends one request to the product and returns the data of its answer. */
export type Ask = (request: LoadRequest) => Promise<unknown>

function membersRequest(session: LoadSession, after: string | null): LoadRequest {
  return graphql(session, MEMBERS, { organization: toTypeId('Organization', session.organizationId), after })
}

function graphql({ token }: LoadSession, query: string, variables: object): LoadRequest {
  return { path: '/graphql', headers: headersWith(token), body: JSON.stringify({ query, variables }) }
}

function bare({ token, organizationId }: LoadSession, page: string, body: object): LoadRequest {
  return { path: `/${organizationId}/${page}`, headers: headersWith(token), body: JSON.stringify(body) }
}

function headersWith(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' }
}

type Place = readonly [joinedAt: string, memberId: string]

async function randomPlaces(client: Client, organizationId: string, count: number): Promise<Place[]> {
  const { rows } = await client.query<{ joined_at: Date; id: string }>(
    `SELECT joined_at, id FROM members WHERE organization_id = $1 AND joined_at IS NOT NULL ORDER BY random() LIMIT $2`,
    [organizationId, count],
  )
  return rows.map((row) => [row.joined_at.toISOString(), row.id])
}

/** What binds a cursor to its list stands at the beginning of every cursor of the list. */
async function cursorBinding(ask: Ask, session: LoadSession): Promise<string> {
  const data = (await ask(membersRequest(session, null))) as {
    organization: { members: { pageInfo: { endCursor: string } } }
  }
  const [binding] = JSON.parse(Buffer.from(data.organization.members.pageInfo.endCursor, 'base64url').toString())
  return String(binding)
}

function cursorAt(binding: string, place: Place): string {
  return Buffer.from(JSON.stringify([binding, ...place])).toString('base64url')
}

/** Sessions of Admins: in as many random organizations of ordinary size, or in one certain organization. */
async function openSessions(client: Client, count: number, which?: 'largest' | 'hundred'): Promise<LoadSession[]> {
  const { rows } = await client.query<{ organization_id: string; id: string; user_id: string }>(ADMINS, [
    count,
    which ?? 'any',
  ])
  const sessions = rows.map((row) => ({ ...row, ...makeToken('organizationSession', row.organization_id) }))
  await client.query(
    `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, expires_at)
     SELECT s.organization_id, s.id, decode(s.hash, 'hex'), s.member_id, 1, s.user_id, 'EMAIL', now() + interval '12 hours'
     FROM jsonb_to_recordset($1::jsonb) AS s(organization_id uuid, id uuid, hash text, member_id uuid, user_id uuid)`,
    [
      JSON.stringify(
        sessions.map(({ organization_id, id, user_id, hash }) => ({
          organization_id,
          user_id,
          id: newId(),
          member_id: id,
          hash: hash.toString('hex'),
        })),
      ),
    ],
  )
  return sessions.map(({ organization_id, token }) => ({ organizationId: organization_id, token }))
}

const ADMINS = `
WITH chosen AS (
  SELECT organization_id FROM organization_counters
  ORDER BY CASE $2::text WHEN 'largest' THEN -joined WHEN 'hundred' THEN abs(joined - 100) ELSE CASE WHEN joined > 1000 THEN 2 ELSE random() END END
  LIMIT $1
)
SELECT c.organization_id, m.id, m.user_id FROM chosen c
CROSS JOIN LATERAL (
  SELECT m.id, m.user_id FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
  WHERE m.organization_id = c.organization_id AND m.status = 'JOINED' AND r.key = 'admin' LIMIT 1) m`
