import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Account } from './account'
import type { Answer } from './answers'
import { CLIENT_ID } from './company'
import type { CompanyState } from './company-state'
import { answerInteraction, type InteractionSetup, type OtherEnd } from './interaction.handler'
import { signingJwk } from './jwt'
import { loadOidcProvider } from './load-oidc-provider'
import { logOut } from './log-out'
import { buildConfiguration, interactionPath } from './provider.configuration'
import { spoilIdToken } from './spoil-id-token'

const CODES_KEPT = 1_000

/**
 * Makes the OpenID provider of a company. Every redirect URI of every connection of Gatehouse is taken, so that a new
 * connection needs no registration here.
 *
 * @param origin  of the local identity provider
 * @returns  what answers every request below `/{slug}`
 */
export async function createCompanyOidc(
  state: CompanyState,
  origin: string,
): Promise<(request: IncomingMessage, response: ServerResponse) => Promise<void>> {
  const { Provider } = await loadOidcProvider()
  const { company } = state
  const mountPath = `/${company.slug}`
  const kid = `${company.slug}-1`
  const accounts = new Map<string, Account>()
  const issued = new IssuedCodes()
  // OpenID Connect RP-Initiated Logout 1.0 §2: whoever signs out at one application signs out of all.
  const signOut = async (subject: unknown): Promise<void> => {
    const account = typeof subject === 'string' && accounts.get(subject)
    if (account) await logOut(state, account.email)
  }
  const provider = new Provider(
    origin + mountPath,
    buildConfiguration({
      client: { id: CLIENT_ID, secret: company.clientSecret, redirectUris: [state.callbackUris.example] },
      signingKey: signingJwk(company.key, kid),
      mountPath,
      isCompany: true,
      findAccount: (subject) => {
        const account = accounts.get(subject)
        return account && !state.isBlocked(account.email) ? account : undefined
      },
    }),
  )
  provider.Client.prototype.redirectUriAllowed = (uri: string) => state.callbackUris.has(uri)
  provider.use(async (context, next) => {
    await next()
    const { route, entities } = context.oidc ?? {}
    if (route === 'end_session' && context.status === 200) await signOut(entities?.IdTokenHint?.payload.sub)
    if (route !== 'token' && route !== 'userinfo') return
    const answer = issued.answerOf(entities?.Grant?.jti)
    const body = context.body as { id_token?: string; email?: string; email_verified?: boolean }
    if (body.id_token)
      body.id_token = spoilIdToken(body.id_token, answer, { own: company.key, kid, foreign: state.foreignKey })
    if (route === 'userinfo' && answer === 'no-address') {
      delete body.email
      delete body.email_verified
    }
  })
  const setup: InteractionSetup = {
    provider,
    people: async () => company.people,
    rememberAccount: (account) => void accounts.set(account.subject, account),
    company: {
      name: company.name,
      decide: (account, answer, grantId, parameters) => decide(state, issued, { account, answer, grantId, parameters }),
    },
  }
  const answerProtocol = provider.callback()
  rememberCodes(provider, issued)
  return async (request, response) => {
    const originalUrl = request.url ?? '/'
    Object.assign(request, { originalUrl, url: originalUrl.slice(mountPath.length) })
    if (request.url?.startsWith(interactionPath)) await answerInteraction(setup, request, response)
    else await answerProtocol(request, response)
  }
}

type Decision = { account: Account; answer: Answer; grantId: string; parameters: Record<string, unknown> }

function decide(
  state: CompanyState,
  issued: IssuedCodes,
  { account, answer, grantId, parameters }: Decision,
): OtherEnd | undefined {
  const to = String(parameters.redirect_uri)
  const isRefused = answer === 'denied' || state.isBlocked(account.email)
  state.remember(account, to)
  state.journal.add({ protocol: 'OIDC', email: account.email, what: isRefused ? 'denied' : answer, to })
  if (isRefused) return { error: 'access_denied', error_description: `${account.email} may not use this application.` }
  issued.expect(grantId, answer)
  if (answer !== 'replay') return
  const location = new URL(to)
  location.searchParams.set('code', issued.lastCode ?? randomBytes(32).toString('base64url'))
  location.searchParams.set('state', String(parameters.state))
  location.searchParams.set('iss', state.connection.oidc.issuer)
  return { location: location.href }
}

/** How the tokens of each grant are to be, and the last code that went out. */
class IssuedCodes {
  readonly #answers = new Map<string, Answer>()
  lastCode: string | undefined

  expect(grantId: string, answer: Answer): void {
    this.#answers.set(grantId, answer)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > CODES_KEPT && oldest) this.#answers.delete(oldest)
  }

  answerOf(grantId: string | undefined): Answer {
    return (grantId && this.#answers.get(grantId)) || 'proper'
  }
}

function rememberCodes(provider: Provider, issued: IssuedCodes): void {
  provider.on('authorization.success', (_context, response) => {
    if (typeof response?.code === 'string') issued.lastCode = response.code
  })
}
