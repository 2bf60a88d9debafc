import { quoted, refusal } from '../errors'
import { isList, isObject, type JsonValue } from '../json'
import type { BulkOperation } from './read-bulk'

const PREFIX = 'bulkId:'
/** In the path of a PATCH operation: `members[value eq "bulkId:x"]`. */
const QUOTED = /"bulkId:([^"\\]*)"/g

/** The bulkIds that an operation refers to, in its id and anywhere in its data. */
export function referencesOf({ id, data }: BulkOperation): ReadonlySet<string> {
  const found = new Set<string>()
  replaceReferences(id ?? null, (bulkId) => found.add(bulkId) && '')
  replaceReferences(data, (bulkId) => found.add(bulkId) && '')
  return found
}

/**
 * Puts the ids of what earlier operations made into an operation.
 *
 * @param ids  ids by bulkId
 * @throws     invalidValue for a bulkId that is not of this request or whose operation failed
 */
export function withReferences(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  const idOf = (bulkId: string) => {
    const id = ids.get(bulkId)
    if (id !== undefined) return id
    throw refusal('invalidValue', `No operation of this request made ${quoted(PREFIX + bulkId)}. See its own result.`)
  }
  const id = operation.id === undefined ? undefined : (replaceReferences(operation.id, idOf) as string)
  return { ...operation, id, data: replaceReferences(operation.data, idOf) }
}

/** The depth is that of the body, which is bounded. */
function replaceReferences(json: JsonValue, replace: (bulkId: string) => string): JsonValue {
  if (typeof json === 'string') return replaceInText(json, replace)
  if (isList(json)) return json.map((item) => replaceReferences(item, replace))
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([name, child]) => [name, replaceReferences(child, replace)]))
}

function replaceInText(text: string, replace: (bulkId: string) => string): string {
  if (text.startsWith(PREFIX)) return replace(text.slice(PREFIX.length))
  return text.includes(`"${PREFIX}`) ? text.replace(QUOTED, (_, bulkId: string) => `"${replace(bulkId)}"`) : text
}
