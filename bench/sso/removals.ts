import { randomBytes } from 'node:crypto'
import { toTypeId } from '../../src/kernel/ids'
import { type BenchDatabase, withClient } from '../cluster'
import { SERVICE_KEY, startProduct } from '../product'
import { type BenchCompany, openMemberSession, prepareCompany } from './prepare'

/** What became of requests that were sent after the answer to a removal, to another process than had answered. */
export interface RemovalFindings {
  readonly removals: number
  readonly requests: number
  /** Requests that were let in; every one is a defect. */
  readonly letIn: number
  /** Of the same requests before the removal, so that it is shown that they could be let in. */
  readonly letInBefore: number
  /** Milliseconds from sending a removal to its answer. */
  readonly removalP50: number
  /** Milliseconds from the answer of a removal to the last refusal of the requests sent then. */
  readonly refusalP50: number
  readonly refusalP99: number
}

const REMOVE = `mutation ($id: ID!, $members: MemberSelection!) {
  removeMembers(organizationId: $id, members: $members) { userErrors { code } } }`
const MINT = 'mutation { mintAccessToken(input: { withRefreshToken: true }) { accessToken refreshToken } }'
const WHO = '{ viewer { activeOrganization { id } } }'

/** What one person holds. */
interface Holdings {
  readonly session: string
  readonly accessToken: string
  readonly refreshToken: string
}

/**
 * Removes people through one process and has everything that they hold tried at another one as soon as the answer is
 * there: bearer and cookie, introspection of session, access and refresh token, a check, and the refresh itself.
 */
export async function measureRemovals(
  database: BenchDatabase,
  wanted: number,
  onRemoval: () => void,
): Promise<RemovalFindings> {
  const masterKey = randomBytes(32)
  // Two processes of one installation: they share its name, which tokens carry.
  const settings = {
    GATEHOUSE_MASTER_KEY: masterKey.toString('base64'),
    GATEHOUSE_PUBLIC_URL: 'http://localhost:4000',
  }
  const idp = { issuer: 'https://idp.invalid', certificate: 'AA==' }
  const company = await withClient(database.superuserUrl, (client) => prepareCompany(client, masterKey, idp))
  const [here, there] = [
    await startProduct(database, 'graphql', settings),
    await startProduct(database, 'graphql', settings),
  ]
  try {
    return await removeAll(database, company, here.port, there.port, wanted, onRemoval)
  } finally {
    await here.server.stop()
    await there.server.stop()
  }
}

async function removeAll(
  database: BenchDatabase,
  company: BenchCompany,
  here: number,
  there: number,
  wanted: number,
  onRemoval: () => void,
): Promise<RemovalFindings> {
  const counts = { removals: 0, requests: 0, letIn: 0, letInBefore: 0 }
  const removals: number[] = []
  const refusals: number[] = []
  for (const memberId of company.memberIds) {
    if (counts.requests >= wanted) break
    const holdings = await holdingsOf(database, company, here, memberId)
    const before = await tryAll(there, company, holdings)
    counts.letInBefore += before.filter(Boolean).length
    const sent = performance.now()
    const answer = await graphql(here, { authorization: `Bearer ${company.adminToken}` }, REMOVE, {
      id: company.id,
      members: { ids: [toTypeId('Member', memberId)] },
    })
    const answered = performance.now()
    if (answer.data?.removeMembers?.userErrors?.length !== 0) throw new Error(JSON.stringify(answer))
    // Everything at once, several times over: thirty requests are on their way before the first is answered.
    const after = (await Promise.all(Array.from({ length: BURSTS }, () => tryAll(there, company, holdings)))).flat()
    refusals.push(performance.now() - answered)
    removals.push(answered - sent)
    counts.removals += 1
    counts.requests += after.length
    counts.letIn += after.filter(Boolean).length
    onRemoval()
  }
  return { ...counts, removalP50: at(removals, 0.5), refusalP50: at(refusals, 0.5), refusalP99: at(refusals, 0.99) }
}

/** Requests for each person after the removal: as many bursts of seven. */
const BURSTS = 4
export const REQUESTS_PER_REMOVAL = BURSTS * 7

async function holdingsOf(
  database: BenchDatabase,
  { organizationId }: BenchCompany,
  port: number,
  memberId: string,
): Promise<Holdings> {
  const session = await withClient(database.superuserUrl, (client) =>
    openMemberSession(client, organizationId, memberId),
  )
  const { data } = await graphql(port, { authorization: `Bearer ${session}` }, MINT)
  if (!data?.mintAccessToken?.refreshToken) throw new Error('No tokens were minted')
  return { session, ...(data.mintAccessToken as Omit<Holdings, 'session'>) }
}

/** Seven requests at once. @returns  which were let in */
async function tryAll(port: number, { id }: BenchCompany, holdings: Holdings): Promise<boolean[]> {
  const { session, accessToken, refreshToken } = holdings
  const isIn = ({ data }: Answer): boolean => data?.viewer?.activeOrganization != null
  return Promise.all([
    graphql(port, { authorization: `Bearer ${session}` }, WHO).then(isIn),
    graphql(port, { cookie: `gatehouse_organization=${session}` }, WHO).then(isIn),
    isActive(port, session),
    isActive(port, accessToken),
    isActive(port, refreshToken),
    isAllowed(port, id, accessToken),
    isAllowed(port, id, session),
  ])
}

async function isActive(port: number, token: string): Promise<boolean> {
  const response = await post(port, '/oauth/introspect', `token=${token}`, {
    authorization: `Bearer ${SERVICE_KEY}`,
    'content-type': 'application/x-www-form-urlencoded',
  })
  return response.active === true
}

async function isAllowed(port: number, organization: string, token: string): Promise<boolean> {
  const body = JSON.stringify({
    subject: { type: 'token', id: token },
    action: { name: 'organization.read' },
    resource: { type: 'organization', id: organization },
  })
  const headers = { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' }
  return (await post(port, '/access/v1/evaluation', body, headers)).decision === true
}

function graphql(port: number, presented: Record<string, string>, query: string, variables = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...presented }
  return post(port, '/graphql', JSON.stringify({ query, variables }), headers)
}

// eslint-disable-next-line typescript/no-explicit-any -- answers are read for exactly what was asked
type Answer = any

async function post(port: number, path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body })
  return response.json()
}

function at(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}
