import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql'

/**
 * The names of the fields asked for below the current field, through fragments as well. Directives are not looked
 * at: what `@skip` leaves out may be named, so this decides what to read ahead and never what to answer.
 *
 * @param below  the child field whose own fields are meant; the fields of the current one when absent
 */
export function selectedFields(info: GraphQLResolveInfo, below?: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of info.fieldNodes) collect(node.selectionSet, info, names, below)
  return names
}

function collect(
  selection: SelectionSetNode | undefined,
  info: GraphQLResolveInfo,
  names: Set<string>,
  below?: string,
): void {
  for (const node of selection?.selections ?? []) {
    if (node.kind === 'InlineFragment') collect(node.selectionSet, info, names, below)
    else if (node.kind === 'FragmentSpread') collect(info.fragments[node.name.value]?.selectionSet, info, names, below)
    else if (below === undefined) names.add(node.name.value)
    else if (node.name.value === below) collect(node.selectionSet, info, names)
  }
}
