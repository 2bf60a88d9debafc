import { quoted, refusal } from '../errors'
import type { BoundFilter } from '../filter/bind'
import { matchesElement } from '../filter/evaluate'
import { isList, type JsonValue, type Mode } from '../json'
import { collapse, identityOf, isPrimary } from '../resource/multi-valued'
import { readValue } from '../resource/read-value'
import { refuseImmutableChange } from '../resource/replace-resource'
import type { Attribute } from '../schema/definition'
import { notationOf } from '../schema/resolve'
import { type Attributes, emptyAttributes, isAttributes, merged, type Value, valuesOf, withEntry } from '../values'
import { type Edit, placed } from './read-patch'

/** An element of the result, and whether this edit wrote it. */
interface Slot {
  readonly value: Value
  readonly isWritten: boolean
}

/**
 * Applies an edit to the elements of a multi-valued attribute. When it writes a primary element, all others stop being
 * primary (RFC 7644 §3.5.2).
 *
 * @returns the elements afterwards; undefined when there are none
 * @throws  noTarget when a filter chooses nothing and nothing can be made of it; mutability; invalidValue
 */
export function editElements(before: readonly Value[], edit: Edit, mode: Mode): readonly Value[] | undefined {
  const { attribute, filter, sub } = edit.target
  return elementsOf(attribute, filter || sub ? editChosen(before, edit, mode) : editAll(before, edit, mode))
}

/**
 * Applies several adds to one list. The last of them that writes a primary element decides which one is.
 *
 * @param edits  adds without brackets and sub-attribute, to the same attribute
 * @throws       invalidValue, with the place of the operation
 */
export function addElements(
  before: readonly Value[],
  edits: readonly [Edit, ...Edit[]],
  mode: Mode,
): readonly Value[] | undefined {
  const { attribute } = edits[0].target
  const sent = edits.map(({ place, value }) => placed(place, () => valuesOf(readValue(attribute, value ?? null, mode))))
  const decisive = sent.findLastIndex((values) => values.some(isPrimary))
  const added = sent.flatMap((values, index) => (index === decisive ? written(values) : kept(values)))
  return placed(edits.at(-1)!.place, () => elementsOf(attribute, [...kept(before), ...added]))
}

function elementsOf(attribute: Attribute, slots: readonly Slot[]): readonly Value[] | undefined {
  if (slots.length === 0) return undefined
  const elements = collapse(attribute, withOnePrimary(slots))
  if (elements.length <= attribute.maxValues) return elements
  throw refusal('invalidValue', `${quoted(attribute.notation)} holds at most ${attribute.maxValues} values.`)
}

function withOnePrimary(slots: readonly Slot[]): readonly Value[] {
  const isPrimaryWritten = slots.some(({ value, isWritten }) => isWritten && isPrimary(value))
  return slots.map(({ value, isWritten }) => {
    const isDeposed = isPrimaryWritten && !isWritten && isAttributes(value) && isPrimary(value)
    return isDeposed ? withEntry(value, 'primary', false) : value
  })
}

/** Without brackets and sub-attribute the whole list is meant. */
function editAll(before: readonly Value[], { op, target, value }: Edit, mode: Mode): readonly Slot[] {
  const { attribute } = target
  if (op === 'remove' && value === undefined) return []
  const sent = valuesOf(readValue(attribute, value ?? null, mode))
  if (op === 'remove') return kept(withoutListed(attribute, before, sent))
  return op === 'replace' ? written(sent) : [...kept(before), ...written(sent)]
}

/**
 * Entra and OneLogin remove members by a list of them; an empty list removes nobody. An element listed without type
 * means those of its value whatever their type.
 */
function withoutListed(attribute: Attribute, before: readonly Value[], listed: readonly Value[]): readonly Value[] {
  const identities = new Set(listed.map((element) => identityOf(attribute, element)))
  return before.filter((element) => {
    const bare = isAttributes(element) && element.value !== undefined ? { value: element.value } : element
    return !identities.has(identityOf(attribute, element)) && !identities.has(identityOf(attribute, bare))
  })
}

/** Brackets choose elements; a sub-attribute alone means that part of all of them. */
function editChosen(before: readonly Value[], edit: Edit, mode: Mode): readonly Slot[] {
  const { filter } = edit.target
  const isChosen = before.map((element) => !filter || matchesElement(filter, element))
  if (edit.op !== 'remove' && !isChosen.includes(true)) return [...kept(before), ...written(made(edit, mode))]
  const change = edit.op === 'remove' ? withoutPart(edit.target.sub) : writing(edit, mode)
  return before.flatMap((element, index) => {
    if (!isChosen[index]) return kept([element])
    const after = change(element)
    if (after === undefined) return []
    if (edit.target.sub) refuseImmutableChange(edit.target.attribute, element, after)
    return written([after])
  })
}

type Change = (element: Value) => Value | undefined

function withoutPart(sub: Attribute | undefined): Change {
  return (element) => {
    const after = sub && isAttributes(element) ? withEntry(element, sub.name, undefined) : {}
    return Object.keys(after).length > 0 ? after : undefined
  }
}

/** The value is read once for all chosen elements. */
function writing({ op, target, value }: Edit, mode: Mode): Change {
  const { attribute, sub } = target
  if (!sub) {
    const sent = readElement(attribute, value ?? null, mode)
    if (op === 'replace') return () => sent
    return (element) => (isAttributes(element) && isAttributes(sent) ? merged(element, sent) : element)
  }
  const part = readValue(sub, value ?? null, mode)
  if (part === undefined) return op === 'replace' ? withoutPart(sub) : (element) => element
  return (element) => withEntry(isAttributes(element) ? element : undefined, sub.name, part)
}

/**
 * The element that brackets describe when none matches. RFC 7644 §3.5.2.3 wants noTarget, but Entra replaces
 * `emails[type eq "work"].value` and expects the work address to be made. It is, as long as the brackets say by `eq` alone
 * what the element looks like, and not which `value` it has; a whole element is made by add only.
 */
function made({ op, target, value }: Edit, mode: Mode): readonly Value[] {
  const { attribute, sub, filter } = target
  const described = filter ? descriptionIn(filter) : emptyAttributes()
  if (!described || (!sub && op === 'replace') || (sub && described[sub.name] !== undefined)) {
    throw refusal(
      'noTarget',
      `${quoted(notationOf(target))}: no element matches the brackets of the path. Add one first.`,
    )
  }
  const sent = sub ? readValue(sub, value ?? null, mode) : readElement(attribute, value ?? null, mode)
  if (sent === undefined) return []
  if (sub) return [withEntry(described, sub.name, sent)]
  return isAttributes(sent) ? [merged(described, sent)] : [sent]
}

/** The sub-attributes that a conjunction of `eq` fixes; undefined for any other filter. */
function descriptionIn(filter: BoundFilter): Attributes | undefined {
  if (filter.kind === 'and') {
    const parts = filter.operands.map(descriptionIn)
    return parts.every((part) => part !== undefined) ? merged(...parts) : undefined
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const { path, operand } = filter
  if (!path.sub || path.sub.name === 'value' || path.sub.mutability === 'readOnly') return undefined
  if (operand.type === 'text') return { [path.sub.name]: operand.text }
  return operand.type === 'boolean' ? { [path.sub.name]: operand.value } : undefined
}

/** One element of a list, sent alone or as a list of one. */
function readElement(attribute: Attribute, json: JsonValue, mode: Mode): Value | undefined {
  const values = valuesOf(readValue(attribute, isList(json) || json === null ? json : [json], mode))
  if (values.length <= 1) return values[0]
  throw refusal('invalidValue', `${quoted(attribute.notation)} with brackets takes one value, not several.`)
}

function kept(values: readonly Value[]): readonly Slot[] {
  return values.map((value) => ({ value, isWritten: false }))
}

function written(values: readonly Value[]): readonly Slot[] {
  return values.map((value) => ({ value, isWritten: true }))
}
