import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql'
import { notFound } from '../../access'
import {
  type DirectoryRow,
  getDirectories,
  getDirectory,
  getRecentErrors,
  getScimToken,
  getScimTokens,
  listDirectories,
  type ScimTokenRow,
} from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { DirectoryType, directoryNode } from './directory.type'
import { ScimTokenType, scimTokenNode } from './scim-token.type'

@Resolver(() => OrganizationType)
export class OrganizationDirectoriesQuery {
  @Directive('@can(do: "directory.read")')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [DirectoryType], {
    nullable: true,
    description: 'The directories that provision its members, oldest first; 50 at most.',
  })
  async directories(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DirectoryType[] | null> {
    return nullWhenForbidden(context, info, async () => {
      const rows = await context.operation.execute(listDirectories, { organizationId: organization.uuid })
      return rows.map((row) => directoryNode(row, context.publicUrl))
    })
  }
}

@Resolver(() => DirectoryType)
export class DirectoryFieldsResolver {
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [ScimTokenType], { description: 'Its tokens that are not revoked, oldest first.' })
  async tokens(@Root() { row }: DirectoryType, @Ctx() context: GraphQLContext): Promise<ScimTokenType[]> {
    const loader = context.loaders.of<ScimTokenRow[]>('scim-tokens', (operation, directoryIds) =>
      operation.execute(getScimTokens, { directoryIds }),
    )
    return ((await loader.load(row.id)) ?? []).map(scimTokenNode)
  }

  @FieldResolver(() => Int, {
    name: 'errorsLast24h',
    description: 'How many of its requests were refused or failed within 24 hours; counting stops at 10,000.',
  })
  async recentErrors(@Root() { row }: DirectoryType, @Ctx() context: GraphQLContext): Promise<number> {
    const loader = context.loaders.of<number>('scim-errors', (operation, directoryIds) =>
      operation.execute(getRecentErrors, { directoryIds }),
    )
    return (await loader.load(row.id)) ?? 0
  }
}

@Resolver(() => ScimTokenType)
export class ScimTokenFieldsResolver {
  @FieldResolver(() => DirectoryType, { description: 'Whose token it is.' })
  directory(@Root() { row }: ScimTokenType, @Ctx() context: GraphQLContext): Promise<DirectoryType> {
    return directoryOf(context, row.directoryId)
  }
}

/** The directory as the caller sees it. @throws NOT_FOUND, FORBIDDEN */
export async function loadDirectory(
  context: GraphQLContext,
  directoryId: string,
  secret: string | null = null,
): Promise<DirectoryType> {
  return directoryNode(await context.operation.execute(getDirectory, { directoryId }), context.publicUrl, secret)
}

/** The same, in one statement with others asked for at the same time. @throws NOT_FOUND, FORBIDDEN */
export async function directoryOf(context: GraphQLContext, directoryId: string): Promise<DirectoryType> {
  const loader = context.loaders.of<DirectoryRow>('directory', (operation, ids) =>
    operation.execute(getDirectories, { ids }),
  )
  const row = await loader.load(directoryId)
  if (!row) throw notFound('The directory')
  return directoryNode(row, context.publicUrl)
}

registerNode('Directory', loadDirectory)
registerNode('ScimToken', async (context, tokenId) =>
  scimTokenNode(await context.operation.execute(getScimToken, { tokenId })),
)
