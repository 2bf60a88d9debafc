import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { CONDITIONS } from './answers'
import { renderCompanyPage } from './company.page'
import { createCompanyOidc } from './company-oidc'
import type { CompanyState } from './company-state'
import { sendPage } from './interaction.handler'
import { logOut } from './log-out'
import { answerMetadata, answerSingleSignOn } from './saml/saml.handler'
import { answerScimPage } from './scim/scim.handler'
import { ScimPusher } from './scim/scim-pusher'
import { readForm } from './sign-in.form'

const SLOW_MILLISECONDS = 10_000

/** Answers the requests of one company. */
export type CompanySite = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Puts a company's provider together: its own page at `/{slug}`, which always works, and both protocols below it,
 * which work as the company's condition has it.
 *
 * @param origin  of the local identity provider
 */
export async function createCompanySite(state: CompanyState, origin: string): Promise<CompanySite> {
  const answerOidc = await createCompanyOidc(state, origin)
  const page = `/${state.company.slug}`
  const { company, gatehouseOrigins } = state
  const pushing = { company, pusher: new ScimPusher(company), origins: gatehouseOrigins }
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin)
    if (pathname === page) return answerPage(state, request, response)
    if (pathname === `${page}/scim`) return answerScimPage(pushing, request, response)
    if (pathname === `${page}/journal`) return sendJson(response, state.journal.list())
    if (!(await isWorking(state, request, response))) return
    if (pathname === `${page}/saml/metadata`) return answerMetadata(state, response)
    if (pathname === `${page}/saml/sso`) return answerSingleSignOn(state, request, response)
    return answerOidc(request, response)
  }
}

async function answerPage(state: CompanyState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    await change(state, await readForm(request))
    response.writeHead(303, { location: `/${state.company.slug}` }).end()
    return
  }
  const people = state.company.people.map((person) => ({ ...person, isBlocked: state.isBlocked(person.email) }))
  const { connection, condition, journal } = state
  sendPage(response, 200, renderCompanyPage({ connection, condition, people, journal: journal.list() }))
}

/** What the forms of the page do: `condition`, or `do` (block, unblock, sign-out) with `email`. */
async function change(state: CompanyState, form: URLSearchParams): Promise<void> {
  const condition = CONDITIONS.find(({ key }) => key === form.get('condition'))
  if (condition) state.condition = condition.key
  const email = form.get('email') ?? ''
  const wanted = form.get('do')
  if (wanted === 'block' || wanted === 'unblock') state.setBlocked(email, wanted === 'block')
  if (wanted === 'sign-out') await logOut(state, email)
}

/** Plays a provider that does not work. @returns  whether the request is still to be answered */
async function isWorking(
  { condition }: CompanyState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (condition === 'slow') await sleep(SLOW_MILLISECONDS, undefined, { ref: false })
  // Nobody waits for it any more.
  if (request.socket.destroyed) return false
  if (condition === 'down') request.socket.destroy()
  if (condition === 'failing') response.writeHead(500).end('Internal Server Error')
  if (condition === 'garbage') response.end('{"<html>": \u0000 this is neither')
  return condition === 'up' || condition === 'slow'
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}
