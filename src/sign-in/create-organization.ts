import type { FastifyReply } from 'fastify'
import { AppError, InputProblems } from '../kernel/errors'
import { newId } from '../kernel/ids'
import { SLUG_RULE } from '../kernel/slug'
import { createOrganization } from '../modules/organizations'
import { getViewer, type ViewerView } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import { inviteOutcome } from './invite-outcome'
import { type FieldError, renderNewOrganizationPage, renderOrganizationCreatedPage, withReturnTo } from './pages'
import type { Visit } from './visit'

/** `GET /organizations/new`. */
export async function showNewOrganization(visit: Visit): Promise<FastifyReply> {
  const viewer = await visit.runOnAccountSide(getViewer, ACCOUNT_SIDE)
  if (!viewer) return visit.goTo(withReturnTo('/login', '/organizations/new'))
  return visit.html(formPage(visit, viewer, { billingEmail: viewer.user.email }, []))
}

/** `POST /organizations/new`: founds it, invites the first people, and says what became of each address. */
export async function createOnPage(visit: Visit): Promise<FastifyReply> {
  const viewer = await visit.runOnAccountSide(getViewer, ACCOUNT_SIDE)
  if (!viewer) return visit.goTo(withReturnTo('/login', '/organizations/new'))
  const values = { name: visit.field('name'), slug: visit.field('slug'), billingEmail: visit.field('billingEmail') }
  const addresses = visit.field('addresses')
  try {
    const inviteEmails = addresses.trim() ? [addresses] : []
    const input = { ...values, organizationId: newId(), inviteEmails }
    const { session, invitations, slug } = await visit.runOnAccountSide(createOrganization, input)
    visit.continueWith({ organization: session })
    return visit.html(
      renderOrganizationCreatedPage({
        signedInAs: viewer.user.name || viewer.user.email,
        csrfToken: visit.formToken(),
        organizationName: values.name.trim(),
        slug,
        openAction: `/organizations/${slug}/open`,
        outcomes: invitations.map(inviteOutcome),
      }),
    )
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'UNAUTHENTICATED' || error.code === 'UNAVAILABLE') throw error
    return visit.html(formPage(visit, viewer, { ...values, addresses }, fieldErrors(error)), 422)
  }
}

function formPage(
  visit: Visit,
  { user }: ViewerView,
  values: { name?: string; slug?: string; billingEmail: string; addresses?: string },
  errors: readonly FieldError[],
): string {
  return renderNewOrganizationPage({
    signedInAs: user.name || user.email,
    csrfToken: visit.formToken(),
    slugRule: SLUG_RULE,
    values: { name: '', slug: '', addresses: '', ...values },
    errors,
  })
}

/** The problems of an input by the names of the form's fields. */
export function fieldErrors(error: AppError): FieldError[] {
  const problems = error instanceof InputProblems ? error.problems : [error]
  const fields: Readonly<Record<string, string>> = { inviteEmails: 'addresses', emails: 'addresses' }
  return problems.map(({ details, message }) => ({
    path: (details.path ?? []).map((part) => fields[part] ?? part),
    message,
  }))
}
