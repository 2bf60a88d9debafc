import { notFound, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { memberWhoLinks } from './get-member-to-link'
import { isReturnUrl } from './return-url.store'
import { underTest } from './settings-digest'
import { insertSsoAttempt, type SsoAttemptDraft } from './sso-attempt.store'
import { findSsoProvider, type SsoProviderRow } from './sso-provider.store'
import { findSsoTestRun } from './sso-test-run.store'

/** A sign-in through a company that begins in a browser. */
export interface BeginSsoSignIn extends Omit<SsoAttemptDraft, 'settingsDigest' | 'linkMemberId'> {
  readonly organizationId: string
}

const TEST_MINUTES = 10

/**
 * Remembers a sign-in through a company until the browser comes back from the provider.
 *
 * @returns the connection
 * @throws NOT_FOUND  the connection is not in use, or has no such test
 * @throws EXPIRED  the test is over, too old, or of settings that were changed since
 * @throws UNAUTHENTICATED  linking without having signed in within the last quarter of an hour as a member
 * @throws INVALID  the organization does not allow the return URL
 */
export const beginSsoSignIn = writeUseCase({
  name: 'beginSsoSignIn',
  requires: 'anyone',
  organization: (input: BeginSsoSignIn) => input.organizationId,
  locks: 'share',
  unaudited: true,
  ahead: (tx, { organizationId, providerId }) => findSsoProvider(tx, organizationId, providerId),
  async run(context, { organizationId, ...draft }, _object, provider): Promise<SsoProviderRow> {
    const { tx } = context
    if (!provider) throw notFound('This way to sign in')
    if (draft.app && !(await isReturnUrl(tx, organizationId, draft.app.returnUrl)))
      throw new AppError('INVALID', 'The organization does not allow this return URL; an Admin adds it.')
    const settingsDigest = await digestToUse(context, provider, draft)
    const linkMemberId = draft.intent === 'LINK' ? (await memberWhoLinks(context)).memberId : null
    insertSsoAttempt(context, organizationId, { ...draft, settingsDigest, linkMemberId })
    return provider
  },
})

async function digestToUse(
  { tx, organizationId }: WriteContext,
  provider: SsoProviderRow,
  { intent, testRunId }: Pick<SsoAttemptDraft, 'intent' | 'testRunId'>,
): Promise<Buffer> {
  if (intent !== 'TEST') {
    const isUsable = provider.status === 'ACTIVE' || (intent === 'LINK' && provider.status === 'TESTED')
    if (!isUsable) throw notFound('This way to sign in')
    return provider.settingsDigest
  }
  const run = testRunId && (await findSsoTestRun(tx, organizationId, testRunId))
  if (!run || run.providerId !== provider.id) throw notFound('The test')
  const { digest } = underTest(provider)
  const isYoung = Date.now() < run.startedAt.getTime() + TEST_MINUTES * 60_000
  if (run.status === 'WAITING' && isYoung && run.settingsDigest.equals(digest)) return digest
  throw new AppError('EXPIRED', 'This test is over, or the connection was changed since it began; begin another one.')
}
