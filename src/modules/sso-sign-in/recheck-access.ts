import { Operation, OWN_ORGANIZATION, type Spine, systemCaller, writeUseCase } from '../../access'
import type { Outside } from '../../platform/outside'
import { findSsoProvider, type OidcSettings, secretSealContext } from '../sso'
import { askGrant, type GrantAnswer } from './ask-grant'
import { auditEndByProvider } from './log-out-by-provider'
import { endSessionsByProvider } from './provider-logout.store'
import { claimIdentity, type DueIdentity, findDueIdentities, replaceRefresh } from './recheck.store'
import { refreshSealContext } from './sso-identity.store'

/** What is needed to ask a provider about somebody, secrets opened. */
interface Recheck extends DueIdentity {
  readonly providerId: string
  readonly subject: string
  readonly settings: OidcSettings
  readonly clientSecret: string
  readonly refreshToken: string
  /** As it was asked with. */
  readonly sealedRefresh: Buffer
}

/** Makes the asking about somebody this process's own; null when there is nothing to ask. */
export const claimRecheck = writeUseCase({
  name: 'claimRecheck',
  requires: 'operator',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  unaudited: true,
  async run({ tx, organizationId, sealer }, { identityId }: { identityId: string }): Promise<Recheck | null> {
    const claimed = await claimIdentity(tx, organizationId, identityId)
    const provider = claimed && (await findSsoProvider(tx, organizationId, claimed.providerId))
    if (!provider?.rechecksAccess || provider.status !== 'ACTIVE' || provider.settings.protocol !== 'OIDC') return null
    const { settings, sealedSecret } = provider
    return {
      ...claimed!,
      organizationId,
      identityId,
      settings,
      clientSecret: sealedSecret ? sealer.open(sealedSecret, secretSealContext(organizationId, provider.id)) : '',
      refreshToken: sealer.open(claimed!.sealedRefresh, refreshSealContext(organizationId, identityId)),
    }
  },
})

/** Draws the consequence: keeps the next refresh token, or ends the sessions of whom the provider has ended. */
export const finishRecheck = writeUseCase({
  name: 'finishRecheck',
  requires: 'operator',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  unaudited: true,
  async run(context, { asked, answer }: { asked: Recheck; answer: GrantAnswer }): Promise<void> {
    const { tx, organizationId, sealer } = context
    const { identityId, providerId, subject, sealedRefresh } = asked
    if (answer.kind === 'unclear' || (answer.kind === 'stands' && answer.refreshToken === null)) return
    const next =
      answer.kind === 'stands'
        ? sealer.seal(answer.refreshToken!, refreshSealContext(organizationId, identityId))
        : null
    const isCurrent = await replaceRefresh(tx, organizationId, identityId, sealedRefresh, next)
    if (answer.kind !== 'ended' || !isCurrent) return
    const ended = await endSessionsByProvider(tx, organizationId, providerId, { subject, idpSession: null })
    for (const session of ended) auditEndByProvider(context, providerId, session, 'INVALID_GRANT')
  },
})

const MOST_PER_RUN = 500
const AT_ONCE = 10

/**
 * Asks the providers of connections that want it (`rechecksAccess`) whether they still know the people who are signed in:
 * each at most every 15 minutes, ten at once, 500 in one run. No transaction is open while a provider is asked.
 */
export async function recheckAccess(spine: Spine, outside: Outside): Promise<void> {
  const due = await spine.database.write({ kind: 'installation' }, (tx) => findDueIdentities(tx, MOST_PER_RUN))
  const failures: unknown[] = []
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = due.shift(); next; next = due.shift())
      await recheck(spine, outside, next).catch((error: unknown) => failures.push(error))
  })
  await Promise.all(lanes)
  // One whose row cannot be read holds up nobody else.
  if (failures.length > 0) throw failures[0]
}

async function recheck(spine: Spine, outside: Outside, { organizationId, identityId }: DueIdentity): Promise<void> {
  const operation = new Operation(spine, systemCaller('access check', organizationId))
  const asked = await operation.execute(claimRecheck, { identityId })
  if (!asked) return
  const answer = await askGrant(outside, asked.settings, asked.clientSecret, asked.refreshToken)
  await operation.execute(finishRecheck, { asked, answer })
}
