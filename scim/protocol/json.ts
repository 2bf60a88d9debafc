import { MAX_BODY_LENGTH, MAX_JSON_DEPTH } from './bounds'
import { quoted, refusal, ScimError } from './errors'

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** An object of a body as the client wrote it: keys in any case, unknown ones too. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Names that every plain object already answers to; no SCIM attribute has one, and only attacks send them. */
const HOSTILE_NAMES: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])

const [QUOTE, BACKSLASH] = [34, 92]

/**
 * Reads a body.
 *
 * @param text  the decoded body, at most MAX_BODY_LENGTH characters
 * @returns     any JSON, nested at most MAX_JSON_DEPTH levels, without a key such as `__proto__` or `constructor`
 * @throws      413 for a body that is too long; invalidSyntax for anything else
 */
export function readJson(text: string): JsonValue {
  if (text.length > MAX_BODY_LENGTH) {
    throw new ScimError(413, undefined, `The body is longer than ${MAX_BODY_LENGTH} characters. Split the request.`)
  }
  refuseDeepNesting(text)
  const value = parse(text)
  refuseHostileNames(value)
  return value
}

/** Counts brackets outside of strings, before the parser and everything after it has to walk them. */
function refuseDeepNesting(text: string): void {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (isInString) {
      if (code === BACKSLASH) index++
      else if (code === QUOTE) isInString = false
    } else if (code === QUOTE) isInString = true
    else if (code === 91 || code === 123) depth++
    else if (code === 93 || code === 125) depth--
    if (depth > MAX_JSON_DEPTH) throw refusal('invalidSyntax', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`)
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw refusal('invalidSyntax', 'The body is not valid JSON. Send a JSON object in UTF-8.', cause)
  }
}

function refuseHostileNames(value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return
  if (isList(value)) {
    for (const element of value) refuseHostileNames(element)
    return
  }
  for (const name of Object.keys(value)) {
    if (HOSTILE_NAMES.has(name)) {
      throw refusal('invalidSyntax', `The body has the key ${quoted(name)}, which no attribute has. Leave it out.`)
    }
    refuseHostileNames(value[name]!)
  }
}

/** Whether a value is an array. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

/**
 * The fields of an object by lower-case name, since names are case-insensitive everywhere (RFC 7643 §2.1).
 *
 * @param where  what the object is, for the error
 * @throws       invalidSyntax  when it is no object, or two keys differ in case only
 */
export function fieldsOf(value: JsonValue | undefined, where: string): ReadonlyMap<string, JsonValue> {
  if (!isObject(value)) throw refusal('invalidSyntax', `${where} must be a JSON object.`)
  const fields = new Map<string, JsonValue>()
  for (const key of Object.keys(value)) {
    const name = key.toLowerCase()
    if (fields.has(name)) {
      throw refusal('invalidSyntax', `${where} has ${quoted(key)} twice; names are case-insensitive. Send it once.`)
    }
    fields.set(name, value[key]!)
  }
  return fields
}

/** A field that is a text when it is there. @throws invalidSyntax naming the field and what holds it */
export function optionalText(fields: ReadonlyMap<string, JsonValue>, name: string, where: string): string | undefined {
  const value = fields.get(name.toLowerCase()) ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw refusal('invalidSyntax', `${where}: ${quoted(name)} must be a string.`)
}

/** A field that is a whole number when it is there. @throws invalidValue naming the field */
export function optionalInteger(fields: ReadonlyMap<string, JsonValue>, name: string): number | undefined {
  const value = fields.get(name.toLowerCase()) ?? undefined
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value
  throw refusal('invalidValue', `${quoted(name)} must be an integer.`)
}

/** The names of an array of texts when it is there. @throws invalidSyntax naming the field */
export function optionalTexts(fields: ReadonlyMap<string, JsonValue>, name: string): readonly string[] | undefined {
  const value = fields.get(name.toLowerCase()) ?? undefined
  if (value === undefined) return undefined
  if (isList(value) && value.every((item) => typeof item === 'string')) return value
  throw refusal('invalidSyntax', `${quoted(name)} must be an array of strings.`)
}

/** How forgiving a connection is: `strict` holds clients to the RFCs, `lenient` also takes what vendors really send. */
export type Mode = 'strict' | 'lenient'

/**
 * Checks the `schemas` of a message such as PatchOp. Strict wants it; lenient only refuses another message's.
 *
 * @throws invalidSyntax
 */
export function expectMessage(fields: ReadonlyMap<string, JsonValue>, urn: string, mode: Mode): void {
  const schemas = optionalTexts(fields, 'schemas')
  if (schemas === undefined && mode === 'lenient') return
  if (schemas?.some((schema) => schema.toLowerCase() === urn.toLowerCase())) return
  throw refusal('invalidSyntax', `"schemas" must contain ${quoted(urn)}.`)
}
