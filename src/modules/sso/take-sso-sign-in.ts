import { notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type TakenSsoAttempt, takeSsoAttemptRow } from './sso-attempt.store'
import { findSsoProvider, type SsoProviderRow } from './sso-provider.store'

/** By what a returning sign-in is found: connection, request and browser must belong together. */
export interface TakeSsoSignIn {
  readonly organizationId: string
  readonly providerId: string
  readonly requestHash: Buffer
  readonly browserHash: Buffer
}

/** A sign-in that was used up, and its connection as it is now. */
export interface TakenSsoSignIn {
  readonly attempt: TakenSsoAttempt
  readonly provider: SsoProviderRow
}

/**
 * Uses up a sign-in that comes back from a company's provider, before anything of the answer is believed.
 * @throws NOT_FOUND  no such connection
 * @throws EXPIRED  no such attempt, of another browser or connection, older than 10 minutes, or used already
 */
export const takeSsoSignIn = writeUseCase({
  name: 'takeSsoSignIn',
  requires: 'anyone',
  organization: (input: TakeSsoSignIn) => input.organizationId,
  locks: 'share',
  unaudited: true,
  ahead: (tx, { organizationId, ...key }) =>
    Promise.all([findSsoProvider(tx, organizationId, key.providerId), takeSsoAttemptRow(tx, organizationId, key)]),
  async run(_context, _input, _object, [provider, attempt]): Promise<TakenSsoSignIn> {
    if (!provider) throw notFound('This way to sign in')
    if (attempt) return { attempt, provider }
    throw new AppError('EXPIRED', 'This sign-in is too old, was used already, or began in another browser.')
  },
})
