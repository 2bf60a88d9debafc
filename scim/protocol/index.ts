// SCIM 2.0 (RFC 7643, 7644, 9865) without I/O: bodies and queries in, typed values and documents out. The provider adds
// the database, the http face adds requests. README.md beside this file says what is where.
export * from './bounds'
export {
  type BulkItem,
  type BulkLimits,
  type BulkOperation,
  type BulkRequest,
  readBulk,
  requirePayloadSize,
} from './bulk/read-bulk'
export { type BulkOutcome, type BulkResponse, type BulkResult, runBulk } from './bulk/run-bulk'
export { type ErrorBody, errorBody, refusal, ScimError, type ScimType } from './errors'
export { isNotModified, requireMatch, weakETag } from './etag'
export { type BoundFilter, bindFilter, type Operand } from './filter/bind'
export { matches, matchesElement } from './filter/evaluate'
export { parseFilter } from './filter/parser'
export { type Filter, join as joinFilters, type Literal, type Operator, printFilter } from './filter/syntax'
export { type JsonObject, type JsonValue, type Mode, readJson } from './json'
export { applyPatch } from './patch/apply-patch'
export { type GroupPatch, groupPatch, type MembershipChange, memberIds } from './patch/membership'
export { type Edit, PATCH_OP, readPatch } from './patch/read-patch'
export {
  expiredCursor,
  invalidCount,
  invalidCursor,
  type ListFacts,
  type ListResponse,
  listResponse,
  listText,
  type Page,
  type PageSizes,
  pageOf,
} from './query/page'
export { type QueryParameters, readQueryString, readSearchRequest, SEARCH_REQUEST } from './query/parameters'
export { identityText, locationOf, type Meta, metaOf, type Stored, withMeta } from './resource/meta'
export { type Projection, projectionOf } from './resource/project'
export { readNewResource } from './resource/read-resource'
export { type Changed, replaceResource } from './resource/replace-resource'
export { compareBy, type Sort, sortKey, sortOf } from './resource/sort'
export type { Attribute, ResourceType, Schema } from './schema/definition'
export {
  type DiscoveryDocument,
  documentById,
  type ProviderFeatures,
  refuseDiscoveryFilter,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from './schema/documents'
export { ENTERPRISE_USER_SCHEMA } from './schema/enterprise-user'
export { type AttributePath, notationOf, resolve } from './schema/resolve'
export { GROUP, RESOURCE_TYPES, USER } from './schema/resource-types'
export { caseKey, parseDateTime } from './text'
export { type Attributes, attributeAt, emptyAttributes, type Resource, type Simple, type Value } from './values'
