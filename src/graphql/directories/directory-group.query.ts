import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import {
  countDirectoryGroups,
  countGroupUsers,
  type DirectoryGroupRow,
  getDirectoryGroup,
  getDirectoryGroups,
  listDirectoryGroups,
  listGroupUsers,
} from '../../modules/directories'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { nestedPage } from '../nested-page'
import { registerNode } from '../node'
import { teamLoader } from '../teams/team.query'
import { TeamType, teamNode } from '../teams/team.type'
import { directoryOf } from './directory.query'
import { DirectoryType } from './directory.type'
import { DirectoryGroupConnection, DirectoryGroupType, directoryGroupNode } from './directory-group.type'
import { DirectoryUserConnection, directoryUserNode } from './directory-user.type'

@Resolver(() => DirectoryType)
export class DirectoryGroupsQuery {
  @FieldResolver(() => DirectoryGroupConnection, { description: 'The groups it holds, by name.' })
  async groups(
    @Root() { row }: DirectoryType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('search', () => String, { nullable: true, description: 'Part of the name.' }) search: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryGroupConnection> {
    const asked = { directoryId: row.id, search: search ?? null }
    const groups = await context.operation.execute(listDirectoryGroups, { ...asked, page })
    const count = () => context.operation.execute(countDirectoryGroups, asked)
    return Object.assign(new DirectoryGroupConnection(), connectionOf(groups, directoryGroupNode), { count })
  }
}

@Resolver(() => DirectoryGroupType)
export class DirectoryGroupFieldsResolver {
  @FieldResolver(() => DirectoryType, { description: 'Where it comes from.' })
  directory(@Root() { row }: DirectoryGroupType, @Ctx() context: GraphQLContext): Promise<DirectoryType> {
    return directoryOf(context, row.directoryId)
  }

  @Directive('@can(do: "team.read")')
  @FieldResolver(() => TeamType, {
    nullable: true,
    description: 'The team that mirrors it: everybody in it and in the groups below it.',
  })
  async team(
    @Root() { row }: DirectoryGroupType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamType | null> {
    return nullWhenForbidden(context, info, async () => {
      const team = await teamLoader(context).load(row.teamId)
      return team && teamNode(team)
    })
  }

  @FieldResolver(() => DirectoryUserConnection, {
    description: 'The people whom it names itself, by user name; those of groups below are not listed.',
  })
  async users(
    @Root() { row }: DirectoryGroupType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryUserConnection> {
    const { rows, count } = await nestedPage(context, row.id, page, listGroupUsers, countGroupUsers)
    return Object.assign(new DirectoryUserConnection(), connectionOf(rows, directoryUserNode), { count })
  }
}

/** The group with others asked for at the same time; null when it is gone. */
export async function directoryGroupOf(context: GraphQLContext, id: string): Promise<DirectoryGroupType | null> {
  const loader = context.loaders.of<DirectoryGroupRow>('directory-group', (operation, ids) =>
    operation.execute(getDirectoryGroups, { ids }),
  )
  const row = await loader.load(id)
  return row && directoryGroupNode(row)
}

registerNode('DirectoryGroup', async (context, id) =>
  directoryGroupNode(await context.operation.execute(getDirectoryGroup, { id })),
)
