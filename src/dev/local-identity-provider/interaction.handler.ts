import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { z } from 'zod'
import { type Account, accountOf, findPerson, type Person } from './account'
import { pageHeaders } from './layout.page'
import { renderRefusedPage } from './refused.page'
import { renderSignInPage } from './sign-in.page'

type Setup = {
  provider: Provider
  people: () => Promise<Person[]>
  /** Called before the sign-in is finished, so that the account is found when its claims are asked for. */
  rememberAccount: (account: Account) => void
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

const maxFormBytes = 8192

const typedPerson = z.object({
  email: z.email('Type a complete e-mail address, such as ada@example.com.').max(254, 'The address is too long.'),
  name: z.string().max(200, 'The name is too long, at most 200 characters.'),
})

/**
 * Answers the page of one sign-in: GET shows it, POST signs in the person that was picked or typed. The cookie that
 * binds the page to its browser is `SameSite=Lax`, so that no other site can post here.
 */
export async function answerInteraction(setup: Setup, request: IncomingMessage, response: ServerResponse) {
  const interaction = await findInteraction(setup.provider, request, response)
  if (!interaction) {
    const reason = 'This sign-in has expired or belongs to another browser.'
    return sendPage(response, 400, renderRefusedPage({ code: 'session_not_found', reason }))
  }
  const people = await setup.people()
  if (request.method !== 'POST') {
    return sendPage(response, 200, renderSignInPage({ people, hint: hintOf(interaction) }))
  }
  const form = await readForm(request)
  const typed = { email: (form.get('email') ?? '').trim(), name: (form.get('name') ?? '').trim() }
  const known = findPerson(people, typed.email)
  const checked = known ? { success: true as const, data: known } : typedPerson.safeParse(typed)
  if (!checked.success) {
    const problems = z.flattenError(checked.error).fieldErrors
    return sendPage(response, 422, renderSignInPage({ people, typed: { ...typed, problems } }))
  }
  const { email, name } = checked.data
  const account = accountOf({ email, name: name || email.slice(0, email.lastIndexOf('@')) })
  setup.rememberAccount(account)
  const grantId = await grantEverything(setup.provider, interaction, account)
  const result = { login: { accountId: account.subject, remember: false }, consent: { grantId } }
  await setup.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

/** Sends one of the provider's pages. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, pageHeaders).end(html)
}

async function findInteraction(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined
    throw error
  }
}

function hintOf(interaction: Interaction): string | undefined {
  const hint = interaction.params.login_hint
  return typeof hint === 'string' ? hint : undefined
}

/** Consents to whatever the client asked for: there is no consent screen. */
async function grantEverything(provider: Provider, { params }: Interaction, account: Account): Promise<string> {
  const grant = new provider.Grant({ accountId: account.subject, clientId: String(params.client_id) })
  grant.addOIDCScope(String(params.scope))
  return grant.save()
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > maxFormBytes) throw new RangeError(`The form is longer than ${maxFormBytes} characters`)
  }
  return new URLSearchParams(body)
}
