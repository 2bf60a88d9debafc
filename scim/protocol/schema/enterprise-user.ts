import { readOnly } from './common'
import { defineSchema } from './definition'

/** What employers know of a User (RFC 7643 §4.3). */
export const ENTERPRISE_USER_SCHEMA = defineSchema('extension', {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    { name: 'employeeNumber', description: 'Number or code of the person in the organization.' },
    { name: 'costCenter', description: 'Cost center.' },
    { name: 'organization', description: 'Organization.' },
    { name: 'division', description: 'Division.' },
    { name: 'department', description: 'Department.' },
    {
      name: 'manager',
      type: 'complex',
      description: 'The manager of the person.',
      subAttributes: [
        { name: 'value', description: 'The id of the User who is the manager.', caseExact: true },
        { name: '$ref', type: 'reference', referenceTypes: ['User'], description: 'URL of the manager.' },
        readOnly('displayName', 'The name of the manager as it is shown.'),
      ],
    },
  ],
})
