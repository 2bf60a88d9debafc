import { MAX_KEY_LENGTH, MAX_MEMBERS } from '../bounds'
import { readOnly } from './common'
import { defineSchema } from './definition'

/** The core Group (RFC 7643 §4.2). */
export const GROUP_SCHEMA = defineSchema('core', {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  attributes: [
    {
      name: 'displayName',
      description: `The name of the group, at most ${MAX_KEY_LENGTH} characters.`,
      // Required by erratum 5368 of RFC 7643. Entra finds groups by name and expects one of each.
      required: true,
      uniqueness: 'server',
      maxLength: MAX_KEY_LENGTH,
    },
    {
      name: 'members',
      type: 'complex',
      multiValued: true,
      description: 'Who is in the group.',
      maxValues: MAX_MEMBERS,
      subAttributes: [
        {
          name: 'value',
          description: 'The id of the member.',
          required: true,
          caseExact: true,
          mutability: 'immutable',
        },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          description: 'URL of the member.',
          mutability: 'immutable',
        },
        {
          name: 'type',
          description: 'Kind of member.',
          mutability: 'immutable',
          canonicalValues: ['User', 'Group'],
        },
        // Whom it would show is looked up for each member; whoever wants it asks for it.
        readOnly('display', 'Name of the member.', { returned: 'request' }),
      ],
    },
  ],
})
