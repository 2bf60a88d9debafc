import { Field, ID, InterfaceType } from 'type-graphql'
import { type IdType, parseTypeId } from '../kernel/ids'
import type { GraphQLContext } from './context'
import { nullWhenNotFound } from './guard'

@InterfaceType({
  description:
    "Anything with a global id. Ids are opaque to clients, typed and stable: TypeID form, a prefix, '_' and a UUIDv7 in base32.",
  resolveType: (node: Node) => node.typeName,
})
export abstract class Node {
  readonly typeName: IdType | 'OidcProvider' | 'SamlProvider'
  @Field(() => ID, { description: 'Global id, e.g. org_01h455vb4pex5vsknk084sn02q.' }) id: string
}

/** Loads one object by UUID as the caller sees it. @throws NOT_FOUND */
export type NodeLoader = (context: GraphQLContext, uuid: string) => Promise<Node>

const loaders = new Map<IdType, NodeLoader>()

/** Makes the objects of a type reachable through `node(id)`; each noun registers its own. */
export function registerNode(type: IdType, loader: NodeLoader): void {
  loaders.set(type, loader)
}

/** Any object by its global id; null when it does not exist, cannot be seen, or is of a type that is not reachable by id. */
export async function loadNode(context: GraphQLContext, id: string): Promise<Node | null> {
  const parsed = parseTypeId(id)
  const loader = parsed && loaders.get(parsed.type)
  return loader ? nullWhenNotFound(() => loader(context, parsed.uuid)) : null
}
