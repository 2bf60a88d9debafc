import type { InvitationResult } from '../modules/invitations'
import type { InviteOutcome } from './pages'

/** What became of one address, as the pages show it. */
export function inviteOutcome({ email, input, outcome }: InvitationResult): InviteOutcome {
  return { address: email ?? input, outcome: outcome === 'RENEWED' ? 'SENT' : outcome }
}
