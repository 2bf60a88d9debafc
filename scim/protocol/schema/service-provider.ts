// The schemas of the discovery documents themselves (RFC 7643 §8.7.2). Clients that look for them expect them in
// /Schemas; nothing is ever read by them.
import { readOnly } from './common'
import { type AttributeSpec, defineSchema } from './definition'

const SUPPORTED: AttributeSpec = flag('supported', 'Whether it can be used.')

/** Describes GET /ServiceProviderConfig. `pagination` is RFC 9865 §4. */
export const SERVICE_PROVIDER_CONFIG_SCHEMA = defineSchema('core', {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'ServiceProviderConfig',
  description: 'What the service provider can do',
  attributes: [
    readOnly('documentationUri', 'Where help is.', { type: 'reference', referenceTypes: ['external'] }),
    feature('patch', 'PATCH.', [SUPPORTED]),
    feature('bulk', 'Bulk requests.', [
      SUPPORTED,
      number('maxOperations', 'Operations of one request.'),
      number('maxPayloadSize', 'Bytes of one request.'),
    ]),
    feature('filter', 'Filters.', [SUPPORTED, number('maxResults', 'Resources of one answer.')]),
    feature('changePassword', 'Changing passwords.', [SUPPORTED]),
    feature('sort', 'Sorting.', [SUPPORTED]),
    feature('etag', 'Entity tags.', [SUPPORTED]),
    feature('pagination', 'Ways to read long lists.', [
      flag('cursor', 'Whether cursors can be used.'),
      flag('index', 'Whether startIndex can be used.'),
      text('defaultPaginationMethod', 'What is used when the client does not say.', {
        canonicalValues: ['cursor', 'index'],
      }),
      count('defaultPageSize', 'Resources of a page when the client does not say.'),
      count('maxPageSize', 'Resources of a page at most.'),
      count('cursorTimeout', 'Seconds for which a cursor can be used.'),
    ]),
    readOnly('authenticationSchemes', 'Ways to authenticate.', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        text('type', 'The kind of scheme.', { required: true, canonicalValues: ['oauthbearertoken'] }),
        text('name', 'Its name.', { required: true }),
        text('description', 'What it is.', { required: true }),
        readOnly('specUri', 'Its specification.', { type: 'reference', referenceTypes: ['external'] }),
        readOnly('documentationUri', 'Where help is.', { type: 'reference', referenceTypes: ['external'] }),
        readOnly('primary', 'Whether it is preferred.', { type: 'boolean' }),
      ],
    }),
  ],
})

/** Describes the items of GET /ResourceTypes. */
export const RESOURCE_TYPE_SCHEMA = defineSchema('core', {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  name: 'ResourceType',
  description: 'A kind of resource',
  attributes: [
    text('id', 'The same as the name.', { caseExact: true }),
    text('name', 'Its name.', { required: true, caseExact: true }),
    text('description', 'What it is.'),
    readOnly('endpoint', 'Where it lives, relative to the base.', {
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
    }),
    readOnly('schema', 'URN of its schema.', { type: 'reference', referenceTypes: ['uri'], required: true }),
    readOnly('schemaExtensions', 'Extensions that it may carry.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        readOnly('schema', 'URN of the extension.', { type: 'reference', referenceTypes: ['uri'], required: true }),
        flag('required', 'Whether every resource carries it.'),
      ],
    }),
  ],
})

const CHARACTERISTICS: AttributeSpec[] = [
  text('name', 'Its name.', { required: true, caseExact: true }),
  text('type', 'Its data type.', {
    required: true,
    canonicalValues: ['string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'],
  }),
  flag('multiValued', 'Whether it holds a list.'),
  text('description', 'What it is.'),
  readOnly('required', 'Whether a resource must have it.', { type: 'boolean' }),
  text('canonicalValues', 'Suggested values.', { multiValued: true, caseExact: true }),
  readOnly('caseExact', 'Whether upper and lower case differ.', { type: 'boolean' }),
  text('mutability', 'Who may write it, and when.', {
    caseExact: true,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  text('returned', 'When it is shown.', {
    caseExact: true,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  text('uniqueness', 'How far a value is unique.', {
    caseExact: true,
    canonicalValues: ['none', 'server', 'global'],
  }),
  text('referenceTypes', 'What a reference may lead to.', { multiValued: true, caseExact: true }),
]

/** Describes the items of GET /Schemas. */
export const SCHEMA_SCHEMA = defineSchema('core', {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  name: 'Schema',
  description: 'What attributes a resource has',
  attributes: [
    text('id', 'The URN of the schema.', { required: true }),
    text('name', 'Its name.'),
    text('description', 'What it is.'),
    readOnly('attributes', 'Its attributes.', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        ...CHARACTERISTICS,
        readOnly('subAttributes', 'The parts of a complex attribute.', {
          type: 'complex',
          multiValued: true,
          subAttributes: CHARACTERISTICS,
        }),
      ],
    }),
  ],
})

function feature(name: string, description: string, subAttributes: AttributeSpec[]): AttributeSpec {
  return readOnly(name, description, { type: 'complex', required: name !== 'pagination', subAttributes })
}

function flag(name: string, description: string): AttributeSpec {
  return readOnly(name, description, { type: 'boolean', required: true })
}

function number(name: string, description: string): AttributeSpec {
  return readOnly(name, description, { type: 'integer', required: true })
}

function count(name: string, description: string): AttributeSpec {
  return readOnly(name, description, { type: 'integer' })
}

function text(name: string, description: string, more: Partial<AttributeSpec> = {}): AttributeSpec {
  return readOnly(name, description, more)
}
