import { quoted, refusal, type ScimError } from '../errors'
import { fieldsOf, isList, isObject, type JsonValue, type Mode } from '../json'
import type { Attribute } from '../schema/definition'
import { isStorable, parseDateTime } from '../text'
import { type Attributes, emptyAttributes, type Value } from '../values'
import { collapse } from './multi-valued'

/**
 * Reads the value of an attribute as its definition wants it.
 *
 * Lenient takes what vendors really send: "True" for true, a list of one for a single value, one object for a list, a
 * bare id for a manager. Values are kept exactly as sent, or the client would send them again and again.
 *
 * @returns undefined when the attribute is unassigned: null, [], {}, and "" for a complex attribute
 * @throws  invalidValue naming the attribute and what it wants
 */
export function readValue(attribute: Attribute, json: JsonValue, mode: Mode): Value | undefined {
  if (json === null || (isList(json) && json.length === 0)) return undefined
  return attribute.multiValued
    ? readMany(attribute, json, mode)
    : readOne(attribute, unwrapped(attribute, json, mode), mode)
}

function readMany(attribute: Attribute, json: JsonValue, mode: Mode): Value | undefined {
  const isWrappable = mode === 'lenient' && isObject(json)
  if (!isList(json) && !isWrappable) throw wrong(attribute, 'an array')
  const items = isList(json) ? json : [json]
  if (items.length > attribute.maxValues) throw wrong(attribute, `at most ${attribute.maxValues} values`)
  const values = items.flatMap((item) => readOne(attribute, item, mode) ?? [])
  return values.length > 0 ? collapse(attribute, values) : undefined
}

function unwrapped(attribute: Attribute, json: JsonValue, mode: Mode): JsonValue {
  if (!isList(json)) return json
  if (mode === 'lenient' && json.length === 1) return json[0]!
  throw wrong(attribute, 'a single value, not an array')
}

function readOne(attribute: Attribute, json: JsonValue, mode: Mode): Value | undefined {
  if (json === null) return undefined
  switch (attribute.type) {
    case 'complex':
      return readComplex(attribute, json, mode)
    case 'boolean':
      return readBoolean(attribute, json, mode)
    case 'integer':
    case 'decimal':
      return readNumber(attribute, json)
    default:
      return readText(attribute, json)
  }
}

function readComplex(attribute: Attribute, json: JsonValue, mode: Mode): Attributes | undefined {
  if (json === '' && !attribute.multiValued) return undefined
  const value = emptyAttributes()
  for (const [name, child] of fieldsOf(asObject(attribute, json, mode), attribute.notation)) {
    const sub = attribute.subAttributes.get(name)
    const read = sub && sub.mutability !== 'readOnly' ? readValue(sub, child, mode) : undefined
    if (sub && read !== undefined) value[sub.name] = read
  }
  // Entra takes a manager away by an empty id.
  if (mode === 'lenient' && !attribute.multiValued && value.value === '') return undefined
  requireSubAttributes(attribute, value)
  return Object.keys(value).length > 0 ? value : undefined
}

/** Entra sets a manager by its bare id. */
function asObject(attribute: Attribute, json: JsonValue, mode: Mode): JsonValue {
  if (isObject(json)) return json
  const takesBareValue = mode === 'lenient' && !attribute.multiValued && attribute.subAttributes.has('value')
  if (takesBareValue && typeof json === 'string') return { value: json }
  throw wrong(attribute, attribute.multiValued ? 'an array of objects' : 'an object')
}

function requireSubAttributes(attribute: Attribute, value: Attributes): void {
  for (const sub of attribute.subAttributes.values()) {
    if (sub.required && !value[sub.name]) throw refusal('invalidValue', `${quoted(sub.notation)} is required. Send it.`)
  }
}

/** Entra sends "True" and "False". */
function readBoolean(attribute: Attribute, json: JsonValue, mode: Mode): boolean {
  if (typeof json === 'boolean') return json
  const text = mode === 'lenient' && typeof json === 'string' ? json.toLowerCase() : ''
  if (text === 'true' || text === 'false') return text === 'true'
  throw wrong(attribute, 'true or false')
}

function readNumber(attribute: Attribute, json: JsonValue): number {
  const isRight = attribute.type === 'integer' ? Number.isSafeInteger(json) : Number.isFinite(json)
  if (typeof json === 'number' && isRight) return json
  throw wrong(attribute, attribute.type === 'integer' ? 'an integer' : 'a number')
}

function readText(attribute: Attribute, json: JsonValue): string {
  if (typeof json !== 'string') throw wrong(attribute, 'a string')
  if (json.length > attribute.maxLength) throw wrong(attribute, `at most ${attribute.maxLength} characters`)
  if (!isStorable(json)) throw wrong(attribute, 'a text without NUL and with whole characters')
  if (attribute.type === 'dateTime' && parseDateTime(json) === undefined) {
    throw wrong(attribute, 'a date and time such as "2025-01-31T08:00:00Z"')
  }
  if (attribute.type === 'binary' && !isBase64(json)) throw wrong(attribute, 'base64')
  return json
}

/** Both alphabets of RFC 4648, as RFC 7643 §2.3.6 allows; padding may be left out. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text)
}

function wrong({ notation }: Attribute, wanted: string): ScimError {
  return refusal('invalidValue', `${quoted(notation)} must be ${wanted}.`)
}
