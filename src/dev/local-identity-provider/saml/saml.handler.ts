import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account } from '../account'
import { type Answer, answersIn } from '../answers'
import { pem } from '../company'
import type { CompanyState } from '../company-state'
import { sendPage } from '../interaction.handler'
import { renderPostBackPage } from '../post-back.page'
import { renderRefusedPage } from '../refused.page'
import { readSignInForm } from '../sign-in.form'
import { renderSignInPage } from '../sign-in.page'
import { type AuthnRequest, readAuthnRequest } from './authn-request'
import { loadSamlp } from './load-samlp'
import { makeSamlResponse } from './saml-response'

const LONGEST_NAME = 254

/** Answers the metadata of a company's SAML provider, as samlp writes it. */
export async function answerMetadata({ connection, company }: CompanyState, response: ServerResponse): Promise<void> {
  const samlp = await loadSamlp()
  const { host, pathname } = new URL(connection.saml.ssoUrl)
  const answer = samlp.metadata({
    issuer: connection.saml.entityId,
    cert: pem(company.key.certificate),
    redirectEndpointPath: pathname,
    postEndpointPath: pathname,
  })
  answer(
    { headers: { host }, protocol: 'http' },
    {
      set: (name, value) => void response.setHeader(name, value),
      send: (body) => void response.end(body.trimStart()),
    },
  )
}

/** Answers the single sign-on service: GET shows the page, POST sends the person who was picked or typed back. */
export async function answerSingleSignOn(
  state: CompanyState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', state.connection.saml.ssoUrl)
  const asked = readRequest(state, searchParams)
  if ('problem' in asked)
    return sendPage(response, 400, renderRefusedPage({ code: 'invalid_request', reason: asked.problem }))
  const { company } = state
  const answers = answersIn('SAML')
  const page = { people: company.people, answers, companyName: company.name }
  if (request.method !== 'POST') {
    const hint = searchParams.get('login_hint')?.slice(0, LONGEST_NAME)
    return sendPage(response, 200, renderSignInPage({ ...page, hint }))
  }
  const form = await readSignInForm(request, company.people, answers)
  if ('typed' in form) return sendPage(response, 422, renderSignInPage({ ...page, typed: form.typed }))
  const samlResponse = await responseFor(state, asked, form.account, form.answer)
  const fields = { SAMLResponse: samlResponse, RelayState: searchParams.get('RelayState') ?? '' }
  sendPage(response, 200, renderPostBackPage({ address: asked.acsUrl, fields }))
}

function readRequest(state: CompanyState, parameters: URLSearchParams): AuthnRequest | { problem: string } {
  try {
    const asked = readAuthnRequest(parameters)
    return state.acsUrls.has(asked.acsUrl) ? asked : { problem: `${asked.acsUrl} is no ACS URL of this Gatehouse.` }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

/** @returns  base64, as it is posted */
async function responseFor(
  state: CompanyState,
  asked: AuthnRequest,
  account: Account,
  chosen: Answer,
): Promise<string> {
  const answer = state.isBlocked(account.email) ? 'denied' : chosen
  const repeated = answer === 'replay' ? state.lastSamlResponse : undefined
  const made = repeated ?? Buffer.from(await makeSamlResponse(state, asked, account, answer)).toString('base64')
  if (answer === 'proper') state.lastSamlResponse = made
  state.remember(account, asked.acsUrl)
  const remark = answer === 'replay' && !repeated ? 'There was nothing to repeat.' : undefined
  state.journal.add({ protocol: 'SAML', email: account.email, what: answer, to: asked.acsUrl, remark })
  return made
}
