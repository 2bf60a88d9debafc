import { notFound, type ReadContext } from '../../access'
import { type ProjectObject, projectObject } from '../projects'
import { findServiceAccount, type ServiceAccountRow } from './service-account.store'

/** A service account in a project that the actor sees. */
export interface ServiceAccountObject extends ProjectObject {
  account: ServiceAccountRow
}

/**
 * Loads a service account for a decision, which is about its project.
 * @throws NOT_FOUND  when it does not exist or the actor cannot see its project
 */
export async function serviceAccountObject(
  context: ReadContext,
  { serviceAccountId }: { serviceAccountId: string },
): Promise<ServiceAccountObject> {
  const account = await findServiceAccount(context.tx, context.organizationId, serviceAccountId)
  if (!account) throw notFound('The service account')
  return { ...(await projectObject(context, context.organizationId, { id: account.projectId })), account }
}
