/** Why a link can no longer be accepted. `mode-closed`: the organization lets an identity provider decide who joins. */
export type ClosedState = 'accepted' | 'declined' | 'revoked' | 'expired' | 'unknown' | 'mode-closed'

export interface ClosedInvitation {
  readonly title: string
  readonly whatHappened: string
  readonly whatNext: string
}

const named = (organizationName: string | null): string => organizationName ?? 'the organization'

/** What to tell the holder of a link that is no longer open, and what they can do next. */
export const closedInvitations: Readonly<Record<ClosedState, (organizationName: string | null) => ClosedInvitation>> = {
  accepted: (organizationName) => ({
    title: 'Already accepted',
    whatHappened: `This invitation to ${named(organizationName)} was accepted. A link works once.`,
    whatNext:
      'If it was you, sign in to open the organization. If not, ask the person who invited you for a new invitation.',
  }),
  declined: (organizationName) => ({
    title: 'Invitation declined',
    whatHappened: `The invitation to ${named(organizationName)} was declined.`,
    whatNext: 'If you changed your mind, ask the person who invited you to invite you again.',
  }),
  revoked: (organizationName) => ({
    title: 'Invitation withdrawn',
    whatHappened: `${organizationName ?? 'The organization'} withdrew this invitation.`,
    whatNext: 'If you think that this is a mistake, ask the person who invited you.',
  }),
  expired: (organizationName) => ({
    title: 'Invitation expired',
    whatHappened: `The invitation to ${named(organizationName)} is too old to be accepted.`,
    whatNext: 'Ask the person who invited you to send it again. The new mail has a new link.',
  }),
  unknown: () => ({
    title: 'This link does not work',
    whatHappened: 'No invitation belongs to this link. It may be incomplete, or a newer mail replaced it.',
    whatNext:
      'Open the link from the newest mail, complete and unchanged. If that does not help, ask for a new invitation.',
  }),
  'mode-closed': (organizationName) => ({
    title: 'Invitations are closed',
    whatHappened: `${organizationName ?? 'The organization'} now lets its own identity provider decide who joins, so invitations no longer count.`,
    whatNext: `Sign in with your work account. If you do not get in, ask the IT department of ${named(organizationName)} to give you access.`,
  }),
}
