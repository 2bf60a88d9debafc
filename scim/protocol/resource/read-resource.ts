import { quoted, refusal } from '../errors'
import { fieldsOf, isObject, type JsonValue, type Mode, optionalTexts } from '../json'
import type { Attribute, ResourceType, Schema } from '../schema/definition'
import type { AttributePath } from '../schema/resolve'
import { attributeAt, emptyAttributes, type Resource, type Value, withAttribute } from '../values'
import { readValue } from './read-value'

/**
 * Reads the body of a POST (RFC 7644 §3.3): the resource to be stored, without `id` and `meta`, which the provider adds.
 *
 * What only the provider writes is ignored, and so are unknown attributes and extensions, in either mode (RFC 7644
 * §3.1). A password is checked and thrown away. Extension data counts without its URN in `schemas`; a missing `schemas`
 * is inferred unless the mode is strict. Core attributes may stand under their URN, as those of extensions do.
 *
 * @throws invalidSyntax for the shape of the body; invalidValue naming the attribute for its values
 */
export function readNewResource(type: ResourceType, body: JsonValue, mode: Mode): Resource {
  const resource = withInitialValues(type, readResource(type, body, mode))
  requireAttributes(type, resource)
  return withSchemas(type, resource)
}

/** Reads what a body says, without asking for what it leaves out. */
export function readResource(type: ResourceType, body: JsonValue, mode: Mode): Resource {
  const fields = fieldsOf(body, `A ${type.name}`)
  checkSchemas(type, fields, mode)
  const extensions = new Map(type.extensions.map((schema) => [schema.id.toLowerCase(), schema]))
  const resource = emptyAttributes()
  for (const [name, json] of withCoreFields(type, fields)) {
    const extension = extensions.get(name)
    const attribute = type.attributes.get(name)
    if (extension) readExtension(resource, extension, json, mode)
    else if (attribute) readInto(resource, attribute, json, mode)
  }
  return resource
}

/** Some clients put the core attributes under their URN too; what stands beside it counts. */
function withCoreFields(
  { schema }: ResourceType,
  fields: ReadonlyMap<string, JsonValue>,
): ReadonlyMap<string, JsonValue> {
  const core = fields.get(schema.id.toLowerCase())
  return isObject(core) ? new Map([...fieldsOf(core, quoted(schema.id)), ...fields]) : fields
}

function readExtension(resource: Record<string, Value>, schema: Schema, json: JsonValue, mode: Mode): void {
  if (json === null || json === '') return
  if (!isObject(json)) throw refusal('invalidValue', `${quoted(schema.id)} must be an object.`)
  const values = emptyAttributes()
  for (const [name, child] of fieldsOf(json, quoted(schema.id))) {
    const attribute = schema.attributes.get(name)
    if (attribute) readInto(values, attribute, child, mode)
  }
  if (Object.keys(values).length > 0) resource[schema.id] = values
}

function readInto(target: Record<string, Value>, attribute: Attribute, json: JsonValue, mode: Mode): void {
  if (attribute.mutability === 'readOnly') return
  const value = readValue(attribute, json, mode)
  // What is written but never shown, such as a password, is not kept.
  if (value !== undefined && attribute.mutability !== 'writeOnly') target[attribute.name] = value
}

/** Lenient takes any list of texts: OneLogin sends the URN of SCIM 1 alone. Foreign URNs beside ours are ignored. */
function checkSchemas(type: ResourceType, fields: ReadonlyMap<string, JsonValue>, mode: Mode): void {
  const schemas = optionalTexts(fields, 'schemas')?.map((urn) => urn.toLowerCase())
  if (mode === 'lenient' || schemas?.includes(type.schema.id.toLowerCase())) return
  throw refusal('invalidSyntax', `"schemas" must contain ${quoted(type.schema.id)}.`)
}

const known = new WeakMap<ResourceType, readonly AttributePath[]>()

/** Every attribute that a resource type has, with where it stands. */
export function attributesOf(type: ResourceType): readonly AttributePath[] {
  const all = known.get(type) ?? pathsOf(type)
  known.set(type, all)
  return all
}

function pathsOf(type: ResourceType): readonly AttributePath[] {
  const core = [...type.attributes.values()].map((attribute) => ({ extension: undefined, attribute, sub: undefined }))
  const extended = type.extensions.flatMap((extension) =>
    [...extension.attributes.values()].map((attribute) => ({ extension, attribute, sub: undefined })),
  )
  return [...core, ...extended]
}

function withInitialValues(type: ResourceType, resource: Resource): Resource {
  return attributesOf(type).reduce((filled, path) => {
    const { initially } = path.attribute
    const isMissing = initially !== undefined && attributeAt(filled, path) === undefined
    return isMissing ? withAttribute(filled, path, initially) : filled
  }, resource)
}

/** @throws invalidValue naming the first required attribute that is missing or empty */
export function requireAttributes(type: ResourceType, resource: Resource): void {
  for (const path of attributesOf(type)) {
    const value = attributeAt(resource, path)
    const isBlank = value === undefined || (typeof value === 'string' && value.trim() === '')
    if (path.attribute.required && isBlank) {
      throw refusal('invalidValue', `${quoted(path.attribute.notation)} is required. Send a value that is not empty.`)
    }
  }
}

/** The resource with `schemas` as it must be: the core URN and those of the extensions that have values. */
export function withSchemas(type: ResourceType, resource: Resource): Resource {
  const present = type.extensions.filter(({ id }) => resource[id] !== undefined)
  const schemas = [type.schema, ...present].map(({ id }) => id)
  return Object.assign(emptyAttributes(), { schemas }, resource, { schemas })
}
