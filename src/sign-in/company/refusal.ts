import type { SsoRefusalCode } from '../../modules/sso'

/** A sign-in through a company that ends here. The message is for the Admin, and never what stood in an answer. */
export class SsoRefusal extends Error {
  constructor(
    readonly code: SsoRefusalCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}
