import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findProjects, type ProjectRow } from './project.store'
import { projectViewer } from './project-access'

/** Those of these projects that the actor can see, by id. */
export const getProjects = readUseCase({
  name: 'getProjects',
  requires: 'organization.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, ProjectRow>> {
    const rows = await findProjects(tx, organizationId, projectViewer(actor), ids)
    return new Map(rows.map((row) => [row.id, row]))
  },
})
