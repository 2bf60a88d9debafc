import { ScimError } from './errors'

/** What `If-Match` and `If-None-Match` may say: any version, or one of some. */
type Condition = '*' | readonly string[]

/** The entity tag of a version, which is also `meta.version`: weak, since one state has many representations. */
export function weakETag(version: number | bigint): string {
  return `W/"${version}"`
}

/**
 * Refuses a write whose client has seen another version (RFC 7644 §3.14).
 *
 * Compared weakly, although RFC 9110 wants If-Match strong: SCIM's tags are weak, and its own examples send them there.
 * A tag without quotes, which some clients send, is taken as if it had them.
 *
 * @param ifMatch  the header or a bulk operation's `version`; nothing: the client takes any version
 * @throws         412
 */
export function requireMatch(ifMatch: string | undefined, current: string): void {
  if (ifMatch === undefined || isMatch(conditionOf(ifMatch), current)) return
  throw new ScimError(
    412,
    undefined,
    'The resource has changed since it was read. Read it again and repeat the request.',
  )
}

/** Whether a GET is answered by 304 without a body. */
export function isNotModified(ifNoneMatch: string | undefined, current: string): boolean {
  return ifNoneMatch !== undefined && isMatch(conditionOf(ifNoneMatch), current)
}

function isMatch(condition: Condition, current: string): boolean {
  return condition === '*' || condition.includes(opaque(current))
}

/** Our own tags have no comma, so cutting at commas loses none of them. */
function conditionOf(header: string): Condition {
  return header.trim() === '*' ? '*' : header.split(',').map((tag) => opaque(tag.trim()))
}

function opaque(tag: string): string {
  const strong = tag.startsWith('W/') || tag.startsWith('w/') ? tag.slice(2) : tag
  return strong.length >= 2 && strong.startsWith('"') && strong.endsWith('"') ? strong.slice(1, -1) : strong
}
