import { ScimError } from '../errors'
import type { Attribute, ResourceType, Schema } from './definition'
import { RESOURCE_TYPES } from './resource-types'
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from './service-provider'

/** A discovery document, ready to be sent. */
export interface DiscoveryDocument {
  readonly schemas: readonly string[]
  readonly meta: { readonly resourceType: string; readonly location: string }
  readonly [name: string]: unknown
}

/** What an installation can do, as /ServiceProviderConfig says it; the same numbers must be given to the enforcement. */
export interface ProviderFeatures {
  readonly documentationUri?: string
  /** Undefined: bulk requests are not served. `maxPayloadSize` is in bytes. */
  readonly bulk?: { readonly maxOperations: number; readonly maxPayloadSize: number }
  /** Resources of one page: when the client does not say, and at most. */
  readonly defaultPageSize: number
  readonly maxPageSize: number
  /** Seconds for which a cursor lives; undefined: cursors are not served. */
  readonly cursorTimeoutSeconds?: number
  readonly sort: boolean
  readonly etag: boolean
}

/**
 * The document of GET /ServiceProviderConfig (RFC 7643 §5, RFC 9865 §4). It says nothing about a tenant, so it may be
 * read without a token.
 *
 * @param base  URL of the SCIM endpoint without a slash at the end
 */
export function serviceProviderConfig(base: string, features: ProviderFeatures): DiscoveryDocument {
  const { documentationUri, bulk, defaultPageSize, maxPageSize, cursorTimeoutSeconds, sort, etag } = features
  const cursor = cursorTimeoutSeconds !== undefined
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA.id],
    ...(documentationUri && { documentationUri }),
    patch: { supported: true },
    bulk: { supported: bulk !== undefined, ...(bulk ?? { maxOperations: 0, maxPayloadSize: 0 }) },
    filter: { supported: true, maxResults: maxPageSize },
    changePassword: { supported: false },
    sort: { supported: sort },
    etag: { supported: etag },
    pagination: {
      cursor,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize,
      maxPageSize,
      ...(cursor && { cursorTimeout: cursorTimeoutSeconds }),
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token of the organization in the header: Authorization: Bearer <token>.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        ...(documentationUri && { documentationUri }),
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** The documents of GET /Schemas, in a fixed order. */
export function schemaDocuments(base: string): readonly DiscoveryDocument[] {
  const ofResources = RESOURCE_TYPES.flatMap(({ schema, extensions }) => [schema, ...extensions])
  const all = [...ofResources, SERVICE_PROVIDER_CONFIG_SCHEMA, RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA]
  return all.map((schema) => schemaDocument(base, schema))
}

/** The documents of GET /ResourceTypes, in a fixed order. */
export function resourceTypeDocuments(base: string): readonly DiscoveryDocument[] {
  return RESOURCE_TYPES.map((type) => resourceTypeDocument(base, type))
}

/** The document with an id, which is compared regardless of case. @throws 404 */
export function documentById(documents: readonly DiscoveryDocument[], id: string): DiscoveryDocument {
  const found = documents.find((document) => String(document.id).toLowerCase() === id.toLowerCase())
  if (!found)
    throw new ScimError(404, undefined, 'There is no such document. List the collection to see what there is.')
  return found
}

/** Refuses a filter on a discovery endpoint (RFC 7644 §4: 403, so that no client takes the answer for filtered). */
export function refuseDiscoveryFilter(filter: string | null | undefined): void {
  if (filter === null || filter === undefined) return
  throw new ScimError(403, undefined, 'Discovery documents cannot be filtered. Leave the filter out.')
}

function resourceTypeDocument(base: string, type: ResourceType): DiscoveryDocument {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA.id],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.name}` },
  }
}

function schemaDocument(base: string, { id, name, description, attributes }: Schema): DiscoveryDocument {
  return {
    schemas: [SCHEMA_SCHEMA.id],
    id,
    name,
    description,
    attributes: [...attributes.values()].map(attributeDocument),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  }
}

/** Lists of suggestions are left out when there are none; a complex attribute has no uniqueness (erratum 6004). */
function attributeDocument(attribute: Attribute): object {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute
  return {
    name,
    type,
    multiValued,
    description,
    required,
    caseExact,
    mutability,
    returned,
    ...(type !== 'complex' && { uniqueness }),
    ...(attribute.canonicalValues.length > 0 && { canonicalValues: attribute.canonicalValues }),
    ...(attribute.referenceTypes.length > 0 && { referenceTypes: attribute.referenceTypes }),
    ...(type === 'complex' && { subAttributes: [...attribute.subAttributes.values()].map(attributeDocument) }),
  }
}
