import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { AppError } from '../kernel/errors'
import { switchOrganization } from '../modules/organizations'
import { getViewer } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import { companyPageOf } from './sso/find-company'
import type { Visit } from './visit'

/** `POST /organizations/{slug}/open`: makes it the active organization of this browser. */
export async function openOrganization(visit: Visit): Promise<FastifyReply> {
  const slug = visit.pathPart('slug')
  const viewer = await visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
  if (!viewer) return visit.goTo('/login')
  const membership = viewer.memberships.find((each) => each.slug === slug)
  if (!membership) throw notFound('The organization')
  const { organizationId } = membership
  try {
    visit.continueWith({ organization: await visit.runOnAccountSide(switchOrganization, { organizationId }) })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'MEMBERSHIP_MODE') throw error
    // Not on to the provider at once: browsers let a posted form lead to this origin only (form-action of our policy).
    return visit.html(await companyPageOf(visit, organizationId))
  }
  return visit.goTo(`/organizations/${slug}`)
}
