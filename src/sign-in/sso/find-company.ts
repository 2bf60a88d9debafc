import type { FastifyReply } from 'fastify'
import { notFound } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { findOrganizationId } from '../../modules/organizations'
import { findOrganizationOfAddress, findWaysIn, type WaysIn } from '../../modules/sso'
import { renderCompanyPage, withReturnTo } from '../pages'
import { loginPage } from '../show-login'
import type { Visit } from '../visit'

/** The page that leads to the company of an address, or null when its domain leads nowhere. */
export async function companyPageFor(visit: Visit, email: string): Promise<string | null> {
  const organizationId = await visit.runOnAccountSide(findOrganizationOfAddress, { email })
  const ways = organizationId && (await visit.runOnAccountSide(findWaysIn, { organizationId }))
  if (!ways || ways.membershipMode !== 'SSO' || ways.connections.length === 0) return null
  const hint = `?login_hint=${encodeURIComponent(email.trim())}`
  const otherUrl = visit.site.offersEmailCodes ? '/login/email' : null
  return companyPage(ways, { hint, otherUrl, returnTo: visit.returnTo() })
}

/** The page that leads from the list of a person's organizations into one that is entered through its company. */
export async function companyPageOf(visit: Visit, organizationId: string): Promise<string> {
  const ways = await visit.runOnAccountSide(findWaysIn, { organizationId })
  if (!ways) throw notFound('The organization')
  return companyPage(ways, { hint: '', otherUrl: null, returnTo: `/organizations/${ways.slug}` })
}

/**
 * `GET /login/{slug}`: the way into one organization. A slug that nobody has looks like that of an organization whose
 * members come by invitation.
 */
export async function showOrganizationLogin(visit: Visit): Promise<FastifyReply> {
  const slug = visit.pathPart('slug')
  const asked = visit.returnTo()
  const returnTo = asked === '/' ? `/organizations/${encodeURIComponent(slug)}` : asked
  const organizationId = await visit.runOnAccountSide(findOrganizationId, { slug })
  const ways = await visit.runOnAccountSide(findWaysIn, { organizationId })
  if (ways?.membershipMode !== 'SSO') return visit.html(loginPage(visit, { returnTo }))
  const [only, ...others] = ways.connections
  if (only && others.length === 0) return visit.goTo(withReturnTo(startPathOf(only.id), returnTo))
  return visit.html(companyPage(ways, { hint: '', otherUrl: null, returnTo }))
}

function companyPage(
  { name, connections }: WaysIn,
  { hint, otherUrl, returnTo }: { hint: string; otherUrl: string | null; returnTo: string },
): string {
  return renderCompanyPage({
    title: `Sign in to ${name}`,
    ways: connections.map(({ id, name: label }) => ({ label, startUrl: startPathOf(id) + hint })),
    returnTo,
    otherUrl,
  })
}

function startPathOf(providerId: string): string {
  return `/sso/${toTypeId('SsoProvider', providerId)}/start`
}
