import { type AccountSession, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { insertFounder } from '../members'
import { insertDefaultProject } from '../projects'
import { insertSystemRoles } from '../roles'
import { type OpenedSession, openOrganizationSession } from '../sessions'
import { checkOrganizationDraft, type OrganizationDraft } from './organization.model'
import { insertOrganization } from './organization.store'

/** A new organization; its id is made by the caller, since it is the tenant of the transaction. */
export interface CreateOrganization extends OrganizationDraft {
  organizationId: string
}

/**
 * Creates an organization with its built-in roles and default project; whoever asks becomes its first Admin and gets
 * a session in it.
 *
 * @throws   REQUIRED, TOO_LONG, INVALID  per value, with path
 * @throws   NOT_UNIQUE  the slug is taken
 * @throws   OTHER_ORGANIZATION  the installation allows one organization per person
 */
export const createOrganization = writeUseCase({
  name: 'createOrganization',
  requires: 'account',
  organization: (input: CreateOrganization) => input.organizationId,
  locks: 'none',
  async run(context, input): Promise<OpenedSession> {
    const { tx } = context
    const { organizationId } = input
    const founder = context.actor as AccountSession
    const draft = checkOrganizationDraft(input)

    await insertOrganization(tx, organizationId, draft)
    const adminRoleId = await insertSystemRoles(tx, organizationId)
    const memberId = await insertFounder(tx, organizationId, adminRoleId, founder)
    await insertDefaultProject(tx, organizationId, founder)

    context.audit({
      action: 'organization.created',
      targets: [{ type: 'Organization', id: toTypeId('Organization', organizationId), label: draft.name }],
    })
    return openOrganizationSession(context, founder, { organizationId, memberId, memberEpoch: 1 })
  },
})
