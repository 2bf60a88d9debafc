import { weakETag } from '../etag'
import type { ResourceType } from '../schema/definition'
import { emptyAttributes, type Resource } from '../values'

const NEEDS_ESCAPES = /[^ !#-[\]-~]/

/** What a provider knows of a stored resource. */
export interface Stored {
  readonly id: string
  readonly created: Date
  /** Equal to `created` until the first change. */
  readonly lastModified: Date
  /** Goes up with every change and only then. */
  readonly version: number
}

/** `meta` of a resource (RFC 7643 §3.1); a type, since an interface is no set of attributes. */
export type Meta = {
  readonly resourceType: string
  readonly created: string
  readonly lastModified: string
  readonly location: string
  readonly version: string
}

/**
 * The resource as clients see it, with `id` and `meta` (RFC 7643 §3.1).
 *
 * @param base  URL of the SCIM endpoint without a slash at the end
 */
export function withMeta(type: ResourceType, resource: Resource, stored: Stored, base: string): Resource {
  const { id } = stored
  const meta = metaOf(type, stored, base)
  return Object.assign(emptyAttributes(), { schemas: resource.schemas, id }, resource, { id, meta })
}

/** `meta` alone. @param base  as above */
export function metaOf(type: ResourceType, { id, created, lastModified, version }: Stored, base: string): Meta {
  const createdText = created.toISOString()
  return {
    resourceType: type.name,
    created: createdText,
    lastModified: lastModified.getTime() === created.getTime() ? createdText : lastModified.toISOString(),
    location: locationOf(type, id, base),
    version: weakETag(version),
  }
}

/** `id` and `meta` as JSON text without braces: a page shows a thousand of them, and JSON.stringify costs twice as much. */
export function identityText(id: string, { resourceType, created, lastModified, location, version }: Meta): string {
  const times = `"created":"${created}","lastModified":"${lastModified}"`
  const place = `"location":${quoted(location)},"version":${quoted(version)}`
  return `"id":${quoted(id)},"meta":{"resourceType":"${resourceType}",${times},${place}}`
}

function quoted(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** URL of a resource: the Location header, `meta.location` and `$ref`. */
export function locationOf(type: ResourceType, id: string, base: string): string {
  return `${base}${type.endpoint}/${encodeURIComponent(id)}`
}
