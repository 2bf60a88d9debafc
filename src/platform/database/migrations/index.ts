import { Organizations0001 } from './0001-organizations'
import { MemberSearch0002 } from './0002-member-search'
import { Access0003 } from './0003-access'
import { Sso0004 } from './0004-sso'
import { Scim0005 } from './0005-scim'

/** Every migration, oldest first. */
export const MIGRATIONS = [Organizations0001, MemberSearch0002, Access0003, Sso0004, Scim0005]
