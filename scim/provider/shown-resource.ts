import type { Projection, Resource } from '../protocol'

/** A resource as one answer shows it. */
export interface ShownResource {
  /** JSON. */
  readonly text: string
  /** What the text says. */
  readonly read: () => unknown
  /** Its ETag. */
  readonly version: string
  /** Its URL. */
  readonly location: string
}

/** Cuts out of a resource what an answer shows. */
export function shownResource(resource: Resource, projection: Projection): ShownResource {
  const body = projection.of(resource)
  return { text: JSON.stringify(body), read: () => body, ...metaOf(resource) }
}

/** What every resource that leaves here says of itself. */
export function metaOf({ meta }: Resource): { version: string; location: string } {
  const { version, location } = meta as { version: string; location: string }
  return { version, location }
}
