import { refuseEscalation, writeUseCase } from '../../access'
import { type IssuedSetupLink, issueSetupLink } from './issue-setup-link'
import { permissionsOfIntents, type SetupIntent } from './setup-link.model'

/** A link for somebody who is no member. */
export interface CreateSetupLink {
  organizationId: string
  intents: readonly SetupIntent[]
  /** 1..720 */
  expiresInHours: number
}

/**
 * Makes a link with which somebody who is no member, such as the IT department of the company, sets up SSO, directories or
 * domains, and does nothing else. It works until it expires or is revoked, however often it is opened; it makes no further
 * links, and hands out the role Member at most.
 *
 * @throws REQUIRED, INVALID  per value, with path
 * @throws FORBIDDEN  it would allow more than the actor may do
 */
export const createSetupLink = writeUseCase({
  name: 'createSetupLink',
  requires: 'setup_link.manage',
  organization: (input: CreateSetupLink) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, intents, expiresInHours }): Promise<IssuedSetupLink> {
    refuseEscalation(context.actor, permissionsOfIntents(intents), {}, ['intents'])
    return issueSetupLink(context, organizationId, { intents, expiresInHours, firstAdminEmail: null })
  },
})
