import { writeUseCase } from '../../access'
import { type LinkWish, linkTarget } from './link-target'
import { insertSignInAttempt, type SignInAttemptDraft } from './sign-in-attempt.store'

/** What is to be remembered of a sign-in until the provider sends the person back. */
export interface BeginSignIn extends LinkWish, Omit<SignInAttemptDraft, 'linkUserId' | 'linkOrganizationId'> {}

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
    await insertSignInAttempt(tx, { ...draft, ...linkTarget(actor, { isLinking, connecting }) })
  },
})
