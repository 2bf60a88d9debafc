import { decide, OWN_ORGANIZATION, readUseCase } from '../../access'
import { findProjects, type ProjectRow } from './project.store'
import { permissionsIn, projectViewer } from './project-access'

/** Those of these projects that the actor can see, by id. It is decided about each: whoever sees none gets none. */
export const getProjects = readUseCase({
  name: 'getProjects',
  requires: 'project.read',
  organization: () => OWN_ORGANIZATION,
  object: async ({ organizationId }, _input: { ids: readonly string[] }) => ({
    organizationId,
    permissionsHere: new Set(['project.read']),
  }),
  async run({ tx, actor, organizationId }, { ids }): Promise<Map<string, ProjectRow>> {
    const rows = await findProjects(tx, organizationId, projectViewer(actor), ids)
    const seen = rows.filter((project) => {
      const object = { organizationId, permissionsHere: permissionsIn(project, actor) }
      return decide(actor, 'project.read', object) === 'allowed'
    })
    return new Map(seen.map((row) => [row.id, row]))
  },
})
