import { anonymousCaller, type Caller, Operation, type Spine, type UseCase } from '../../access'
import { signInWithIdentity } from '../../modules/sessions'
import { getViewer } from '../../modules/viewer'
import { accountOf, type Person } from '../local-identity-provider/account'

/** Secrets by which the demonstration acts. */
export type Secrets = Partial<Pick<Caller, 'accountToken' | 'organizationToken'>>

/** By which audit rows of the demonstration are known. */
export const SEED_REQUEST_ID = 'seed'

const REQUEST = { id: SEED_REQUEST_ID, ip: null, userAgent: 'npm run seed' }

/** Runs one use case as somebody, through the same checks as a request. */
export async function act<Input, Output>(
  spine: Spine,
  secrets: Secrets,
  useCase: UseCase<Input, Output>,
  input: Input,
): Promise<Output> {
  return operate(spine, secrets, (operation) => operation.execute(useCase, input))
}

/** Does something as somebody that takes more than one use case. */
export async function operate<T>(
  spine: Spine,
  secrets: Secrets,
  work: (operation: Operation) => Promise<T>,
): Promise<T> {
  const operation = new Operation(spine, { ...anonymousCaller(REQUEST), ...secrets })
  try {
    return await work(operation)
  } finally {
    await operation.close()
  }
}

/** Signs somebody in as the local identity provider would, so that its page leads to the same account. */
export async function signIn(spine: Spine, person: Person): Promise<{ accountToken: string }> {
  const { subject, name, email } = accountOf(person)
  const outcome = await act(spine, {}, signInWithIdentity, {
    identity: { provider: 'LOCAL', subject, name, verifiedEmails: [email] },
    wantsSeparateAccount: true,
  })
  if (outcome.kind !== 'signed-in') throw new Error(`${email} could not sign in.`)
  return { accountToken: outcome.token }
}

/** The id of the organization with this slug, if the owner of the account is in it. */
export async function findOwn(spine: Spine, account: Secrets, slug: string): Promise<string | null> {
  const parts = { activeOrganization: false, memberships: true, sessions: false, identities: false }
  const viewer = await act(spine, account, getViewer, parts)
  return viewer?.memberships.find((membership) => membership.slug === slug)?.organizationId ?? null
}
