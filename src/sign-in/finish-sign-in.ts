import type { FastifyReply } from 'fastify'
import { AppError } from '../kernel/errors'
import { linkIdentity, type ProvenIdentity, type Provider } from '../modules/accounts'
import { switchOrganization } from '../modules/organizations'
import { signInWithIdentity } from '../modules/sessions'
import { getViewer } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import { labelOf } from './method-label'
import { finishConnecting } from './own-sign-in'
import { renderAddressInUsePage, withReturnTo } from './pages'
import { startPath } from './show-login'
import type { Visit } from './visit'

/** Whom a provider or a code has proven, and what the sign-in was for. */
export interface FinishedSignIn {
  readonly identity: ProvenIdentity
  readonly returnTo: string
  /** The account that links a further identity; null for a sign-in. */
  readonly linkUserId: string | null
  /** The organization in whose company session somebody connects a way of their own; null for all others. */
  readonly linkOrganizationId: string | null
  readonly wantsSeparateAccount: boolean
}

/** Decides what comes after somebody was proven: the only place that does. */
export async function finishSignIn(visit: Visit, finished: FinishedSignIn): Promise<FastifyReply> {
  const { identity, returnTo, linkUserId, linkOrganizationId, wantsSeparateAccount } = finished
  if (linkUserId && linkOrganizationId) {
    const connecting = { userId: linkUserId, organizationId: linkOrganizationId }
    return finishConnecting(visit, { identity, connecting }, returnTo)
  }
  if (linkUserId) {
    await visit.runOnAccountSide(linkIdentity, { identity, userId: linkUserId })
    return visit.goTo('/?notice=linked')
  }
  const outcome = await visit.runOnAccountSide(signInWithIdentity, { identity, wantsSeparateAccount })
  if (outcome.kind === 'address-in-use') return visit.html(addressInUsePage(visit, finished, outcome))

  // Whoever was signed in in this browser is not any more; nothing that was set before is carried over.
  visit.continueWith({ account: outcome, organization: null })
  await openOnlyOrganization(visit)
  return visit.goTo(returnTo)
}

/** Whoever has exactly one organization need not choose. */
async function openOnlyOrganization(visit: Visit): Promise<void> {
  const viewer = await visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
  const open = viewer?.memberships.filter((each) => each.status === 'JOINED' && each.organizationStatus === 'ACTIVE')
  const [only, ...others] = open ?? []
  if (!only || others.length > 0) return
  const { organizationId } = only
  const organization = await visit.runOnAccountSide(switchOrganization, { organizationId }).catch(onlyByItsCompany)
  if (organization) visit.continueWith({ organization })
}

function addressInUsePage(
  visit: Visit,
  { identity, returnTo }: FinishedSignIn,
  { email, providers }: { email: string; providers: readonly Provider[] },
): string {
  const slug = visit.site.providers.find(({ provider }) => provider === identity.provider)?.slug
  const separatePath = slug ? startPath(slug) : '/login/email'
  return renderAddressInUsePage({
    email,
    otherMethods: providers.map((provider) => labelOf(visit.site, provider)),
    loginUrl: withReturnTo('/login', returnTo),
    separateUrl: withReturnTo(`${separatePath}?separate=1`, returnTo),
  })
}

/** An organization that is entered through its own identity provider is not opened by another sign-in. */
function onlyByItsCompany(error: unknown): null {
  if (error instanceof AppError && error.code === 'MEMBERSHIP_MODE') return null
  throw error
}
