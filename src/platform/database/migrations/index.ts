import { Organizations0001 } from './0001-organizations'

/** Every migration, oldest first. */
export const MIGRATIONS = [Organizations0001]
