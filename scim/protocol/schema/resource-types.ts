import { COMMON_ATTRIBUTES } from './common'
import type { Attribute, ResourceType, Schema } from './definition'
import { ENTERPRISE_USER_SCHEMA } from './enterprise-user'
import { GROUP_SCHEMA } from './group'
import { USER_SCHEMA } from './user'

/** People: `/Users`. */
export const USER: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: USER_SCHEMA,
  extensions: [ENTERPRISE_USER_SCHEMA],
  attributes: withCommon(USER_SCHEMA),
}

/** Groups of people: `/Groups`. */
export const GROUP: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: GROUP_SCHEMA,
  extensions: [],
  attributes: withCommon(GROUP_SCHEMA),
}

/** Every kind of resource, in the order in which they are listed. */
export const RESOURCE_TYPES: readonly ResourceType[] = [USER, GROUP]

function withCommon(schema: Schema): ReadonlyMap<string, Attribute> {
  return new Map([...COMMON_ATTRIBUTES, ...schema.attributes])
}
