import { quoted, refusal } from '../errors'
import type { Attribute } from '../schema/definition'
import { caseKey } from '../text'
import { type Attributes, isAttributes, merged, type Value } from '../values'

/**
 * Merges elements that mean the same: those with one `value` and one `type` (RFC 7643 §2.4), or one `value` when the
 * elements refer to resources, such as members. What comes later overwrites; the order is that of the first.
 *
 * @throws invalidValue  when two elements that remain are primary
 */
export function collapse(attribute: Attribute, elements: readonly Value[]): readonly Value[] {
  const byIdentity = new Map<string, Value>()
  for (const element of elements) {
    const identity = identityOf(attribute, element)
    const before = byIdentity.get(identity)
    byIdentity.set(identity, isAttributes(before) && isAttributes(element) ? merged(before, element) : element)
  }
  const collapsed = [...byIdentity.values()]
  if (collapsed.filter(isPrimary).length > 1) {
    throw refusal('invalidValue', `${quoted(attribute.notation)} has two primary values. Make one of them primary.`)
  }
  return collapsed
}

/** Whether an element is the preferred one. */
export function isPrimary(element: Value): boolean {
  return isAttributes(element) && element.primary === true
}

/** What makes an element the same as another; equal texts mean equal elements. */
export function identityOf(attribute: Attribute, element: Value): string {
  if (!isAttributes(element)) return JSON.stringify(key(attribute, element))
  if (element.value === undefined) return JSON.stringify(sorted(element))
  const value = key(attribute.subAttributes.get('value'), element.value)
  const refersToResource = attribute.subAttributes.has('$ref')
  // Groups have very many members, whose ids are texts.
  if (refersToResource && typeof value === 'string') return value
  return JSON.stringify([value, key(attribute.subAttributes.get('type'), element.type)])
}

function key(attribute: Attribute | undefined, value: Value | undefined): Value | undefined | null {
  if (value === undefined) return null
  return typeof value === 'string' && !attribute?.caseExact ? caseKey(value) : value
}

function sorted(element: Attributes): readonly (readonly [string, Value])[] {
  return Object.entries(element).sort(([one], [other]) => (one < other ? -1 : 1))
}
