import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { updateSsoProviderRow } from './change-sso-provider.store'
import { digestOf, underTest } from './settings-digest'
import { findSsoProvider } from './sso-provider.store'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'
import {
  appendSsoTestStep,
  endSsoTestRun,
  findSsoTestRun,
  insertSsoTestRun,
  type SsoTestFindings,
  type SsoTestStep,
} from './sso-test-run.store'

/**
 * Begins a test: a live sign-in with the settings that wait, or those there are. Nobody becomes a member by it.
 *
 * @returns  the id of the test
 * @throws NOT_FOUND  the connection does not exist
 */
export const testSsoProvider = writeUseCase({
  name: 'testSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  locks: 'share',
  async run(context, _input, { organizationId, provider }): Promise<string> {
    const { digest } = underTest(provider)
    const id = await insertSsoTestRun(context.tx, organizationId, provider.id, digest, context.actor)
    context.audit(ssoProviderAudit('sso_provider.test_started', provider))
    return id
  },
})

/** Notes a step of a test that is on its way; of one that is over it changes nothing. For the sign-in itself. */
export const recordTestStep = writeUseCase({
  name: 'recordTestStep',
  requires: 'anyone',
  organization: (input: { organizationId: string; testRunId: string; step: SsoTestStep }) => input.organizationId,
  locks: 'share',
  unaudited: true,
  async run({ tx }, { organizationId, testRunId, step }): Promise<void> {
    await appendSsoTestStep(tx, organizationId, testRunId, step)
  },
})

/** How a test ended, as the sign-in tells. */
export interface FinishTest {
  organizationId: string
  testRunId: string
  passed: boolean
  findings: SsoTestFindings
}

/**
 * Ends a test, once. When it has passed with exactly the settings that there still are, the connection counts as tested;
 * of one in use, the settings that waited take the place of the old ones in the same moment. For the sign-in itself.
 *
 * @returns  whether the connection is tested by it
 * @throws NOT_FOUND  the test does not exist
 */
export const finishTest = writeUseCase({
  name: 'finishTest',
  requires: 'anyone',
  organization: (input: FinishTest) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, testRunId, passed, findings }): Promise<boolean> {
    const { tx } = context
    const run = await findSsoTestRun(tx, organizationId, testRunId)
    const provider = run && (await findSsoProvider(tx, organizationId, run.providerId))
    if (!provider) throw notFound('The test')
    if (!(await endSsoTestRun(tx, organizationId, testRunId, passed ? 'PASSED' : 'FAILED', findings))) return false
    const { settings, sealedSecret, digest } = underTest(provider)
    const counts = passed && digest.equals(run.settingsDigest)
    if (counts)
      await updateSsoProviderRow(tx, organizationId, {
        ...provider,
        settings,
        sealedSecret,
        pendingSettings: null,
        pendingSealedSecret: null,
        settingsDigest: digest,
        testedDigest: digest,
        status: provider.status === 'DRAFT' ? 'TESTED' : provider.status,
        defaultRoleId: provider.defaultRole.id,
      })
    const isPromoted = counts && !digestOf(provider).equals(digest)
    context.audit(
      ssoProviderAudit(passed ? 'sso_provider.test_passed' : 'sso_provider.test_failed', provider, [
        ...(counts && provider.status === 'DRAFT' ? [{ field: 'status', before: 'DRAFT', after: 'TESTED' }] : []),
        ...(isPromoted ? [{ field: 'settings', before: 'the old ones', after: 'those that waited' }] : []),
        ...(findings.errorCode ? [{ field: 'error', before: null, after: findings.errorCode }] : []),
      ]),
    )
    return counts
  },
})
