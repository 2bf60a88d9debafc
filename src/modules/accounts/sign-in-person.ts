import type { RequestFacts, WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId, toTypeId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { Transaction } from '../../platform/database'
import { insertAccountSession } from './account-session.store'
import {
  findIdentity,
  findProvidersOfAddresses,
  type IdentityRow,
  insertIdentity,
  refreshIdentity,
} from './identity.store'
import { checkIdentity, type ProvenIdentity, type Provider } from './proven-identity.model'
import { deleteUser, insertUser } from './user.store'

/** Whom a provider has sent back, and what the person said about accounts with the same address. */
export interface SignInPerson {
  readonly identity: ProvenIdentity
  /** The person knows of another account with the address and wants one of its own. */
  readonly wantsSeparateAccount: boolean
}

/** An account session just opened. The token is shown once: it becomes a cookie. */
export interface OpenedAccountSession {
  readonly userId: string
  readonly token: string
  readonly expiresAt: Date
}

export type SignInOutcome =
  | ({ readonly kind: 'signed-in'; readonly isNewAccount: boolean } & OpenedAccountSession)
  /** Nothing was made: an account that signs in by `providers` has verified the same address. */
  | { readonly kind: 'address-in-use'; readonly email: string; readonly providers: readonly Provider[] }

/** How long an account session lives, whether it is used or not. */
const LIFETIME_DAYS = 7

/**
 * Opens an account session for the person whom a provider has proven, in the transaction of the caller.
 * (provider, subject) alone says which account that is: an unknown pair gets a new account, and no address, verified or
 * not, ever opens an existing one (docs/adr/0007-identities.md).
 *
 * @throws INVALID  the provider has verified no address, which a new account needs
 * @throws UNAUTHENTICATED  the account is disabled; it says no more than that
 */
export async function signInPerson(context: WriteContext, input: SignInPerson): Promise<SignInOutcome> {
  const identity = checkIdentity(input.identity)
  const known = await findIdentity(context.tx, identity.provider, identity.subject)
  if (known) return signInKnown(context, known, identity)

  const [email] = identity.verifiedEmails
  if (!email)
    throw new AppError(
      'INVALID',
      'This sign-in has no verified e-mail address; verify one there, or sign in another way.',
    )
  const providers = input.wantsSeparateAccount
    ? []
    : await findProvidersOfAddresses(context.tx, identity.verifiedEmails)
  if (providers.length === 0) return signInNew(context, email, identity)
  // The account that has the address may be this person's own, made by another window since the first look.
  const winner = await findIdentity(context.tx, identity.provider, identity.subject)
  return winner ? signInKnown(context, winner, identity) : { kind: 'address-in-use', email, providers }
}

async function signInKnown(
  context: WriteContext,
  known: IdentityRow,
  identity: ProvenIdentity,
): Promise<SignInOutcome> {
  if (known.disabled_at)
    throw new AppError('UNAUTHENTICATED', 'This account cannot sign in; ask whoever runs this service.')
  await refreshIdentity(context.tx, known, identity)
  recordAccount(context, 'account.signed_in', known.user_id, identity)
  const session = await openSession(context.tx, context.request, known, identity.provider)
  return { kind: 'signed-in', isNewAccount: false, ...session }
}

async function signInNew(context: WriteContext, email: string, identity: ProvenIdentity): Promise<SignInOutcome> {
  const { tx } = context
  const user = { id: newId(), name: identity.name, email }
  const created = { id: newId(), user_id: user.id }
  await insertUser(tx, user)
  if (!(await insertIdentity(tx, created.id, user.id, identity))) {
    await deleteUser(tx, user.id)
    const winner = await findIdentity(tx, identity.provider, identity.subject)
    if (!winner) throw new AppError('CONFLICT', 'Somebody else did the same at this moment; try again.')
    return signInKnown(context, winner, identity)
  }
  recordAccount(context, 'account.created', user.id, identity)
  const session = await openSession(tx, context.request, created, identity.provider)
  return { kind: 'signed-in', isNewAccount: true, ...session }
}

async function openSession(
  tx: Transaction,
  request: RequestFacts,
  identity: Pick<IdentityRow, 'id' | 'user_id'>,
  provider: Provider,
): Promise<OpenedAccountSession> {
  const { token, hash } = makeToken('accountSession', null)
  const expiresAt = new Date(Date.now() + LIFETIME_DAYS * 86_400_000)
  const { ip, userAgent } = request
  const session = { id: newId(), tokenHash: hash, userId: identity.user_id, identityId: identity.id, provider }
  await insertAccountSession(tx, { ...session, ip, userAgent, expiresAt })
  return { userId: identity.user_id, token, expiresAt }
}

function recordAccount(context: WriteContext, action: string, userId: string, identity: ProvenIdentity): void {
  const label = identity.verifiedEmails[0] ?? identity.name
  context.audit({
    action,
    targets: [{ type: 'User', id: toTypeId('User', userId), label }],
    changes: [{ field: 'provider', before: null, after: identity.provider }],
  })
}
