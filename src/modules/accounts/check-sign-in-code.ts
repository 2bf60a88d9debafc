import { timingSafeEqual } from 'node:crypto'
import { writeUseCase } from '../../access'
import { normalizeEmail } from '../../kernel/email-address'
import type { ProvenIdentity } from './proven-identity.model'
import { browserHashOf, codeHashOf } from './send-sign-in-code'
import { spendGuess, useUpCode } from './sign-in-code.store'

/** A code as typed, in the browser that asked for it. */
export interface CheckSignInCode {
  readonly email: string
  readonly browserSecret: string
  /** As typed; blanks do not count. */
  readonly code: string
}

export type CheckedCode =
  | {
      readonly isRight: true
      readonly identity: ProvenIdentity
      readonly returnTo: string
      readonly linkUserId: string | null
      readonly linkOrganizationId: string | null
    }
  | { readonly isRight: false }

const WRONG: CheckedCode = { isRight: false }

/**
 * Spends one guess on the newest code of this browser and address. A right one is used up, and proves the address.
 * Wrong, too old, used, guessed at too often and never sent are told apart for nobody.
 */
export const checkSignInCode = writeUseCase({
  name: 'checkSignInCode',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  // A wrong guess must be remembered although nothing else happens.
  unaudited: true,
  async run({ tx }, { email: typed, browserSecret, code }: CheckSignInCode): Promise<CheckedCode> {
    const email = normalizeEmail(typed)
    if (!email) return WRONG
    const waiting = await spendGuess(tx, email, browserHashOf(browserSecret))
    if (!waiting) return WRONG
    const guess = codeHashOf(browserSecret, email, code.replace(/\s/g, ''))
    if (!timingSafeEqual(guess, waiting.codeHash)) return WRONG
    await useUpCode(tx, waiting.id)
    const identity: ProvenIdentity = { provider: 'EMAIL', subject: email, name: '', verifiedEmails: [email] }
    const { returnTo, linkUserId, linkOrganizationId } = waiting
    return { isRight: true, identity, returnTo, linkUserId, linkOrganizationId }
  },
})
