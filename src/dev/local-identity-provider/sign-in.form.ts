import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { type Account, accountOf, findPerson, type Person } from './account'
import type { Answer } from './answers'
import type { TypedPerson } from './sign-in.page'

const maxFormBytes = 8192

const typedPerson = z.object({
  email: z.email('Type a complete e-mail address, such as ada@example.com.').max(254, 'The address is too long.'),
  name: z.string().max(200, 'The name is too long, at most 200 characters.'),
  groups: z.string().max(1000, 'The groups are too long, at most 1000 characters.'),
})

/** What the page was answered with: an account and how to answer about it, or what is wrong with what was typed. */
export type SignInForm = { account: Account; answer: Answer } | { typed: TypedPerson }

/**
 * Reads the form of the sign-in page. An address that is not offered counts as typed.
 *
 * @param offered  the answers that the page offered; the first counts when the form names none of them
 */
export async function readSignInForm(
  request: IncomingMessage,
  people: readonly Person[],
  offered: readonly { key: Answer }[],
): Promise<SignInForm> {
  const form = await readForm(request)
  const field = (name: string) => (form.get(name) ?? '').trim()
  const typed = { email: field('email'), name: field('name'), groups: field('groups') }
  const person = findPerson(people, typed.email) ?? checkTyped(typed)
  if ('problems' in person) return { typed: person }
  const answer = offered.find(({ key }) => key === form.get('answer'))?.key ?? 'proper'
  const account = accountOf(person)
  return {
    answer,
    account: answer === 'new-subject' ? { ...account, subject: randomBytes(16).toString('hex') } : account,
  }
}

function checkTyped(typed: { email: string; name: string; groups: string }): Person | TypedPerson {
  const checked = typedPerson.safeParse(typed)
  if (!checked.success) return { ...typed, problems: z.flattenError(checked.error).fieldErrors }
  const { email, name, groups } = checked.data
  return {
    email,
    name: name || email.slice(0, email.lastIndexOf('@')),
    groups: groups.split(',').flatMap((group) => group.trim() || []),
  }
}

/** Reads a posted form. @throws RangeError  it is longer than 8 KiB */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > maxFormBytes) throw new RangeError(`The form is longer than ${maxFormBytes} characters`)
  }
  return new URLSearchParams(body)
}
