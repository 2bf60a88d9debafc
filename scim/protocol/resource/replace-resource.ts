import { quoted, refusal } from '../errors'
import type { JsonValue, Mode } from '../json'
import type { Attribute, ResourceType } from '../schema/definition'
import type { AttributePath } from '../schema/resolve'
import { attributeAt, isAttributes, isSame, isValues, type Resource, type Value, withAttribute } from '../values'
import { attributesOf, readResource, requireAttributes, withSchemas } from './read-resource'

/** A resource after a change, and what the change was. */
export interface Changed {
  readonly resource: Resource
  /** Notations of the attributes that differ, such as `active` or `urn:…:User:department`; none: nothing changed. */
  readonly changes: readonly string[]
}

/**
 * Applies the body of a PUT (RFC 7644 §3.5.1). What the client leaves out is cleared, except for what only the provider
 * writes, immutable values and `active`.
 *
 * @param stored  the resource as it is, without what is computed for answers (`members.display`, `manager.displayName`);
 *                it is not modified
 * @throws        mutability for another value of an immutable attribute; else as readNewResource
 */
export function replaceResource(type: ResourceType, stored: Resource, body: JsonValue, mode: Mode): Changed {
  const replaced = attributesOf(type).reduce(
    (resource, path) => keepStored(resource, stored, path),
    readResource(type, body, mode),
  )
  requireAttributes(type, replaced)
  const resource = withSchemas(type, replaced)
  return { resource, changes: changedAttributes(type, stored, resource) }
}

function keepStored(resource: Resource, stored: Resource, path: AttributePath): Resource {
  const before = attributeAt(stored, path)
  const sent = attributeAt(resource, path)
  if (before === undefined) return resource
  const { mutability, initially } = path.attribute
  if (mutability === 'readOnly') return withAttribute(resource, path, before)
  if (sent !== undefined) refuseImmutableChange(path.attribute, before, sent)
  const isKept = mutability === 'immutable' || initially !== undefined
  return sent === undefined && isKept ? withAttribute(resource, path, before) : resource
}

/**
 * Refuses another value for what can be set once. The elements of a list may come and go, whatever they consist of.
 *
 * @throws mutability
 */
export function refuseImmutableChange(attribute: Attribute, before: Value, after: Value | undefined): void {
  if (attribute.mutability === 'immutable' && !isSame(before, after)) {
    throw refusal('mutability', `${quoted(attribute.notation)} cannot be changed once it is set. Leave it out.`)
  }
  if (isValues(before) || !isAttributes(before)) return
  for (const sub of attribute.subAttributes.values()) {
    const set = before[sub.name]
    if (set !== undefined) refuseImmutableChange(sub, set, isAttributes(after) ? after[sub.name] : undefined)
  }
}

/** Notations of the attributes that differ between two states of a resource. */
export function changedAttributes(type: ResourceType, before: Resource, after: Resource): readonly string[] {
  return attributesOf(type)
    .filter(({ attribute }) => attribute.mutability !== 'readOnly')
    .filter((path) => !isSame(attributeAt(before, path), attributeAt(after, path)))
    .map(({ attribute }) => attribute.notation)
}
