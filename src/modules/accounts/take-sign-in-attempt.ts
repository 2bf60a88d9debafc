import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Provider } from './proven-identity.model'
import { type TakenSignInAttempt, takeAttempt } from './sign-in-attempt.store'

/** By what a returning sign-in is found: all three must belong together. */
export interface TakeSignInAttempt {
  readonly provider: Provider
  readonly browserHash: Buffer
  readonly stateHash: Buffer
}

/**
 * Uses up a sign-in that comes back from its provider, before anything of the answer is believed.
 * @throws EXPIRED  no such attempt, of another browser or provider, older than 10 minutes, or used already
 */
export const takeSignInAttempt = writeUseCase({
  name: 'takeSignInAttempt',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  unaudited: true,
  async run({ tx }, key: TakeSignInAttempt): Promise<TakenSignInAttempt> {
    const attempt = await takeAttempt(tx, key)
    if (attempt) return attempt
    throw new AppError('EXPIRED', 'This sign-in is too old, was used already, or began in another browser.')
  },
})
