import { createHash } from 'node:crypto'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { AppError } from '../kernel/errors'
import { answerError, answerNotFound } from './answer-error'
import { askToJoin, takeRequestBack } from './ask-to-join'
import { cancelDeletionOnPage } from './cancel-deletion'
import { createOnPage, showNewOrganization } from './create-organization'
import { enterByCode, showEntrance } from './enter-by-recovery-code'
import { openOrganization } from './open-organization'
import { showOwnSignIn } from './own-sign-in'
import { icon, stylesheet } from './pages'
import { returnFromProvider } from './return-from-provider'
import { revokeOwnSession } from './revoke-session'
import { endSchemaChecks } from './saml'
import {
  activateConnectionBySetup,
  addConnectionBySetup,
  addDomainBySetup,
  checkDomainBySetup,
  showSetup,
  testConnectionBySetup,
} from './setup'
import { showEndedSession } from './show-ended-session'
import { showHome } from './show-home'
import { acceptOnPage, declineOnPage, showInvitation } from './show-invitation'
import { showEmailLogin, showLogin } from './show-login'
import { inviteOnPage, showOrganization } from './show-organization'
import { enterCode, sendCode } from './sign-in-by-code'
import { signOut } from './sign-out'
import type { Site } from './site'
import { backChannelLogout } from './sso/back-channel-logout'
import { continueSaml } from './sso/continue-saml'
import { answerPreflight, exchangeCode } from './sso/exchange-code'
import { showOrganizationLogin } from './sso/find-company'
import { receiveSamlAnswer } from './sso/receive-saml-answer'
import { returnFromCompany } from './sso/return-from-company'
import { showLink } from './sso/show-link'
import { showSpMetadata } from './sso/show-sp-metadata'
import { startSso } from './sso/start-sso'
import { startSignIn } from './start-sign-in'
import { Visit } from './visit'

type Handler = (visit: Visit) => FastifyReply | Promise<FastifyReply>

/** Every page: method, path, handler. Posts carry a token of their page. */
const ROUTES: readonly (readonly ['GET' | 'POST', string, Handler])[] = [
  ['GET', '/', showHome],
  ['GET', '/login', showLogin],
  ['GET', '/login/email', showEmailLogin],
  ['POST', '/login/email', sendCode],
  ['POST', '/login/email/verify', enterCode],
  ['GET', '/login/:slug', showOrganizationLogin],
  ['GET', '/login/:provider/start', startSignIn],
  ['GET', '/login/:provider/callback', returnFromProvider],
  ['POST', '/logout', signOut],
  ['POST', '/sessions/:id/revoke', revokeOwnSession],
  ['GET', '/organizations/new', showNewOrganization],
  ['POST', '/organizations/new', createOnPage],
  ['POST', '/organizations/:slug/open', openOrganization],
  ['GET', '/organizations/:slug', showOrganization],
  ['GET', '/organizations/:slug/own-sign-in', showOwnSignIn],
  ['POST', '/organizations/:slug/invitations', inviteOnPage],
  ['POST', '/organizations/:slug/cancel-deletion', cancelDeletionOnPage],
  ['GET', '/setup/:token', showSetup],
  ['POST', '/setup/:token/domains', addDomainBySetup],
  ['POST', '/setup/:token/domains/:id/check', checkDomainBySetup],
  ['POST', '/setup/:token/connections', addConnectionBySetup],
  ['POST', '/setup/:token/connections/:id/test', testConnectionBySetup],
  ['POST', '/setup/:token/connections/:id/activate', activateConnectionBySetup],
  ['GET', '/organizations/:slug/enter', showEntrance],
  ['POST', '/organizations/:slug/enter', enterByCode],
  ['POST', '/join-requests/:id', askToJoin],
  ['POST', '/join-requests/:id/cancel', takeRequestBack],
  ['GET', '/invitations/:token', showInvitation],
  ['POST', '/invitations/:token/accept', acceptOnPage],
  ['POST', '/invitations/:token/decline', declineOnPage],
]

/** Signing in through a company. What comes from another site carries no token of ours, and needs no cookie. */
const COMPANY_ROUTES: readonly (readonly ['GET' | 'POST' | 'OPTIONS', string, Handler])[] = [
  ['GET', '/sso/:id/start', startSso],
  ['GET', '/sso/:id/link', showLink],
  ['GET', '/sso/oidc/:id/callback', returnFromCompany],
  ['POST', '/sso/saml/:id/acs', receiveSamlAnswer],
  ['GET', '/sso/saml/:id/continue', continueSaml],
  ['GET', '/sso/saml/:id/metadata', showSpMetadata],
  ['POST', '/sso/oidc/:id/backchannel-logout', backChannelLogout],
  ['POST', '/sso/session', exchangeCode],
  ['OPTIONS', '/sso/session', answerPreflight],
]

// A whole office signs in from one address in the morning.
const COMPANY_SIGN_INS = 10
// 256 KiB of XML in base64, as a form writes it.
const LARGEST_SAML_FORM = 512 * 1024

// Nothing runs, nothing is framed, nothing leaves for elsewhere. Logos may come from anywhere on https.
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const STYLESHEET_TAG = `"${createHash('sha256').update(stylesheet).digest('base64url').slice(0, 22)}"`

/** Serves the pages of people: signing in, the account, organizations, invitations. */
export async function signInRoutes(app: FastifyInstance, site: Site): Promise<void> {
  await app.register(formbody)
  await app.register(rateLimit, { global: false, errorResponseBuilder: tooManyRequests })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  // A thread that has checked schemas keeps a command, which is no server, from ending.
  app.addHook('onClose', endSchemaChecks)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' })
  })
  app.get('/assets/gatehouse.css', async (request, reply) => {
    reply.headers({ 'cache-control': 'public, max-age=0, must-revalidate', etag: STYLESHEET_TAG })
    if (request.headers['if-none-match'] === STYLESHEET_TAG) return reply.code(304).send()
    return reply.type('text/css; charset=utf-8').send(stylesheet)
  })
  app.get('/favicon.ico', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(icon),
  )
  const limited = { rateLimit: { max: site.signInsPerMinute, timeWindow: 60_000, groupId: 'sign-in' } }
  for (const [method, url, handle] of ROUTES) {
    app.route({
      method,
      url,
      ...((url.startsWith('/login') || url.endsWith('/enter')) && { config: limited }),
      async handler(request, reply) {
        const visit = new Visit(site, request, reply)
        if (method === 'GET' && isUnderOtherName(visit)) return visit.goTo(site.publicUrl + request.url)
        if (method === 'POST') visit.requireOwnForm()
        return orEndedSession(visit, handle)
      },
    })
  }
  companyRoutes(app, site)
}

function companyRoutes(app: FastifyInstance, site: Site): void {
  const max = site.signInsPerMinute * COMPANY_SIGN_INS
  const config = { rateLimit: { max, timeWindow: 60_000, groupId: 'company-sign-in' } }
  for (const [method, url, handle] of COMPANY_ROUTES)
    app.route({
      method,
      url,
      config,
      bodyLimit: LARGEST_SAML_FORM,
      async handler(request, reply) {
        const visit = new Visit(site, request, reply)
        if (method === 'GET' && isUnderOtherName(visit)) return visit.goTo(site.publicUrl + request.url)
        return handle(visit)
      },
    })
}

/** Who is nobody any more because their session has ended is told so. */
async function orEndedSession(visit: Visit, handle: Handler): Promise<FastifyReply> {
  try {
    return await handle(visit)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error
    const page = await showEndedSession(visit)
    if (page) return page
    throw error
  }
}

/** In development 127.0.0.1 answers as well as localhost, but cookies and providers know one name only. */
function isUnderOtherName({ site, request }: Visit): boolean {
  const origin = `${new URL(site.publicUrl).protocol}//${request.host}`
  return origin !== site.publicUrl && site.ownOrigins.has(origin)
}

function tooManyRequests(_request: unknown, { ttl }: { ttl: number }): AppError {
  const message = 'Too many sign-ins were begun from your network address; wait a minute.'
  return new AppError('RATE_LIMITED', message, { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)) })
}
