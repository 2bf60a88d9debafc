import { type AccountSession, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { checkInvitationDraft, type InvitationResult, inviteAddresses } from '../invitations'
import { insertFounder } from '../members'
import { insertDefaultProject } from '../projects'
import { insertSystemRoles } from '../roles'
import { type OpenedSession, openOrganizationSession } from '../sessions'
import { checkOrganizationDraft, type OrganizationDraft } from './organization.model'
import { insertOrganization } from './organization.store'

/** A new organization; its id is made by the caller, since it is the tenant of the transaction. */
export interface CreateOrganization extends OrganizationDraft {
  organizationId: string
  /** Whom to invite at once, each item may be a list of its own; at most 1,000 addresses. */
  inviteEmails?: readonly string[] | null
}

/** The founder is in a session of the new organization. */
export interface CreatedOrganization {
  session: OpenedSession
  slug: string
  /** What became of each address, in the order of the input. */
  invitations: InvitationResult[]
}

/**
 * Creates an organization with its built-in roles and default project; whoever asks becomes its first Admin, gets a
 * session in it, and may invite people in the same breath.
 *
 * @throws   REQUIRED, TOO_LONG, INVALID  per value, with path
 * @throws   TOO_MANY  more than 1,000 addresses
 * @throws   NOT_UNIQUE  the slug is taken
 * @throws   OTHER_ORGANIZATION  the installation allows one organization per person
 */
export const createOrganization = writeUseCase({
  name: 'createOrganization',
  requires: 'account',
  organization: (input: CreateOrganization) => input.organizationId,
  locks: 'none',
  async run(context, input): Promise<CreatedOrganization> {
    const { tx } = context
    const { organizationId } = input
    const founder = context.actor as AccountSession
    const draft = checkOrganizationDraft(input)
    const invitees = input.inviteEmails?.length
      ? checkInvitationDraft({ emails: input.inviteEmails }, 'inviteEmails')
      : null

    await insertOrganization(tx, organizationId, draft)
    const adminRoleId = await insertSystemRoles(tx, organizationId)
    const memberId = await insertFounder(tx, organizationId, adminRoleId, founder)
    await insertDefaultProject(tx, organizationId, founder)

    context.audit({
      action: 'organization.created',
      targets: [{ type: 'Organization', id: toTypeId('Organization', organizationId), label: draft.name }],
    })
    const invitations = invitees
      ? await inviteAddresses(context, { id: organizationId, name: draft.name }, invitees)
      : []
    const session = await openOrganizationSession(context, founder, { organizationId, memberId, memberEpoch: 1 })
    return { session, slug: draft.slug, invitations }
  },
})
