import { AppError } from '../kernel/errors'
import { fromTypeId, ID_PREFIXES, type IdType } from '../kernel/ids'

/**
 * The UUID of an id that came in as an argument.
 * @throws NOT_FOUND  when it is malformed or of another type, as for any object that does not exist
 */
export function readId(type: IdType, id: string, path: readonly string[]): string {
  const uuid = fromTypeId(type, id)
  if (uuid) return uuid
  throw new AppError(
    'NOT_FOUND',
    `${id.slice(0, 40)} is not the id of anything here; ids of this kind begin with ${ID_PREFIXES[type]}_.`,
    { path },
  )
}
