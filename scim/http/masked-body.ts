import { isSecretName, redactText } from '../../src/platform/redaction'
import { emptyAttributes } from '../protocol'

const MOST_CHARACTERS = 16 * 1024
/** Longer bodies are not read a second time. */
const MOST_READ = 256 * 1024
const SHOWN_ITEMS = 10
const MASK = '[redacted]'

/** A body as it went over the wire. */
export interface Body {
  readonly text: string
  /** What it says, where that need not be read from the text. */
  readonly read?: () => unknown
  /**
   * Of resources as they are shown, in which nothing is secret: the same text with less in it.
   * @param items  so many resources are left
   */
  readonly excerpt?: (items: number) => string
}

/**
 * A body as the log may show it: without passwords and whatever else looks like a secret, and short.
 * @returns  JSON text of at most 16 KiB; null for no body
 */
export function maskedBody({ text, read = () => parsed(text), excerpt }: Body): string | null {
  if (!text) return null
  const isLong = text.length > MOST_CHARACTERS
  const shown = excerpt && (isLong ? excerpt(SHOWN_ITEMS) : text)
  if (shown && shown.length <= MOST_CHARACTERS) return shown
  if (text.length > MOST_READ) return omitted(text)
  const masked = JSON.stringify(maskedObject(read(), isLong ? SHOWN_ITEMS : Number.POSITIVE_INFINITY))
  return isLong && masked.length > MOST_CHARACTERS ? omitted(text) : masked
}

function omitted(text: string): string {
  return JSON.stringify({ omitted: `${text.length} characters` })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { unreadable: redactText(text.slice(0, 200)) }
  }
}

function maskedObject(body: unknown, items: number): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body: MASK }
  return maskedValue(body, items)
}

function maskedValue(value: unknown, items: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return maskedList(value, items)
  const isAboutPassword = namesPassword(value)
  // Where nothing is inherited every name is one like the others.
  const shown: Record<string, unknown> = emptyAttributes()
  for (const [name, child] of Object.entries(value))
    shown[name] =
      isSecretName(name) || (isAboutPassword && name.toLowerCase() === 'value') ? MASK : maskedValue(child, items)
  return shown
}

function maskedList(list: readonly unknown[], items: number): unknown[] {
  const shown = list.slice(0, items).map((item) => maskedValue(item, items))
  return list.length > items ? [...shown, { omitted: `${list.length - items} more` }] : shown
}

/** An operation of a PATCH names what its value is: `{ "path": "password", "value": … }`. */
function namesPassword(value: object): boolean {
  for (const [name, child] of Object.entries(value))
    if (typeof child === 'string' && name.length === 4 && name.toLowerCase() === 'path' && /password/i.test(child))
      return true
  return false
}
