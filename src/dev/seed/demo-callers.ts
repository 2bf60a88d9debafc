import { anonymousCaller, type Caller, Operation, type Spine, type UseCase } from '../../access'
import { signInWithIdentity } from '../../modules/sessions'
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
  const operation = new Operation(spine, { ...anonymousCaller(REQUEST), ...secrets })
  try {
    return await operation.execute(useCase, input)
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
