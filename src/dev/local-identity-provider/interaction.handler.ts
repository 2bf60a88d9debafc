import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Account, Person } from './account'
import { type Answer, answersIn } from './answers'
import { pageHeaders } from './layout.page'
import { renderRefusedPage } from './refused.page'
import { readSignInForm } from './sign-in.form'
import { renderSignInPage } from './sign-in.page'

/** How a sign-in ends, where it does not end as oidc-provider would end it: an error, or another place to go to. */
export type OtherEnd = { error: string; error_description: string } | { location: string }

export type InteractionSetup = {
  provider: Provider
  people: () => Promise<readonly Person[]>
  /** Called before the sign-in is finished, so that the account is found when its claims are asked for. */
  rememberAccount: (account: Account) => void
  /** A company: its page offers wrong answers as well, and it decides what comes of them. */
  company?: {
    name: string
    decide: (
      account: Account,
      answer: Answer,
      grantId: string,
      parameters: Interaction['params'],
    ) => OtherEnd | undefined
  }
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/**
 * Answers the page of one sign-in: GET shows it, POST signs in the person that was picked or typed. The cookie that
 * binds the page to its browser is `SameSite=Lax`, so that no other site can post here.
 */
export async function answerInteraction(setup: InteractionSetup, request: IncomingMessage, response: ServerResponse) {
  const { provider, company } = setup
  const interaction = await findInteraction(provider, request, response)
  if (!interaction) {
    const reason = 'This sign-in has expired or belongs to another browser.'
    return sendPage(response, 400, renderRefusedPage({ code: 'session_not_found', reason }))
  }
  const people = await setup.people()
  const answers = company ? answersIn('OIDC') : []
  const page = { people, answers, companyName: company?.name }
  if (request.method !== 'POST') {
    return sendPage(response, 200, renderSignInPage({ ...page, hint: hintOf(interaction) }))
  }
  const form = await readSignInForm(request, people, answers)
  if ('typed' in form) return sendPage(response, 422, renderSignInPage({ ...page, typed: form.typed }))
  setup.rememberAccount(form.account)
  const grantId = await grantEverything(provider, interaction, form.account)
  const otherEnd = company?.decide(form.account, form.answer, grantId, interaction.params)
  if (otherEnd && 'location' in otherEnd) return response.writeHead(303, { location: otherEnd.location }).end()
  const login = { accountId: form.account.subject, remember: false }
  const result = otherEnd ?? { login, consent: { grantId } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
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
