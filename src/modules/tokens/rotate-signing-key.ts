import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { applyKeyChanges } from './keep-signing-keys'
import { dueChanges, isKnown, KEY_SET_MAX_AGE_SECONDS, type SigningKey } from './signing-key.model'
import { findSigningKeys, lockSigningKeys } from './signing-key.store'

/** How the keys are to change. */
export interface RotateSigningKey {
  /**
   * All keys may be known to somebody: they leave the key set at once, and what they signed is refused by whoever asks for
   * the key set again.
   */
  compromised: boolean
}

/**
 * Lets the next key sign from now on. What the old one signed stays valid until it expires, unless the keys are
 * compromised.
 *
 * @returns  the published keys, the active one first
 * @throws WRONG_STATE  verifiers may not have met the next key yet; nothing has changed
 */
export const rotateSigningKey = writeUseCase({
  name: 'rotateSigningKey',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, { compromised }: RotateSigningKey): Promise<SigningKey[]> {
    const { keys, now } = await lockSigningKeys(context.tx)
    if (compromised) {
      await applyKeyChanges(context, { remove: keys, retire: null, activate: null, create: ['ACTIVE', 'NEXT'] })
      return findSigningKeys(context.tx)
    }
    const next = keys.find(({ status }) => status === 'NEXT')
    if (next && !isKnown(next, now))
      throw new AppError(
        'WRONG_STATE',
        `The next key was published less than ${KEY_SET_MAX_AGE_SECONDS} seconds ago, and services may not know it yet; wait, or say that the keys are compromised.`,
      )
    await applyKeyChanges(context, dueChanges(keys, now, true))
    return findSigningKeys(context.tx)
  },
})
