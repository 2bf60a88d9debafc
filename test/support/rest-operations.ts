import type { Targets } from './operations'

/** One way of asking over HTTP without GraphQL, as the authorization matrix calls it. */
export interface RestOperation {
  /** `POST /path` */
  readonly name: string
  readonly needs: string
  readonly contentType: string
  body(targets: Targets): Promise<string>
  /** Whether an answer with status 200 grants what was asked for. */
  isYes(answer: unknown): boolean
}

const JSON_TYPE = 'application/json'

/** What answers services and scanners. What is asked about is in the organization of the targets. */
export const REST_OPERATIONS: readonly RestOperation[] = [
  {
    name: 'POST /oauth/introspect',
    needs: 'service',
    contentType: 'application/x-www-form-urlencoded',
    body: async (targets) => `token=${(await targets.issuedKey()).token}`,
    isYes: (answer) => (answer as { active: boolean }).active,
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
