import type { FastifyReply } from 'fastify'
import { notFound, SYSTEM_ROLES } from '../access'
import { AppError } from '../kernel/errors'
import { toTypeId } from '../kernel/ids'
import { enterByRecoveryCode } from '../modules/recovery-codes'
import { findWaysIn } from '../modules/sso'
import { getViewer, type ViewerMembership, type ViewerView } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import { renderEntrancePage, withReturnTo } from './pages'
import type { Visit } from './visit'

/** `GET /organizations/{slug}/enter`: how a member comes in from an account where members come by SSO. */
export async function showEntrance(visit: Visit): Promise<FastifyReply> {
  const viewer = await visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
  if (!viewer) return visit.goTo(withReturnTo('/login', visit.request.url))
  return show(visit, viewer, membershipOf(visit, viewer))
}

/** `POST /organizations/{slug}/enter`: a break-glass Admin comes in by a recovery code, which is used up by it. */
export async function enterByCode(visit: Visit): Promise<FastifyReply> {
  const viewer = await visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
  if (!viewer) return visit.goTo('/login')
  const membership = membershipOf(visit, viewer)
  const { organizationId, slug } = membership
  const input = { organizationId, code: visit.field('recoveryCode') }
  const attempt = await visit.runOnAccountSide(enterByRecoveryCode, input).catch((error: unknown) => {
    if (error instanceof AppError && error.code !== 'UNAVAILABLE') return { refusal: error }
    throw error
  })
  if ('refusal' in attempt) return show(visit, viewer, membership, attempt.refusal)
  visit.continueWith({ organization: attempt.session })
  return visit.goTo(`/organizations/${slug}`)
}

async function show(
  visit: Visit,
  { user }: ViewerView,
  { organizationId, name, slug, roleKey }: ViewerMembership,
  refusal?: AppError,
): Promise<FastifyReply> {
  const ways = await visit.runOnAccountSide(findWaysIn, { organizationId })
  const page = renderEntrancePage({
    signedInAs: user.name || user.email,
    csrfToken: visit.formToken(),
    organizationName: name,
    slug,
    connections: (ways?.connections ?? []).map((connection) => ({
      name: connection.name,
      linkUrl: `/sso/${toTypeId('SsoProvider', connection.id)}/link`,
    })),
    takesCodes: roleKey === SYSTEM_ROLES.ADMIN.key && ways?.membershipMode === 'SSO',
    error: refusal?.message,
  })
  return visit.html(page, refusal ? 422 : 200)
}

function membershipOf(visit: Visit, viewer: ViewerView): ViewerMembership {
  const membership = viewer.memberships.find(({ slug }) => slug === visit.pathPart('slug'))
  if (!membership) throw notFound('The organization')
  return membership
}
