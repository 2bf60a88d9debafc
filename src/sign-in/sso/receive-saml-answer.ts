import type { FastifyReply } from 'fastify'
import { notFound } from '../../access'
import { toTypeId } from '../../kernel/ids'
import {
  findConnection,
  findWaitingSignIn,
  keepSamlAnswer,
  noteRefusedSignIn,
  type SamlSettings,
  type SsoRefusalCode,
  ssoAddresses,
} from '../../modules/sso'
import type { Connection } from '../company/connection'
import type { ProvenAnswer } from '../company/proven-answer'
import { SsoRefusal } from '../company/refusal'
import { renderMessagePage } from '../pages'
import { readSamlResponse, SamlRefusal } from '../saml'
import type { Visit } from '../visit'
import { answerRefusal } from './answer-refusal'
import { connectionFor, connectionKeyInPath } from './find-connection'
import { requestHashOf } from './start-sso'

/** What is kept of a posted answer: what it has proven, or why it proves nothing. */
export type KeptAnswer =
  | { readonly proven: ProvenAnswer }
  | { readonly refusal: { readonly code: SsoRefusalCode; readonly message: string } }

const REQUEST = /^_[\w-]{43}$/

/**
 * `POST /sso/saml/{ssoProviderId}/acs`: a page of the identity provider has the browser post the response. It comes from
 * another site, and so without the cookie that says which browser it is: what it proves is kept with the sign-in that it
 * answers, and counts when that browser fetches it.
 */
export async function receiveSamlAnswer(visit: Visit): Promise<FastifyReply> {
  const key = await connectionKeyInPath(visit)
  const { SAMLResponse: field } = (visit.request.body ?? {}) as { SAMLResponse?: unknown }
  const request = visit.field('RelayState')
  const requestHash = requestHashOf(request)
  const { found, waiting } = await visit.onAccountSide(async (operation) => ({
    found: { ...key, provider: await operation.execute(findConnection, key) },
    waiting: REQUEST.test(request) ? await operation.execute(findWaitingSignIn, { ...key, requestHash }) : null,
  }))
  if (!waiting) return receiveUnasked(visit, connectionFor(visit, found, 'SIGN_IN'), field)
  const answer = await read(visit, connectionFor(visit, found, waiting.intent), field, request)
  const kept = JSON.stringify(answer)
  await visit.runOnAccountSide(keepSamlAnswer, {
    organizationId: key.organizationId,
    attemptId: waiting.id,
    answer: kept,
  })
  return visit.goTo(`/sso/saml/${toTypeId('SsoProvider', key.providerId)}/continue?request=${request}`)
}

/**
 * A response that nobody here asked for, or no longer. It signs nobody in: where the connection allows sign-ins that begin
 * at the provider, it is a hint to begin one here (login CSRF; sso attack list).
 */
async function receiveUnasked(visit: Visit, connection: Connection, field: unknown): Promise<FastifyReply> {
  const { organizationId, provider } = connection
  const refuse = async (code: SsoRefusalCode, detail: string) => {
    const who = { subject: null, email: null }
    await visit.runOnAccountSide(noteRefusedSignIn, { organizationId, providerId: provider.id, code, detail, ...who })
    return answerRefusal(visit, new SsoRefusal(code, detail), { id: provider.id, organizationId })
  }
  if (!provider.allowsIdpInitiated || provider.status !== 'ACTIVE')
    return refuse('SAML_CORRELATION', 'The response answers no sign-in that waits for it here.')
  const answer = await read(visit, connection, field, null)
  if ('refusal' in answer) return refuse(answer.refusal.code, answer.refusal.message)
  return visit.html(
    renderMessagePage({
      title: `Sign in with ${provider.name}`,
      whatHappened: 'You came here from your company’s portal.',
      whatNext: 'Go on, and your company’s sign-in will confirm once more who you are.',
      action: { label: 'Go on', url: `/sso/${toTypeId('SsoProvider', provider.id)}/start` },
    }),
  )
}

async function read(
  visit: Visit,
  { settings, provider, certificates }: Connection,
  field: unknown,
  requestId: string | null,
): Promise<KeptAnswer> {
  if (settings.protocol !== 'SAML') throw notFound('This way to sign in')
  const { spEntityId, acsUrl } = ssoAddresses(visit.site.publicUrl, provider.id)
  const { idpEntityId } = settings satisfies SamlSettings
  try {
    const expected = { idpEntityId, spEntityId, acsUrl, requestId, now: new Date() }
    const proven = await readSamlResponse(field, certificates, expected)
    return {
      proven: {
        claims: Object.fromEntries(proven.attributes),
        subject: proven.subject,
        subjectFormat: proven.subjectFormat,
        message: { id: proven.assertionId, expiresAt: proven.assertionExpiresAt },
        authenticatedAt: proven.authenticatedAt,
        idpSession: proven.sessionIndex?.slice(0, 256) ?? null,
        sessionEnd: proven.sessionExpiresAt,
        certificateFingerprint: proven.certificateFingerprint,
        refreshToken: null,
        idToken: null,
      },
    }
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error
    visit.request.log.info({ requestId: visit.request.id, code: error.code, err: error.cause }, 'SAML response refused')
    return { refusal: { code: `SAML_${error.code}`, message: error.message } }
  }
}
