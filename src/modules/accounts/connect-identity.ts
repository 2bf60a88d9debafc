import { notFound } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { findIdentity, hasIdentity, hasOneAlready, insertIdentity } from './identity.store'
import { opensAnotherAccount } from './link-identity'
import { checkIdentity, type ProvenIdentity } from './proven-identity.model'
import { holdUser, writeAddress } from './user.store'

/**
 * Gives a user whom a company's sign-in has made the first way to sign in of their own, in the transaction of the caller,
 * which has proven both. The first only: a company lets nobody into an account that a person has made theirs. The address
 * of the account becomes one that is verified; the one before was only asserted by the company.
 *
 * @param connectedIn  the organization of the session
 * @throws NOT_FOUND  the account is disabled
 * @throws WRONG_STATE  the account has a way to sign in already
 * @throws CONFLICT  the identity opens another account
 * @throws INVALID  the provider has verified no address, which an account needs
 */
export async function connectIdentity(
  tx: Transaction,
  userId: string,
  proven: ProvenIdentity,
  connectedIn: string,
): Promise<void> {
  const identity = checkIdentity(proven)
  const [email] = identity.verifiedEmails
  if (!email)
    throw new AppError('INVALID', 'This sign-in has no verified e-mail address; verify one there, or take another one.')
  if (!(await holdUser(tx, userId))) throw notFound('The account')
  if (await hasIdentity(tx, userId)) throw hasOneAlready()
  if (await findIdentity(tx, identity.provider, identity.subject)) throw opensAnotherAccount()
  if (!(await insertIdentity(tx, newId(), userId, identity, connectedIn))) throw opensAnotherAccount()
  await writeAddress(tx, userId, email)
}
