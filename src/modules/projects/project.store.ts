import { type Actor, actorLabel, actorUserId } from '../../access'
import { newId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { ProjectEntity } from './project.entity'

/** Makes the project that every member of a new organization is in. */
export async function insertDefaultProject(tx: Transaction, organizationId: string, actor: Actor): Promise<void> {
  await tx.entities.insert(ProjectEntity, {
    organizationId,
    id: newId(),
    slug: 'default',
    name: 'Default project',
    isDefault: true,
    createdById: actorUserId(actor),
    createdByName: actorLabel(actor),
  })
}
