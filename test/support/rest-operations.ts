import type { Targets } from './operations'

/** One way of asking over HTTP without GraphQL, as the authorization matrix calls it. */
export interface RestOperation {
  /** `POST /path`, and what is asked about in brackets where there is more than one thing. */
  readonly name: string
  readonly needs: string
  readonly contentType: string
  /** Null where there is nothing to send. */
  body(targets: Targets): Promise<string | null>
  /** Whether an answer with status 200 grants what was asked for. */
  isYes(answer: unknown): boolean
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

const refreshing = async (token: Promise<string>) => `grant_type=refresh_token&refresh_token=${await token}`
const isGiven = (answer: unknown) => typeof (answer as { access_token: unknown }).access_token === 'string'
const isActive = (answer: unknown) => (answer as { active: boolean }).active

/** What answers services and scanners. What is asked about is in the organization of the targets. */
export const REST_OPERATIONS: readonly RestOperation[] = [
  {
    name: 'POST /oauth/introspect',
    needs: 'service',
    contentType: FORM_TYPE,
    body: async (targets) => `token=${(await targets.issuedKey()).token}`,
    isYes: isActive,
  },
  {
    name: 'POST /oauth/introspect (refresh)',
    needs: 'service',
    contentType: FORM_TYPE,
    body: async (targets) => `token=${await targets.refreshToken()}`,
    isYes: isActive,
  },
  // The token is the secret: whoever presents it needs no other, and gains nothing by one.
  {
    name: 'POST /oauth/token',
    needs: '',
    contentType: FORM_TYPE,
    body: (targets) => refreshing(targets.refreshToken()),
    isYes: isGiven,
  },
  {
    name: 'POST /oauth/token (suspended)',
    needs: '',
    contentType: FORM_TYPE,
    body: (targets) => refreshing(targets.refreshToken('SUSPENDED')),
    isYes: isGiven,
  },
  {
    name: 'POST /oauth/revoke',
    needs: '',
    contentType: FORM_TYPE,
    body: async (targets) => `token=${await targets.refreshToken()}`,
    // RFC 7009 §2.2: nothing is said of what was revoked.
    isYes: (answer) => JSON.stringify(answer) === '{}',
  },
  {
    name: 'GET /.well-known/jwks.json',
    needs: '',
    contentType: JSON_TYPE,
    body: async () => null,
    isYes: (answer) => (answer as { keys: unknown[] }).keys.length > 0,
  },
  {
    name: 'POST /access/v1/evaluation',
    needs: 'service',
    contentType: JSON_TYPE,
    body: async (targets) => JSON.stringify(await question(targets)),
    isYes: (answer) => (answer as { decision: boolean }).decision,
  },
  {
    name: 'POST /access/v1/evaluations',
    needs: 'service',
    contentType: JSON_TYPE,
    body: async (targets) => JSON.stringify({ evaluations: [await question(targets)] }),
    isYes: (answer) =>
      (answer as { evaluations: { decision: boolean }[] }).evaluations.every(({ decision }) => decision),
  },
  {
    name: 'POST /api-keys/leaks',
    needs: '',
    contentType: JSON_TYPE,
    body: async (targets) => JSON.stringify([{ token: (await targets.issuedKey()).token }]),
    isYes: (answer) => (answer as { label: string }[])[0]!.label === 'true_positive',
  },
]

async function question(targets: Targets): Promise<object> {
  return {
    subject: { type: 'member', id: (await targets.member()).id },
    action: { name: 'member.read' },
    resource: { type: 'organization', id: targets.organization.id },
  }
}
