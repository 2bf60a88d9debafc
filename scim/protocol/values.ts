import type { AttributePath } from './schema/resolve'

// A resource after reading: every key is a name from the schema in the schema's own spelling, every value has the type
// that the schema says, unassigned attributes are absent. Extensions stand under their URN.

/** A value without parts. A dateTime stays the text that was sent. */
export type Simple = string | number | boolean

/** Any value of an attribute. Complex values hold simple ones only (RFC 7643 §2.3.8). */
export type Value = Simple | Attributes | readonly Value[]

/** Values by attribute name. Made without a prototype; what comes back from a database may have one. */
export interface Attributes {
  readonly [name: string]: Value
}

/** A whole resource, such as a User: `schemas`, attributes, and extensions by URN. */
export type Resource = Attributes

/** An object that inherits nothing, to be filled with names from the schema. */
export function emptyAttributes(): Record<string, Value> {
  return new Bare()
}

// V8 keeps what Object.create(null) makes as a hash table, which takes nearly twice as long to fill and to write as JSON
// as what a constructor makes. There is nothing to inherit from this prototype either, and nobody can add to it.
const Bare = function Bare() {} as unknown as new () => Record<string, Value>
Bare.prototype = Object.freeze(Object.create(null))

/** A copy of a complex value or resource, changed at one name; `undefined` leaves the name out. */
export function withEntry(attributes: Attributes | undefined, name: string, value: Value | undefined): Attributes {
  const copy: Record<string, Value> = Object.assign(emptyAttributes(), attributes)
  if (value === undefined) delete copy[name]
  else copy[name] = value
  return copy
}

/** A copy of complex values, the later ones over the earlier. */
export function merged(...values: readonly Attributes[]): Attributes {
  return Object.assign(emptyAttributes(), ...values) as Attributes
}

/** The value of a path's attribute, its sub-attribute left aside. */
export function attributeAt(resource: Resource, { extension, attribute }: AttributePath): Value | undefined {
  const container = extension ? resource[extension.id] : resource
  return isAttributes(container) ? container[attribute.name] : undefined
}

/** A copy of a resource with another value for the attribute of a path; `undefined` unassigns it. */
export function withAttribute(resource: Resource, path: AttributePath, value: Value | undefined): Resource {
  const { extension, attribute } = path
  if (!extension) return withEntry(resource, attribute.name, value)
  const container = resource[extension.id]
  const changed = withEntry(isAttributes(container) ? container : undefined, attribute.name, value)
  return withEntry(resource, extension.id, Object.keys(changed).length > 0 ? changed : undefined)
}

/** Whether a value is a list. */
export function isValues(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** Whether a value has sub-attributes. */
export function isAttributes(value: Value | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !isValues(value)
}

/** One or many values as a list; none as an empty one. */
export function valuesOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return isValues(value) ? value : [value]
}

/** Whether two values say the same: the order of keys does not matter, the order of a list does. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true
  if (isValues(one) && isValues(other)) {
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]))
  }
  if (!isAttributes(one) || !isAttributes(other)) return false
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]))
}
