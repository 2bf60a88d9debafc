import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type TakenSsoAttempt, takeSsoAttemptRow } from './sso-attempt.store'

/** By what a returning sign-in is found: connection, request and browser must belong together. */
export interface TakeSsoSignIn {
  readonly organizationId: string
  readonly providerId: string
  readonly requestHash: Buffer
  readonly browserHash: Buffer
}

/**
 * Uses up a sign-in that comes back from a company's provider, before anything of the answer is believed.
 * @throws EXPIRED  no such attempt, of another browser or connection, older than 10 minutes, or used already
 */
export const takeSsoSignIn = writeUseCase({
  name: 'takeSsoSignIn',
  requires: 'anyone',
  organization: (input: TakeSsoSignIn) => input.organizationId,
  locks: 'share',
  unaudited: true,
  async run({ tx }, { organizationId, ...key }): Promise<TakenSsoAttempt> {
    const attempt = await takeSsoAttemptRow(tx, organizationId, key)
    if (attempt) return attempt
    throw new AppError('EXPIRED', 'This sign-in is too old, was used already, or began in another browser.')
  },
})
