import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { projectObject } from '../projects'
import { grantableRole } from './grantable-role'
import { checkServiceAccountDraft, type ServiceAccountDraft } from './service-account.model'
import { insertServiceAccount } from './service-account.store'
import { serviceAccountAudit } from './service-account-audit'

/** A new service account. */
export interface CreateServiceAccount {
  projectId: string
  draft: ServiceAccountDraft
  roleId: string
}

/**
 * Makes a service account in a project. It has no key yet.
 *
 * @returns  its id
 * @throws NOT_FOUND  the project or the role does not exist, or the actor cannot see the project
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE  per value, with path
 * @throws FORBIDDEN  the role allows more than the actor may do in the project
 * @throws WRONG_STATE  the project is archived
 */
export const createServiceAccount = writeUseCase({
  name: 'createServiceAccount',
  requires: 'service_account.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: CreateServiceAccount) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  // Changes to who holds what wait for one another.
  locks: 'update',
  async run(context, { draft, roleId }, object): Promise<string> {
    const { project, organizationId } = object
    if (project.status === 'ARCHIVED') throw new AppError('WRONG_STATE', 'Take the project out of the archive first.')
    const checked = checkServiceAccountDraft(draft, null)
    const role = await grantableRole(context, object, roleId)
    const account = { ...checked, projectId: project.id, roleId: role.id }
    const id = await insertServiceAccount(context.tx, organizationId, account, context.actor)
    const changes = [{ field: 'role', before: null, after: role.name }]
    context.audit(serviceAccountAudit('service_account.created', { id, name: checked.name }, project, changes))
    return id
  },
})
