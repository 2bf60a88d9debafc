import type { FastifyReply } from 'fastify'
import { type LoginPageProps, renderLoginPage } from './pages'
import type { Visit } from './visit'

/** `GET /login`: every way in. */
export function showLogin(visit: Visit): FastifyReply {
  return visit.html(loginPage(visit, { returnTo: visit.returnTo() }))
}

/** `GET /login/email`: only the way by code, for linking an address or making a separate account. */
export function showEmailLogin(visit: Visit): FastifyReply {
  const purpose = purposeOf(visit)
  const hint = purpose.link || purpose.connect ? 'with the address you want to add' : undefined
  const byEmail = { action: '/login/email', hidden: { ...purpose, direct: '1' }, sendsCodes: true }
  return visit.html(loginPage(visit, { returnTo: visit.returnTo(), methods: [], hint, byEmail }))
}

/** The sign-in page, with an error or a hint if there is one to give. */
export function loginPage(visit: Visit, props: Partial<LoginPageProps> & Pick<LoginPageProps, 'returnTo'>): string {
  const { providers, offersEmailCodes } = visit.site
  return renderLoginPage({
    methods: providers.map(({ provider, slug, label }) => ({ kind: provider, label, startUrl: startPath(slug) })),
    byEmail: { action: '/login/email', hidden: purposeOf(visit), sendsCodes: offersEmailCodes },
    csrfToken: visit.formToken(),
    ...props,
  })
}

/** Path at which a sign-in by this provider begins. */
export function startPath(slug: string): string {
  return `/login/${slug}/start`
}

/**
 * What a sign-in is for, if not plainly for signing in, and whether a code is wanted even where the company has a sign-in
 * of its own; travels through its pages as hidden fields.
 */
export function purposeOf(visit: Visit): { link?: '1'; connect?: '1'; separate?: '1'; direct?: '1' } {
  const isSet = (name: string): boolean => (visit.field(name) || visit.query(name)) === '1'
  return {
    ...(isSet('link') && { link: '1' }),
    ...(isSet('connect') && { connect: '1' }),
    ...(isSet('separate') && { separate: '1' }),
    ...(isSet('direct') && { direct: '1' }),
  }
}
