import { MAX_EDITS } from '../bounds'
import { quoted, refusal } from '../errors'
import { isList, type JsonValue, type Mode } from '../json'
import { requireAttributes, withSchemas } from '../resource/read-resource'
import { readValue } from '../resource/read-value'
import { type Changed, changedAttributes, refuseImmutableChange } from '../resource/replace-resource'
import { COMMON_ATTRIBUTES } from '../schema/common'
import type { ResourceType } from '../schema/definition'
import { notationOf } from '../schema/resolve'
import {
  attributeAt,
  isAttributes,
  isSame,
  merged,
  type Resource,
  type Value,
  valuesOf,
  withAttribute,
  withEntry,
} from '../values'
import { addElements, editElements } from './edit-elements'
import { type Edit, placed } from './read-patch'

/**
 * Applies the edits of a PATCH one after the other (RFC 7644 §3.5.2). Either all of them succeed or an error is thrown;
 * `stored` is never modified. Members of a large group go through `membershipEdits` instead, which loads nobody.
 *
 * @param stored  the resource as it is, with `id`, without what is computed for answers; it is not modified
 * @throws        mutability, invalidValue and noTarget, with the place of the operation; tooMany above MAX_EDITS
 */
export function applyPatch(type: ResourceType, stored: Resource, edits: readonly Edit[], mode: Mode): Changed {
  if (edits.length > MAX_EDITS) {
    throw refusal('tooMany', `A PATCH changes at most ${MAX_EDITS} attributes, members aside. Split the request.`)
  }
  const patched = runsOf(edits).reduce((resource, run) => applyRun(resource, run, mode), stored)
  requireAttributes(type, patched)
  const resource = withSchemas(type, patched)
  return { resource, changes: changedAttributes(type, stored, resource) }
}

/** One edit, or several that add to one list, which are applied together so that many cost no more than one long one. */
type Run = readonly [Edit, ...Edit[]]

function runsOf(edits: readonly Edit[]): readonly Run[] {
  const runs: [Edit, ...Edit[]][] = []
  for (const edit of edits) {
    const run = runs.at(-1)
    if (run && isAddToList(edit) && isAddToList(run[0]) && edit.target.attribute === run[0].target.attribute)
      run.push(edit)
    else runs.push([edit])
  }
  return runs
}

function isAddToList({ op, target: { attribute, filter, sub } }: Edit): boolean {
  return op === 'add' && attribute.multiValued && attribute.mutability === 'readWrite' && !filter && !sub
}

function applyRun(resource: Resource, run: Run, mode: Mode): Resource {
  const [edit, second] = run
  if (!second) return placed(edit.place, () => applyEdit(resource, edit, mode))
  return withAttribute(resource, edit.target, addElements(valuesOf(attributeAt(resource, edit.target)), run, mode))
}

function applyEdit(resource: Resource, edit: Edit, mode: Mode): Resource {
  const { target } = edit
  const before = attributeAt(resource, target)
  if (isNotWritten(edit, before)) return resource
  const after = target.attribute.multiValued
    ? editElements(valuesOf(before), edit, mode)
    : editSingle(before, edit, mode)
  if (before !== undefined) refuseImmutableChange(target.attribute, before, after)
  refuseUnassigning(edit, after)
  // A password is checked and thrown away.
  return target.attribute.mutability === 'writeOnly' ? resource : withAttribute(resource, target, after)
}

/**
 * Whether the target is the provider's and the value changes nothing: Okta sends the stored `id` with every change of a
 * group's name.
 *
 * @throws mutability  when it would change something
 */
function isNotWritten({ op, target, value }: Edit, before: Value | undefined): boolean {
  const written = target.sub ?? target.attribute
  // Which schemas a resource has follows from its values; clients repeat the list.
  if (target.attribute === COMMON_ATTRIBUTES.get('schemas')) return true
  if (target.attribute.mutability !== 'readOnly' && written.mutability !== 'readOnly') return false
  if (op !== 'remove' && !target.sub && isRepeated(value, before)) return true
  throw refusal('mutability', `${quoted(written.notation)} is read-only. Leave it out.`)
}

function isRepeated(value: JsonValue | undefined, before: Value | undefined): boolean {
  const isUnassigned = value === null || (isList(value) && value.length === 0)
  return isUnassigned ? before === undefined : isSame(value as Value, before)
}

function editSingle(before: Value | undefined, { op, target, value }: Edit, mode: Mode): Value | undefined {
  const { attribute, sub } = target
  const complex = isAttributes(before) ? before : undefined
  if (sub) {
    const part = op === 'remove' ? undefined : readValue(sub, value ?? null, mode)
    if (part === undefined && op === 'add') return before
    const changed = withEntry(complex, sub.name, part)
    return Object.keys(changed).length > 0 ? changed : undefined
  }
  if (op === 'remove') return undefined
  const read = readValue(attribute, value ?? null, mode)
  if (read === undefined) return op === 'add' ? before : undefined
  return complex && isAttributes(read) ? merged(complex, read) : read
}

/** @throws mutability, or invalidValue when the value itself was empty */
function refuseUnassigning({ op, target }: Edit, after: Value | undefined): void {
  if (!target.attribute.required || (after !== undefined && after !== '')) return
  const why = `${quoted(notationOf(target))} is required and cannot be removed. Replace it by another value.`
  throw refusal(op === 'remove' ? 'mutability' : 'invalidValue', why)
}
