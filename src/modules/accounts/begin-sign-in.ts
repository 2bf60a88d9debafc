import { type AccountSession, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { insertSignInAttempt, type SignInAttemptDraft } from './sign-in-attempt.store'

/** What is to be remembered of a sign-in until the provider sends the person back. */
export interface BeginSignIn extends Omit<SignInAttemptDraft, 'linkUserId'> {
  /** Adds the identity to the account that is signed in, instead of signing in. */
  readonly isLinking: boolean
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
  async run({ tx, actor }, { isLinking, ...draft }: BeginSignIn): Promise<void> {
    if (isLinking && actor.kind !== 'account') throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    await insertSignInAttempt(tx, { ...draft, linkUserId: isLinking ? (actor as AccountSession).userId : null })
  },
})
