/** Projects: isolated workspaces, and who has which role in them. */
export { ProjectEntity } from './project.entity'
export { insertDefaultProject } from './project.store'
