import { redactFields, redactText } from '../../src/platform/redaction'

const MOST_CHARACTERS = 16 * 1024
/** Longer bodies are not read a second time. */
const MOST_READ = 256 * 1024
const SHOWN_ITEMS = 20
const MASK = '[redacted]'

/**
 * A body as the log may show it: without passwords and whatever else looks like a secret, and short.
 *
 * @param text  what was sent or answered; anything
 * @returns  JSON of at most 16 KiB; null for no body
 */
export function maskedBody(text: string | undefined): unknown {
  if (!text) return null
  if (text.length > MOST_READ) return { omitted: `${text.length} characters` }
  const body = masked(parsed(text))
  if (isShort(body)) return body
  const shortened = withFewItems(body)
  return isShort(shortened) ? shortened : { omitted: `${text.length} characters` }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { unreadable: redactText(text.slice(0, 200)) }
  }
}

function masked(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body: MASK }
  return redactFields(withoutPasswordOperations(body) as Record<string, unknown>)
}

/** An operation of a PATCH names what its value is: `{ "path": "password", "value": … }`. */
function withoutPasswordOperations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPasswordOperations)
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.replaceAll('\0', '') : value
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => [
    name,
    withoutPasswordOperations(child),
  ])
  const path = entries.find(([name]) => name.toLowerCase() === 'path')?.[1]
  if (typeof path !== 'string' || !/password/i.test(path)) return Object.fromEntries(entries)
  return Object.fromEntries(entries.map(([name, child]) => [name, name.toLowerCase() === 'value' ? MASK : child]))
}

function withFewItems(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN_ITEMS).map(withFewItems)
    return value.length > SHOWN_ITEMS ? [...shown, { omitted: `${value.length - SHOWN_ITEMS} more` }] : shown
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withFewItems(child)]))
}

function isShort(body: unknown): boolean {
  return JSON.stringify(body).length <= MOST_CHARACTERS
}
