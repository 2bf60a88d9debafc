import { weakETag } from '../etag'
import type { ResourceType } from '../schema/definition'
import { type Attributes, emptyAttributes, type Resource } from '../values'

/** What a provider knows of a stored resource. */
export interface Stored {
  readonly id: string
  readonly created: Date
  /** Equal to `created` until the first change. */
  readonly lastModified: Date
  /** Goes up with every change and only then. */
  readonly version: number
}

/**
 * The resource as clients see it, with `id` and `meta` (RFC 7643 §3.1).
 *
 * @param base  URL of the SCIM endpoint without a slash at the end
 */
export function withMeta(type: ResourceType, resource: Resource, stored: Stored, base: string): Resource {
  const { id, meta } = identityOf(type, stored, base)
  return Object.assign(emptyAttributes(), { schemas: resource.schemas, id }, resource, { id, meta })
}

/** `id` and `meta` alone. @param base  as above */
export function identityOf(
  type: ResourceType,
  { id, created, lastModified, version }: Stored,
  base: string,
): { id: string; meta: Attributes } {
  const meta: Attributes = {
    resourceType: type.name,
    created: created.toISOString(),
    lastModified: lastModified.toISOString(),
    location: locationOf(type, id, base),
    version: weakETag(version),
  }
  return { id, meta }
}

/** URL of a resource: the Location header, `meta.location` and `$ref`. */
export function locationOf(type: ResourceType, id: string, base: string): string {
  return `${base}${type.endpoint}/${encodeURIComponent(id)}`
}
