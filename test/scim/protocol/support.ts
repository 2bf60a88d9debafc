import {
  bindFilter,
  type JsonValue,
  type Mode,
  matches,
  parseFilter,
  type Resource,
  type ResourceType,
  readJson,
  readNewResource,
  ScimError,
  USER,
  withMeta,
} from '../../../scim/protocol'

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const BASE = 'https://gatehouse.example/scim/v2'

/** A body as it comes from the wire. */
export function body(json: unknown): JsonValue {
  return readJson(JSON.stringify(json))
}

/** A resource as a provider would have stored it, with `id` and `meta`. */
export function stored(type: ResourceType, json: Record<string, unknown>, id = 'u1', mode: Mode = 'lenient'): Resource {
  const created = new Date('2025-01-31T08:00:00.000Z')
  return withMeta(
    type,
    readNewResource(type, body(json), mode),
    { id, created, lastModified: created, version: 1 },
    BASE,
  )
}

/** What a typed error says, so that a test can expect it; anything else that is thrown fails the test. */
export function refusalOf(run: () => unknown): { status: number; scimType: string | undefined; detail: string } {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return { status: error.status, scimType: error.scimType, detail: error.detail }
  }
  throw new Error('Nothing was refused.')
}

/** Whether a filter as text matches a resource. */
export function isMatch(filter: string, resource: Resource, type: ResourceType = USER): boolean {
  return matches(bindFilter(parseFilter(filter), type), resource)
}
