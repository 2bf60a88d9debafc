import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import {
  countDirectoryUsers,
  countUserGroups,
  type DirectoryUserRow,
  getDirectoryUser,
  getDirectoryUsers,
  getDirectoryUsersOfMembers,
  listDirectoryUsers,
  listUserGroups,
} from '../../modules/directories'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { nestedPage } from '../nested-page'
import { registerNode } from '../node'
import { directoryOf } from './directory.query'
import { DirectoryType } from './directory.type'
import { DirectoryGroupConnection, directoryGroupNode } from './directory-group.type'
import { DirectoryUserConnection, DirectoryUserType, directoryUserNode } from './directory-user.type'

@Resolver(() => DirectoryType)
export class DirectoryUsersQuery {
  @FieldResolver(() => DirectoryUserConnection, { description: 'The people it holds, by user name.' })
  async users(
    @Root() { row }: DirectoryType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('search', () => String, {
      nullable: true,
      description: 'How the user name begins, or a whole address or external id.',
    })
    search: string | null,
    @Arg('active', () => Boolean, { nullable: true, description: 'Only those, or only the others.' })
    active: boolean | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryUserConnection> {
    const asked = { directoryId: row.id, search: search ?? null, active: active ?? null }
    const users = await context.operation.execute(listDirectoryUsers, { ...asked, page })
    const count = () => context.operation.execute(countDirectoryUsers, asked)
    return Object.assign(new DirectoryUserConnection(), connectionOf(users, directoryUserNode), { count })
  }
}

@Resolver(() => DirectoryUserType)
export class DirectoryUserFieldsResolver {
  @FieldResolver(() => DirectoryType, { description: 'Where it comes from.' })
  directory(@Root() { row }: DirectoryUserType, @Ctx() context: GraphQLContext): Promise<DirectoryType> {
    return directoryOf(context, row.directoryId)
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberType, { nullable: true, description: 'The member that it provides.' })
  async member(
    @Root() { row }: DirectoryUserType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => loadMember(context, row.memberId))
  }

  @FieldResolver(() => DirectoryGroupConnection, {
    description: 'The groups that name the person, by name; those above them are not listed.',
  })
  async groups(
    @Root() { row }: DirectoryUserType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryGroupConnection> {
    const { rows, count } = await nestedPage(context, row.id, page, listUserGroups, countUserGroups)
    return Object.assign(new DirectoryGroupConnection(), connectionOf(rows, directoryGroupNode), { count })
  }
}

@Resolver(() => MemberType)
export class MemberDirectoryUserQuery {
  @Directive('@can(do: "directory.read")')
  @FieldResolver(() => DirectoryUserType, {
    nullable: true,
    description: 'What a directory says of the member; null when none provides it.',
  })
  async directoryUser(
    @Root() { uuid }: MemberType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DirectoryUserType | null> {
    return nullWhenForbidden(context, info, async () => {
      const loader = context.loaders.of<DirectoryUserRow>('directory-user-of-member', (operation, memberIds) =>
        operation.execute(getDirectoryUsersOfMembers, { memberIds }),
      )
      const row = await loader.load(uuid)
      return row && directoryUserNode(row)
    })
  }
}

/** The person with others asked for at the same time; null when it is gone. */
export async function directoryUserOf(context: GraphQLContext, id: string): Promise<DirectoryUserType | null> {
  const loader = context.loaders.of<DirectoryUserRow>('directory-user', (operation, ids) =>
    operation.execute(getDirectoryUsers, { ids }),
  )
  const row = await loader.load(id)
  return row && directoryUserNode(row)
}

registerNode('DirectoryUser', async (context, id) =>
  directoryUserNode(await context.operation.execute(getDirectoryUser, { id })),
)
