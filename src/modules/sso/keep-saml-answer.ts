import { readUseCase, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { answerSealContext, findWaitingAttempt, keepAnswer, type SsoIntent } from './sso-attempt.store'

/** An answer posted by a page of the identity provider, which brings no cookie of ours. */
export interface KeepSamlAnswer {
  readonly organizationId: string
  readonly attemptId: string
  /** What was verified of it, as JSON. */
  readonly answer: string
}

/** Keeps a posted answer until the browser that began the sign-in fetches it. @throws EXPIRED  it does not wait (any more) */
export const keepSamlAnswer = writeUseCase({
  name: 'keepSamlAnswer',
  requires: 'anyone',
  organization: (input: KeepSamlAnswer) => input.organizationId,
  locks: 'share',
  unaudited: true,
  async run({ tx, sealer }, { organizationId, attemptId, answer }): Promise<void> {
    const sealed = sealer.seal(answer, answerSealContext(organizationId, attemptId))
    if (!(await keepAnswer(tx, organizationId, attemptId, sealed)))
      throw new AppError('EXPIRED', 'This sign-in is too old, or was answered already; begin again.')
  },
})

/** The sign-in that a posted answer says it belongs to: nothing but a hint until its browser comes. Null: none waits. */
export const findWaitingSignIn = readUseCase({
  name: 'findWaitingSignIn',
  requires: 'anyone',
  organization: (input: { organizationId: string; providerId: string; requestHash: Buffer }) => input.organizationId,
  run: ({ tx }, { organizationId, ...key }): Promise<{ id: string; intent: SsoIntent } | null> =>
    findWaitingAttempt(tx, organizationId, key),
})
