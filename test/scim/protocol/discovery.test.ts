import {
  type Attribute,
  applyPatch,
  documentById,
  type JsonValue,
  PATCH_OP,
  projectionOf,
  RESOURCE_TYPES,
  type Resource,
  type ResourceType,
  readNewResource,
  readPatch,
  refuseDiscoveryFilter,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
  USER,
} from '../../../scim/protocol'
import { isSecretName } from '../../../src/platform/redaction'
import { BASE, body, ENTERPRISE, refusalOf, stored } from './support'

const FEATURES = {
  bulk: { maxOperations: 1_000, maxPayloadSize: 1_048_576 },
  defaultPageSize: 100,
  maxPageSize: 200,
  cursorTimeoutSeconds: 3_600,
  sort: true,
  etag: true,
}
const SCHEMAS = schemaDocuments(BASE)
const RESOURCE_TYPE_DOCUMENTS = resourceTypeDocuments(BASE)

interface AttributeDocument {
  readonly name: string
  readonly subAttributes?: readonly AttributeDocument[]
  readonly [characteristic: string]: unknown
}

const listed = SCHEMAS.flatMap(({ attributes }) => attributes as readonly AttributeDocument[])
const everyAttribute = listed.flatMap(function withSubs(attribute): AttributeDocument[] {
  return [attribute, ...(attribute.subAttributes ?? []).flatMap(withSubs)]
})

/** Every attribute and sub-attribute that the schema says a client may or may not write, as a path of a PATCH. */
const WRITES = RESOURCE_TYPES.flatMap((type) =>
  [type.schema, ...type.extensions].flatMap(({ attributes }) =>
    [...attributes.values()].flatMap((attribute) => [
      { type, attribute, parent: undefined },
      ...[...attribute.subAttributes.values()].map((sub) => ({ type, attribute: sub, parent: attribute })),
    ]),
  ),
)

/** A value that an attribute accepts. */
function sample(attribute: Attribute): unknown {
  const one = sampleOne(attribute)
  return attribute.multiValued ? [one] : one
}

function sampleOne({ type, subAttributes }: Attribute): unknown {
  if (type === 'boolean') return false
  if (type === 'complex') {
    const writable = [...subAttributes.values()].filter(({ mutability }) => mutability !== 'readOnly')
    return Object.fromEntries(writable.map((sub) => [sub.name, sample(sub)]))
  }
  return 'aGV4'
}

function minimal(type: ResourceType): Resource {
  return stored(type, type === USER ? { userName: 'ada' } : { displayName: 'G' })
}

function replace(type: ResourceType, path: string, value: unknown) {
  const request = body({ schemas: [PATCH_OP], Operations: [{ op: 'replace', path, value }] })
  return applyPatch(type, minimal(type), readPatch(type, request, 'strict'), 'strict')
}

function valueAt(resource: Resource, notation: string): unknown {
  const extension = notation.startsWith(`${ENTERPRISE}:`)
  const container = extension ? (resource[ENTERPRISE] as Record<string, unknown> | undefined) : resource
  return container?.[extension ? notation.slice(ENTERPRISE.length + 1) : notation]
}

describe('ServiceProviderConfig', () => {
  it('D1 says what can be done, also what cannot', () => {
    expect(serviceProviderConfig(BASE, FEATURES)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1_000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 200,
        cursorTimeout: 3_600,
      },
      authenticationSchemes: [expect.objectContaining({ type: 'oauthbearertoken', primary: true })],
      meta: { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` },
    })
  })

  it('D3 is true to what is switched off', () => {
    const { bulk, cursorTimeoutSeconds, ...others } = FEATURES
    expect([bulk, cursorTimeoutSeconds]).toBeDefined()
    expect(serviceProviderConfig(BASE, others)).toMatchObject({
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      pagination: expect.not.objectContaining({ cursorTimeout: expect.anything() }),
    })
  })
})

describe('ResourceTypes and Schemas', () => {
  it('name nothing that is shown like a secret, so that the log of requests keeps answers as they were sent', () => {
    const shown = WRITES.filter(({ attribute }) => attribute.returned !== 'never').map(
      ({ attribute }) => attribute.name,
    )
    expect(shown).toContain('userName')
    expect(shown.filter(isSecretName)).toEqual([])
  })

  it('D4 one document is found by its id in any case', () => {
    expect(documentById(SCHEMAS, ENTERPRISE.toUpperCase()).name).toBe('EnterpriseUser')
    expect(documentById(RESOURCE_TYPE_DOCUMENTS, 'user').endpoint).toBe('/Users')
    expect(refusalOf(() => documentById(SCHEMAS, 'urn:x'))).toMatchObject({ status: 404, scimType: undefined })
  })

  it('D5 a filter is 403', () => {
    expect(refusalOf(() => refuseDiscoveryFilter('name pr'))).toMatchObject({ status: 403 })
    expect(() => refuseDiscoveryFilter(undefined)).not.toThrow()
  })

  it('D6 each resource type names its schemas, which exist', () => {
    for (const document of RESOURCE_TYPE_DOCUMENTS) {
      const extensions = document.schemaExtensions as { schema: string; required: boolean }[]
      for (const id of [document.schema as string, ...extensions.map(({ schema }) => schema)]) {
        expect(documentById(SCHEMAS, id).id).toBe(id)
      }
    }
    expect(RESOURCE_TYPE_DOCUMENTS[0]).toMatchObject({
      id: 'User',
      schemaExtensions: [{ schema: ENTERPRISE, required: false }],
      meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
    })
  })

  it('D7 resources and discovery documents have schemas, messages have none', () => {
    expect(SCHEMAS.map(({ name }) => name)).toEqual([
      'User',
      'EnterpriseUser',
      'Group',
      'ServiceProviderConfig',
      'ResourceType',
      'Schema',
    ])
    expect(SCHEMAS.filter(({ id }) => String(id).includes(':messages:'))).toEqual([])
  })

  it('D8 each attribute tells all of its characteristics, without null', () => {
    for (const attribute of everyAttribute) {
      expect(attribute).toMatchObject({
        name: expect.stringMatching(/^\$?[A-Za-z][A-Za-z0-9]*$/),
        type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        description: expect.stringMatching(/\.$/),
        required: expect.any(Boolean),
        caseExact: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
      })
      // Erratum 6004 of RFC 7643.
      const isComplex = attribute.type === 'complex'
      expect([attribute.uniqueness === undefined, attribute.subAttributes !== undefined]).toEqual([
        isComplex,
        isComplex,
      ])
      expect(Object.values(attribute)).not.toContain(null)
    }
    expect(everyAttribute.length).toBeGreaterThan(140)
  })

  it.each([
    ['userName', { required: true, caseExact: false, uniqueness: 'server', mutability: 'readWrite' }],
    ['password', { mutability: 'writeOnly', returned: 'never' }],
    ['groups', { mutability: 'readOnly', multiValued: true }],
    ['displayName', { type: 'string' }],
  ])('D8 %s is as RFC 7643 §8.7.1 has it', (name, characteristics) => {
    expect(listed.find((attribute) => attribute.name === name)).toMatchObject(characteristics)
  })
})

describe('D9 what is advertised is what is enforced', () => {
  it.each(WRITES.map((write) => [write.attribute.notation, write] as const))('%s', (_, { type, attribute, parent }) => {
    const { notation, mutability } = attribute
    const isReadOnly = mutability === 'readOnly' || parent?.mutability === 'readOnly'
    if (isReadOnly) {
      expect(refusalOf(() => replace(type, notation, 'x'))).toMatchObject({ scimType: 'mutability' })
      return
    }
    // A member has to have its value, so its parts are not written alone.
    if (parent && [...parent.subAttributes.values()].some(({ required }) => required)) return
    const { resource } = replace(type, notation, sample(attribute))
    const shown = projectionOf(type, {}).of(resource)
    const written = parent ? valueAt(shown, parent.notation) : valueAt(shown, notation)
    if (attribute.returned === 'never') expect(written).toBeUndefined()
    else expect(JSON.stringify(written)).toContain(JSON.stringify(sampleOne(attribute)))
  })

  it.each(
    WRITES.filter(({ attribute }) => attribute.mutability !== 'readOnly').map(({ attribute, parent, type }) => ({
      notation: attribute.notation,
      attribute,
      parent,
      type,
    })),
  )('$notation refuses another type', ({ attribute, parent, type, notation }) => {
    if (parent?.mutability === 'readOnly') return
    const wrong: JsonValue = attribute.type === 'boolean' ? 'perhaps' : 5
    expect(refusalOf(() => replace(type, notation, wrong))).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it('requires what it says is required', () => {
    for (const type of RESOURCE_TYPES) {
      for (const { name, required } of type.schema.attributes.values()) {
        if (!required) continue
        expect(refusalOf(() => readNewResource(type, {}, 'lenient')).detail).toContain(`"${name}" is required`)
      }
    }
  })
})
