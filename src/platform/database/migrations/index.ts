import { Organizations0001 } from './0001-organizations'
import { MemberSearch0002 } from './0002-member-search'

/** Every migration, oldest first. */
export const MIGRATIONS = [Organizations0001, MemberSearch0002]
