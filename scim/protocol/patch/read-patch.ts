import { MAX_PATCH_OPERATIONS } from '../bounds'
import { quoted, refusal, ScimError } from '../errors'
import { expectMessage, fieldsOf, isList, isObject, type JsonValue, type Mode, optionalText } from '../json'
import type { ResourceType, Schema } from '../schema/definition'
import { type Target, targetOf, targetOfKey } from './target'

/** The URN of the body of a PATCH. */
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** What an operation does. */
export type Op = 'add' | 'remove' | 'replace'

/** One change of one attribute. An operation without path, or on a whole extension, is several of them. */
export interface Edit {
  /** Where it came from, for errors: `Operations[2]`. */
  readonly place: string
  readonly op: Op
  readonly target: Target
  /** Undefined: none was sent, which is not the same as null. */
  readonly value: JsonValue | undefined
}

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2) into changes of single attributes, in order. Values are read when they
 * are applied.
 *
 * An empty list of operations changes nothing; Entra is reported to send it. In objects without path, unknown names are
 * ignored, and names may be dotted or carry a URN, as Entra writes them.
 *
 * @throws invalidSyntax for the shape and unknown operations; invalidPath; noTarget for a remove without path;
 *         invalidValue for an add or replace without value
 */
export function readPatch(type: ResourceType, body: JsonValue, mode: Mode): readonly Edit[] {
  const fields = fieldsOf(body, 'The body')
  expectMessage(fields, PATCH_OP, mode)
  const operations = fields.get('operations')
  if (!isList(operations)) throw refusal('invalidSyntax', '"Operations" must be an array of operations.')
  if (operations.length > MAX_PATCH_OPERATIONS) {
    throw refusal('tooMany', `"Operations" has more than ${MAX_PATCH_OPERATIONS} items. Split the request.`)
  }
  return operations.flatMap((operation, index) => {
    const place = `Operations[${index}]`
    return placed(place, () => readOperation(type, operation, place))
  })
}

/** Runs what belongs to an operation and puts the operation's place in front of what it refuses. */
export function placed<T>(place: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof ScimError ? error.at(place) : error
  }
}

function readOperation(type: ResourceType, operation: JsonValue, place: string): readonly Edit[] {
  const fields = fieldsOf(operation, 'An operation')
  const op = opOf(optionalText(fields, 'op', 'An operation'))
  const path = optionalText(fields, 'path', 'An operation')
  const value = fields.get('value')
  if (op !== 'remove' && value === undefined) throw refusal('invalidValue', `Send a "value" to ${op}.`)
  const common = { place, op, value }
  if (path === undefined || path.trim() === '') return withoutPath(type, common)
  const target = targetOf(type, path.trim())
  return target.kind === 'schema' ? onSchema(type, target.schema, common) : [{ ...common, target }]
}

/** Entra writes Add, Replace and Remove. */
function opOf(text: string | undefined): Op {
  const op = text?.toLowerCase()
  if (op === 'add' || op === 'remove' || op === 'replace') return op
  throw refusal('invalidSyntax', `"op" must be add, remove or replace, not ${quoted(text ?? '')}.`)
}

type Common = Omit<Edit, 'target'>

function withoutPath(type: ResourceType, common: Common): readonly Edit[] {
  if (common.op === 'remove') throw refusal('noTarget', 'A remove needs a "path" that says what to remove.')
  return fromObject(type, type.schema, common)
}

/** A path that is the URN of a schema: everything in it. */
function onSchema(type: ResourceType, schema: Schema, common: Common): readonly Edit[] {
  if (common.op !== 'remove') return fromObject(type, schema, common)
  if (schema === type.schema) throw refusal('noTarget', 'A remove of the whole resource is a DELETE.')
  return [...schema.attributes.values()].map((attribute) => ({
    ...common,
    value: undefined,
    target: { extension: schema, attribute, sub: undefined, filter: undefined },
  }))
}

/** One edit per key of an object; names without URN are those of `schema`. Objects under a URN are opened. */
function fromObject(type: ResourceType, schema: Schema, common: Common): readonly Edit[] {
  if (!isObject(common.value)) {
    throw refusal('invalidValue', `Without a path, "value" must be an object of attributes to ${common.op}.`)
  }
  const prefix = schema === type.schema ? '' : `${schema.id}:`
  return Object.entries(common.value).flatMap(([name, value]) => {
    // Which schemas a resource has follows from its values; libraries repeat the list in an extension.
    if (name.toLowerCase() === 'schemas') return []
    const target = targetOfKey(type, isQualified(name) ? name : `${prefix}${name}`)
    if (!target) return []
    if (target.kind === 'attribute') return [{ ...common, target, value }]
    return value === null ? [] : fromObject(type, target.schema, { ...common, value })
  })
}

function isQualified(name: string): boolean {
  return name.toLowerCase().startsWith('urn:')
}
