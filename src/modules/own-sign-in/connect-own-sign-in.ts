import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { type Connecting, connectIdentity, type ProvenIdentity } from '../accounts'
import { requireFreshMember } from './get-own-sign-in'

/** A way to sign in that a member in the session of a company has proven to be theirs. */
export interface ConnectOwnSignIn {
  readonly identity: ProvenIdentity
  /** Who was signed in when the connecting began, and where; whoever is signed in now must be the same. */
  readonly connecting: Connecting
}

/**
 * Gives a member who comes through a company the first way to sign in of their own, which opens an account and stays when
 * the organization leaves its company's sign-in (docs/adr/0020-a-sign-in-of-ones-own.md). Both are proven in one browser:
 * the member by a sign-in through the company a moment ago, the identity by its provider. No address decides anything.
 *
 * @throws UNAUTHENTICATED  somebody else is signed in than who began, or the company has not confirmed them a moment ago
 * @throws FORBIDDEN  not in the session of a company
 * @throws WRONG_STATE  the member has a way to sign in of their own
 * @throws CONFLICT  the identity opens another account
 * @throws INVALID  it has no verified address
 */
export const connectOwnSignIn = writeUseCase({
  name: 'connectOwnSignIn',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { identity, connecting }: ConnectOwnSignIn): Promise<void> {
    const { tx, organizationId, locked, request } = context
    const { userId, memberId, name, email } = await requireFreshMember(context)
    if (userId !== connecting.userId || organizationId !== connecting.organizationId)
      throw new AppError('UNAUTHENTICATED', 'You signed in as somebody else meanwhile.')
    await connectIdentity(tx, userId, identity, organizationId)
    context.audit({
      action: 'member.own_sign_in.connected',
      targets: [{ type: 'Member', id: toTypeId('Member', memberId), label: name || email }],
    })
    const payload = { organizationName: locked!.name, ip: request.ip }
    context.send({ kind: 'mail.own-sign-in', destination: email, payload })
  },
})
