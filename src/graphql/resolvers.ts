import { NodeQuery } from './node.query'
import { CreateOrganizationMutation } from './organizations/create-organization.mutation'
import { OrganizationQuery } from './organizations/organization.query'
import { SwitchOrganizationMutation } from './viewer/switch-organization.mutation'
import { ViewerQuery } from './viewer/viewer.query'

/** Every resolver class; what is not here is not in the schema. */
export const RESOLVERS = [
  NodeQuery,
  OrganizationQuery,
  CreateOrganizationMutation,
  ViewerQuery,
  SwitchOrganizationMutation,
] as const
