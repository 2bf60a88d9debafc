import { notFound, OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { listSsoProviderRows, type SsoProviderRow } from './sso-provider.store'
import { ssoProviderObject } from './sso-provider-access'
import { findSsoTestRun, findSsoTestRuns, type SsoTestRunRow } from './sso-test-run.store'

/** The connections of an organization, oldest first. */
export const listSsoProviders = readUseCase({
  name: 'listSsoProviders',
  requires: 'sso.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<SsoProviderRow[]> => listSsoProviderRows(tx, organizationId),
})

/** One connection of the caller's organization. @throws NOT_FOUND */
export const getSsoProvider = readUseCase({
  name: 'getSsoProvider',
  requires: 'sso.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  run: async (_context, _input, { provider }): Promise<SsoProviderRow> => provider,
})

/** The newest tests of connections, newest first, by connection. */
export const getSsoTestRuns = readUseCase({
  name: 'getSsoTestRuns',
  requires: 'sso.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { providerIds, each }: { providerIds: readonly string[]; each: number },
  ): Promise<Map<string, SsoTestRunRow[]>> {
    const runs = await findSsoTestRuns(tx, organizationId, providerIds, Math.min(Math.max(each, 1), MOST_RUNS))
    const byProvider = new Map<string, SsoTestRunRow[]>()
    for (const run of runs) byProvider.set(run.providerId, [...(byProvider.get(run.providerId) ?? []), run])
    return byProvider
  },
})

const MOST_RUNS = 50

/** One test of a connection of the caller's organization. @throws NOT_FOUND */
export const getSsoTestRun = readUseCase({
  name: 'getSsoTestRun',
  requires: 'sso.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { testRunId: string }) => testRunObject(context, input.testRunId),
  run: async (_context, _input, { run }): Promise<SsoTestRunRow> => run,
})

async function testRunObject({ tx, organizationId }: ReadContext, id: string) {
  const run = await findSsoTestRun(tx, organizationId, id)
  if (!run) throw notFound('The test')
  return { organizationId, run }
}
