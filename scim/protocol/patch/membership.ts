import { MAX_MEMBERS } from '../bounds'
import { quoted, refusal } from '../errors'
import type { BoundFilter } from '../filter/bind'
import type { Mode } from '../json'
import { readValue } from '../resource/read-value'
import { GROUP } from '../schema/resource-types'
import { isAttributes, type Resource, type Value, valuesOf } from '../values'
import { type Edit, placed } from './read-patch'

/**
 * A change of who is in a group. A provider applies changes in order; nearly always there is one.
 *
 * `ids`: everybody leaves when `isReplacement` is set; then who is in `removed` leaves and who is in `added` joins. No id
 * is in both. Adding a member who is there and removing one who is not change nothing.
 * `matching`: whoever matches leaves; the stored members have to be looked at.
 */
export type MembershipChange =
  | {
      readonly kind: 'ids'
      readonly isReplacement: boolean
      readonly added: readonly string[]
      readonly removed: readonly string[]
    }
  | { readonly kind: 'matching'; readonly filter: BoundFilter }

/** The edits of a PATCH of a group, parted: they are about different attributes, so their order does not matter. */
export interface GroupPatch {
  /** For applyPatch, on the group without its members. */
  readonly edits: readonly Edit[]
  readonly membership: readonly MembershipChange[]
}

const MEMBERS = GROUP.attributes.get('members')

/**
 * Takes what is about members out of a PATCH and folds it: the last operation about an id wins, and runs of operations
 * become one change, so that a thousand single removals cost one statement. The group is never loaded, and the time
 * grows with the members that the request names.
 *
 * @throws mutability for a change of a member itself; invalidValue; each with the place of the operation
 */
export function groupPatch(edits: readonly Edit[], mode: Mode): GroupPatch {
  const membership = new MembershipFolder()
  for (const edit of edits) if (isAboutMembers(edit)) placed(edit.place, () => fold(membership, edit, mode))
  return { edits: edits.filter((edit) => !isAboutMembers(edit)), membership: membership.changes() }
}

/** The ids of the members that a group was created or replaced with, each once. */
export function memberIds(group: Resource): readonly string[] {
  return idsOf(group.members)
}

function isAboutMembers({ target }: Edit): boolean {
  return target.attribute === MEMBERS
}

function fold(membership: MembershipFolder, { op, target, value }: Edit, mode: Mode): void {
  if (target.sub || (target.filter && op !== 'remove')) {
    throw refusal('mutability', 'A member cannot be changed. Remove it and add another one.')
  }
  if (target.filter) return membership.removeMatching(target.filter)
  if (op === 'remove' && value === undefined) return membership.replaceBy([])
  const ids = idsOf(readValue(target.attribute, value ?? null, mode))
  if (op === 'replace') membership.replaceBy(ids)
  else if (op === 'add') membership.add(ids)
  else membership.remove(ids)
}

function idsOf(members: Value | undefined): readonly string[] {
  const ids: string[] = []
  for (const member of valuesOf(members)) {
    if (isAttributes(member) && typeof member.value === 'string') ids.push(member.value)
  }
  return ids
}

/** Collects changes; `pending` holds, by id, whether it joins. */
class MembershipFolder {
  private readonly done: MembershipChange[] = []
  private pending = new Map<string, boolean>()
  private isReplacement = false
  private named = 0

  add(ids: readonly string[]): void {
    this.note(ids, true)
  }

  remove(ids: readonly string[]): void {
    this.note(ids, false)
  }

  /** Whatever was said before about anybody does not matter any more. */
  replaceBy(ids: readonly string[]): void {
    this.done.length = 0
    this.pending.clear()
    this.isReplacement = true
    this.add(ids)
  }

  removeMatching(filter: BoundFilter): void {
    const ids = idsNamedBy(filter)
    if (ids) return this.remove(ids)
    this.finishRun()
    this.done.push({ kind: 'matching', filter })
  }

  changes(): readonly MembershipChange[] {
    this.finishRun()
    return this.done
  }

  private note(ids: readonly string[], isAdded: boolean): void {
    this.named += ids.length
    if (this.named > MAX_MEMBERS) {
      throw refusal('tooMany', `${quoted('members')}: a request names at most ${MAX_MEMBERS} members. Split it.`)
    }
    for (const id of ids) this.pending.set(id, isAdded)
  }

  private finishRun(): void {
    if (this.pending.size === 0 && !this.isReplacement) return
    const { isReplacement, pending } = this
    const added: string[] = []
    const removed: string[] = []
    for (const [id, isAdded] of pending) {
      if (isAdded) added.push(id)
      else if (!isReplacement) removed.push(id)
    }
    this.done.push({ kind: 'ids', isReplacement, added, removed })
    this.pending = new Map()
    this.isReplacement = false
  }
}

/** The ids of `value eq "a" or value eq "b"`, which needs no look at who is there; undefined for other filters. */
function idsNamedBy(filter: BoundFilter): readonly string[] | undefined {
  if (filter.kind === 'or') {
    const ids = filter.operands.map(idsNamedBy)
    return ids.every((each) => each !== undefined) ? ids.flat() : undefined
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.operand.type !== 'text') return undefined
  return filter.path.sub?.name === 'value' ? [filter.operand.key] : undefined
}
