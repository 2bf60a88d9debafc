import { registerEnumType } from 'type-graphql'

/** What can be done to a member, for schema and types. */
export const MemberActionType = {
  CHANGE_ROLE: 'CHANGE_ROLE',
  SUSPEND: 'SUSPEND',
  REACTIVATE: 'REACTIVATE',
  REMOVE: 'REMOVE',
  RESEND_INVITATION: 'RESEND_INVITATION',
  REVOKE_INVITATION: 'REVOKE_INVITATION',
} as const

registerEnumType(MemberActionType, {
  name: 'MemberAction',
  description: 'What can be done to a member.',
  valuesConfig: {
    CHANGE_ROLE: { description: 'Give another role; of an Admin: take the Admin role away.' },
    SUSPEND: { description: 'Take access away until reactivated.' },
    REACTIVATE: { description: 'Give access back.' },
    REMOVE: { description: 'End the membership.' },
    RESEND_INVITATION: { description: 'Send the invitation again.' },
    REVOKE_INVITATION: { description: 'Take the invitation back.' },
  },
})
