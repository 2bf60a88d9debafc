import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Company } from '../company'
import { sendPage } from '../interaction.handler'
import { readForm } from '../sign-in.form'
import { renderScimPage } from './scim.page'
import type { ScimPusher } from './scim-pusher'
import { SCIM_STYLES } from './scim-styles'

/**
 * Answers the page that pushes a company's people: GET shows it, POST does what a button says and shows it again. While a
 * burst is on its way the page loads itself anew, without a script.
 *
 * @param origins  of Gatehouse; nothing is pushed elsewhere
 */
export async function answerScimPage(
  { company, pusher, origins }: { company: Company; pusher: ScimPusher; origins: readonly string[] },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return sendPage(response, 200, renderScimPage(company, pusher))
  const problem = await push(pusher, company, origins, await readForm(request))
  if (problem) return sendPage(response, 422, renderScimPage(company, pusher, problem))
  response.writeHead(303, { location: `/${company.slug}/scim` }).end()
}

/** @returns  what is wrong with what was asked, or null */
async function push(
  pusher: ScimPusher,
  company: Company,
  origins: readonly string[],
  form: URLSearchParams,
): Promise<string | null> {
  const field = (name: string) => (form.get(name) ?? '').trim()
  const wanted = field('do')
  pusher.style = SCIM_STYLES.find(({ key }) => key === field('style')) ?? pusher.style
  if (wanted === 'connect') return connect(pusher, origins, field('baseUrl'), field('token'))
  if (!pusher.client.baseUrl || !pusher.client.token) return 'Enter base URL and token of a directory first.'
  if (pusher.isBusy) return 'A thousand people are on their way; wait until they are there.'
  if (wanted === 'push') await pusher.pushAll()
  if (wanted === 'burst') pusher.startBurst(`${company.slug}.example`)
  const person = pusher.people.find(({ externalId }) => externalId === field('person'))
  if (!person) return null
  if (wanted === 'deactivate' || wanted === 'activate') await pusher.setActive(person, wanted === 'activate')
  if (wanted === 'rename') await pusher.rename(person, field('name') || person.name)
  if (wanted === 'move') await pusher.move(person, field('group') || null)
  return null
}

function connect(pusher: ScimPusher, origins: readonly string[], baseUrl: string, token: string): string | null {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (!url || !origins.includes(url.origin) || !/^\/scim\/v2\/dir_[0-9a-z]{26}$/.test(url.pathname.replace(/\/$/, '')))
    return 'The base URL is that of a directory of this Gatehouse: setupGuide of the directory shows it.'
  if (!token.startsWith('scim_') && !pusher.client.token) return 'A token begins with scim_.'
  pusher.connect(`${url.origin}${url.pathname.replace(/\/$/, '')}`, token)
  return null
}
