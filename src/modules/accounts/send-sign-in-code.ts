import { hash, randomInt } from 'node:crypto'
import { writeUseCase } from '../../access'
import { normalizeEmail } from '../../kernel/email-address'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type LinkWish, linkTarget } from './link-target'
import { countRecentCodes, insertSignInCode } from './sign-in-code.store'

/** Who wants a code, and from which browser. */
export interface SendSignInCode extends LinkWish {
  /** As typed. */
  readonly email: string
  /** The secret of the browser's cookie: the code works nowhere else. */
  readonly browserSecret: string
  readonly returnTo: string
}

/** How long a code is valid. */
export const SIGN_IN_CODE_MINUTES = 10
const MOST_CODES = 5
const WINDOW_MINUTES = 15

/**
 * Sends a one-time code of 6 digits to an address. Whether the address belongs to an account makes no difference.
 *
 * @returns  the normalized address
 * @throws INVALID  not an address, with path `email`
 * @throws RATE_LIMITED  5 codes went to this address within 15 minutes
 * @throws UNAUTHENTICATED  linking without being signed in
 */
export const sendSignInCode = writeUseCase({
  name: 'sendSignInCode',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  unaudited: true,
  async run(context, input: SendSignInCode): Promise<{ email: string }> {
    const { tx, actor } = context
    const email = normalizeEmail(input.email)
    if (!email) throw new AppError('INVALID', 'This is not an e-mail address.', { path: ['email'] })
    const target = linkTarget(actor, input)
    if ((await countRecentCodes(tx, email, WINDOW_MINUTES)) >= MOST_CODES) throw tooManyCodes()

    const code = randomInt(1_000_000).toString().padStart(6, '0')
    await insertSignInCode(tx, {
      id: newId(),
      email,
      browserHash: browserHashOf(input.browserSecret),
      codeHash: codeHashOf(input.browserSecret, email, code),
      returnTo: input.returnTo,
      ...target,
      minutes: SIGN_IN_CODE_MINUTES,
    })
    context.send({
      kind: 'mail.sign-in-code',
      destination: email,
      payload: { minutes: SIGN_IN_CODE_MINUTES },
      secret: code,
    })
    return { email }
  },
})

/** What the database keeps of a browser's secret, SHA-256. */
export function browserHashOf(browserSecret: string): Buffer {
  return hash('sha256', browserSecret, 'buffer')
}

/** A million codes are soon tried; hashed with the browser's secret, which only its cookie holds, there is no trying. */
export function codeHashOf(browserSecret: string, email: string, code: string): Buffer {
  return hash('sha256', JSON.stringify([browserSecret, email, code]), 'buffer')
}

function tooManyCodes(): AppError {
  return new AppError(
    'RATE_LIMITED',
    'Too many codes were sent to this address; use the newest, or wait a quarter of an hour.',
    {
      retryAfterSeconds: WINDOW_MINUTES * 60,
    },
  )
}
