import { type AccountSession, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { insertSignInAttempt, type SignInAttemptDraft } from './sign-in-attempt.store'

/** Who connects a first way to sign in of their own, in which organization. Nothing is believed of it before it is finished. */
export interface Connecting {
  readonly userId: string
  readonly organizationId: string
}

/** What is to be remembered of a sign-in until the provider sends the person back. */
export interface BeginSignIn extends Omit<SignInAttemptDraft, 'linkUserId' | 'linkOrganizationId'> {
  /** Adds the identity to the account that is signed in, instead of signing in. */
  readonly isLinking: boolean
  /** Null for everybody but a member in the session of a company. */
  readonly connecting: Connecting | null
}

/**
 * Remembers a sign-in that begins.
 * @throws UNAUTHENTICATED  linking without being signed in
 */
export const beginSignIn = writeUseCase({
  name: 'beginSignIn',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  unaudited: true,
  async run({ tx, actor }, { isLinking, connecting, ...draft }: BeginSignIn): Promise<void> {
    if (isLinking && actor.kind !== 'account') throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    const linkUserId = isLinking ? (actor as AccountSession).userId : (connecting?.userId ?? null)
    await insertSignInAttempt(tx, { ...draft, linkUserId, linkOrganizationId: connecting?.organizationId ?? null })
  },
})
