import type { Meta, Projection, Resource } from '../protocol'

/** A resource as one answer shows it. */
export interface ShownResource extends Pick<Meta, 'location' | 'version'> {
  readonly id: string
  /** A JSON object. Nothing in it is secret: attributes that are, are never returned. */
  readonly text: string
}

/** Cuts out of a resource what an answer shows. */
export function shownResource(resource: Resource, projection: Projection): ShownResource {
  const { location, version } = resource.meta as Meta
  return { id: resource.id as string, text: JSON.stringify(projection.of(resource)), location, version }
}
