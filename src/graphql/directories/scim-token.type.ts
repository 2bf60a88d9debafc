import { Field, ObjectType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ScimTokenRow } from '../../modules/directories'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

@ObjectType('ScimToken', {
  implements: Node,
  simpleResolvers: true,
  description: 'Bearer token of a directory; two may be valid at once, for rotation.',
})
export class ScimTokenType extends Node {
  /** The token as the module knows it. */
  readonly row: ScimTokenRow
  @Field(() => String, { description: 'Its first and last characters; the rest is never shown again.' }) preview: string
  @Field(() => String, { description: 'Name of whoever made it, as it was then.' }) createdByName: string
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
  @Field(() => DateTime, { description: 'When it ends by itself. Admins are told 60, 30 and 7 days before.' })
  expiresAt: Date
  @Field(() => Boolean, { description: 'Whether it has ended; it stands here until it is revoked or makes room.' })
  isExpired: boolean
  @Field(() => Boolean, { description: 'Whether it ends within 60 days.' }) isExpiringSoon: boolean
  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to ten seconds.' })
  lastUsedAt: Date | null
  @Field(() => String, { nullable: true, description: 'Network address of its last use.' }) lastUsedIp: string | null
}

const SOON = 60 * 86_400_000

/** The GraphQL object of a token. */
export function scimTokenNode(row: ScimTokenRow): ScimTokenType {
  const left = row.expiresAt.getTime() - Date.now()
  return {
    typeName: 'ScimToken' satisfies IdType,
    row,
    id: toTypeId('ScimToken', row.id),
    preview: row.preview,
    createdByName: row.createdByName,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    isExpired: left <= 0,
    isExpiringSoon: left <= SOON,
    lastUsedAt: row.lastUsedAt,
    lastUsedIp: row.lastUsedIp,
  }
}
