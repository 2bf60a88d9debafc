import { MAX_KEY_LENGTH } from '../bounds'
import { type AttributeSpec, byName } from './definition'

/** What every resource has (RFC 7643 §3, §3.1). Filters and paths know them; /Schemas does not list them. */
export const COMMON_ATTRIBUTES = byName([
  {
    name: 'schemas',
    type: 'reference',
    description: 'URNs of the schemas whose attributes the resource has.',
    multiValued: true,
    // URNs are compared regardless of case (RFC 8141 §3.1, as clients write them).
    caseExact: false,
    mutability: 'readOnly',
    returned: 'always',
  },
  {
    name: 'id',
    description: 'Identifier that the service provider made; it is never used again.',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  },
  {
    name: 'externalId',
    description: `Identifier that the client made, at most ${MAX_KEY_LENGTH} characters.`,
    caseExact: true,
    maxLength: MAX_KEY_LENGTH,
  },
  {
    name: 'meta',
    type: 'complex',
    description: 'What the service provider knows about the resource.',
    mutability: 'readOnly',
    subAttributes: [
      readOnly('resourceType', 'Name of the resource type.', { caseExact: true }),
      readOnly('created', 'When the resource was made.', { type: 'dateTime' }),
      readOnly('lastModified', 'When the resource last changed.', { type: 'dateTime' }),
      readOnly('location', 'URL of the resource.', { type: 'reference', referenceTypes: ['uri'] }),
      readOnly('version', 'The entity tag of the resource.', { caseExact: true }),
    ],
  },
])

/** An attribute that only the service provider writes. */
export function readOnly(name: string, description: string, more: Partial<AttributeSpec> = {}): AttributeSpec {
  return { name, description, mutability: 'readOnly', ...more }
}

/** The sub-attributes that multi-valued attributes share (RFC 7643 §2.4), with `value` first. */
export function plural(value: AttributeSpec, types: readonly string[] = []): AttributeSpec[] {
  return [
    value,
    { name: 'display', description: 'Text for people.' },
    { name: 'type', description: 'What the value is for.', canonicalValues: types },
    { name: 'primary', type: 'boolean', description: 'Whether it is the preferred value; true at most once.' },
  ]
}
