import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql'
import {
  type ConflictStatus,
  getDirectoryConflict,
  getOpenConflictCounts,
  listDirectoryConflicts,
} from '../../modules/directories'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { registerNode } from '../node'
import { directoryOf } from './directory.query'
import { DirectoryType } from './directory.type'
import {
  ConflictStatusEnum,
  DirectoryConflictConnection,
  DirectoryConflictType,
  directoryConflictNode,
} from './directory-conflict.type'

const OPEN: readonly ConflictStatus[] = ['OPEN']

@Resolver(() => DirectoryType)
export class DirectoryConflictsQuery {
  @FieldResolver(() => DirectoryConflictConnection, {
    description: 'Pushed people who match a member and wait for an Admin, oldest first.',
  })
  async conflicts(
    @Root() { row }: DirectoryType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('status', () => [ConflictStatusEnum], {
      nullable: true,
      description: 'Those that stand so; open ones when absent.',
    })
    status: ConflictStatus[] | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryConflictConnection> {
    const asked = { directoryId: row.id, page, status: status ?? OPEN }
    const rows = await context.operation.execute(listDirectoryConflicts, asked)
    return connectionOf(rows, directoryConflictNode)
  }

  @FieldResolver(() => Int, { description: 'How many wait for a decision.' })
  async openConflictCount(@Root() { row }: DirectoryType, @Ctx() context: GraphQLContext): Promise<number> {
    const loader = context.loaders.of<number>('open-directory-conflicts', (operation, directoryIds) =>
      operation.execute(getOpenConflictCounts, { directoryIds }),
    )
    return (await loader.load(row.id)) ?? 0
  }
}

@Resolver(() => DirectoryConflictType)
export class DirectoryConflictFieldsResolver {
  @FieldResolver(() => DirectoryType, { description: 'Which directory pushed the person.' })
  directory(@Root() { row }: DirectoryConflictType, @Ctx() context: GraphQLContext): Promise<DirectoryType> {
    return directoryOf(context, row.directoryId)
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberType, { nullable: true, description: 'The member whom the person matches.' })
  async member(
    @Root() { row }: DirectoryConflictType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => loadMember(context, row.memberId))
  }
}

/** The conflict as the caller sees it. @throws NOT_FOUND, FORBIDDEN */
export async function loadDirectoryConflict(context: GraphQLContext, id: string): Promise<DirectoryConflictType> {
  return directoryConflictNode(await context.operation.execute(getDirectoryConflict, { id }))
}

registerNode('DirectoryConflict', loadDirectoryConflict)
