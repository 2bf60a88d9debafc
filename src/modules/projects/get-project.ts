import { OWN_ORGANIZATION, readUseCase } from '../../access'
import type { ProjectRow } from './project.store'
import { projectObject } from './project-access'

/** Names one project of the caller's organization. */
export type ProjectBy = { id: string } | { slug: string } | 'default'

/**
 * One project as the actor sees it.
 * @throws NOT_FOUND  when it does not exist or the actor has no access to it
 */
export const getProject = readUseCase({
  name: 'getProject',
  requires: 'project.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { by: ProjectBy }) => projectObject(context, context.organizationId, input.by),
  run: async (_context, _input, { project }): Promise<ProjectRow> => project,
})
