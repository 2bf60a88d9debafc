import type { Attribute, ResourceType, Schema } from './definition'

/** Where an attribute or one of its sub-attributes stands in a resource. */
export interface AttributePath {
  /** The extension that holds it; undefined for core and common attributes. */
  readonly extension: Schema | undefined
  readonly attribute: Attribute
  /** Undefined: the whole attribute. */
  readonly sub: Attribute | undefined
}

/** What a name can stand for: an attribute, or a schema with all of its attributes. */
export type Named =
  | ({ readonly kind: 'attribute' } & AttributePath)
  | { readonly kind: 'schema'; readonly schema: Schema }

/**
 * Finds what a client means by `[URN:]attribute[.subAttribute]`, regardless of case (RFC 7644 §3.10). An attribute of
 * an extension may be named without its URN as long as no other has the name, as Entra does with `manager`.
 *
 * @returns undefined when the resource type has nothing of that name
 */
export function resolve(type: ResourceType, text: string): Named | undefined {
  const lower = text.toLowerCase()
  for (const schema of [type.schema, ...type.extensions]) {
    const id = schema.id.toLowerCase()
    if (lower === id) return { kind: 'schema', schema }
    if (lower.startsWith(`${id}:`)) return inSchema(type, schema, lower.slice(id.length + 1))
  }
  if (lower.startsWith('urn:')) return undefined
  return inSchema(type, type.schema, lower) ?? inOneExtension(type, lower)
}

/** The name of an attribute path as clients write it, for errors and printing. */
export function notationOf({ attribute, sub }: AttributePath): string {
  return (sub ?? attribute).notation
}

function inSchema(type: ResourceType, schema: Schema, name: string): Named | undefined {
  const isCore = schema === type.schema
  const [attributeName, subName] = split(name)
  const attribute = (isCore ? type.attributes : schema.attributes).get(attributeName)
  const sub = subName === undefined ? undefined : attribute?.subAttributes.get(subName)
  if (!attribute || (subName !== undefined && !sub)) return undefined
  return { kind: 'attribute', extension: isCore ? undefined : schema, attribute, sub }
}

function inOneExtension(type: ResourceType, name: string): Named | undefined {
  const found = type.extensions.flatMap((schema) => inSchema(type, schema, name) ?? [])
  return found.length === 1 ? found[0] : undefined
}

/** A second dot stays in the sub-attribute's name, which therefore is unknown. */
function split(name: string): [string, string | undefined] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)]
}
