import { createHash } from 'node:crypto'
import { canonicalJson, detailsDigest } from '../../access'

/** The part of an audit row that its hash covers; `detailsDigest` stands for the personal part. */
export interface ChainedEvent {
  organizationId: string
  id: string
  at: Date
  action: string
  actorKind: string
  actorId: string | null
  requestId: string | null
  targetIds: string[]
  /** SHA-256 over salt and details. */
  detailsDigest: Buffer
}

/** A row whose place in the chain is fixed. */
export interface SealedEvent extends ChainedEvent {
  /** 1.. without a gap within the organization. */
  sequence: number
  hash: Buffer
  details: unknown
  salt: Buffer
  /** Whether a search for each of its targets leads to it. */
  isFindable: boolean
}

/** A place in an organization's chain: the last row before the one to come. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: Buffer
}

/** Where every chain begins. */
export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: Buffer.alloc(32) }

/** SHA-256 over the previous hash and the canonical JSON of the row (docs/adr/0004-audit-chain.md). */
export function chainHash(previous: Buffer, event: ChainedEvent, sequence: number): Buffer {
  const content = {
    organizationId: event.organizationId,
    sequence,
    id: event.id,
    at: event.at.toISOString(),
    action: event.action,
    actorKind: event.actorKind,
    actorId: event.actorId,
    requestId: event.requestId,
    targetIds: event.targetIds,
    detailsDigest: event.detailsDigest.toString('hex'),
  }
  return createHash('sha256').update(previous).update(canonicalJson(content)).digest()
}

/**
 * Says what is wrong with a row at its place, or null.
 * Details that were emptied are in order: that is how a person is erased, and the digest keeps its place in the chain.
 */
export function flawOf(event: SealedEvent, previous: ChainHead): string | null {
  if (event.sequence !== previous.sequence + 1)
    return `a row before it is missing: number ${previous.sequence + 1} was expected, ${event.sequence} found`
  if (!chainHash(previous.hash, event, event.sequence).equals(event.hash))
    return 'it was changed, or does not follow the row before it'
  if (!isErased(event) && !detailsDigest(event.salt, event.details).equals(event.detailsDigest))
    return 'its details were changed'
  if (!event.isFindable) return 'a search for one of its targets does not find it any more'
  return null
}

/** True when the personal part of a row was emptied. */
export function isErased({ details }: { details: unknown }): boolean {
  return typeof details === 'object' && details !== null && Object.keys(details).length === 0
}
