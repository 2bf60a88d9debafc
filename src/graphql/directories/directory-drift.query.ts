import type { GraphQLResolveInfo } from 'graphql'
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  Info,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql'
import { type DriftKind, type DriftRow, reportDrift, reportUnmanagedMembers } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { OrganizationType } from '../organizations/organization.type'
import { DirectoryType } from './directory.type'
import { directoryUserOf } from './directory-user.query'
import { DirectoryUserType } from './directory-user.type'

const DriftKindEnum: Record<DriftKind, DriftKind> = {
  STATUS: 'STATUS',
  ROLE: 'ROLE',
  EMAIL: 'EMAIL',
  TEAMS: 'TEAMS',
  REMOVED: 'REMOVED',
}
registerEnumType(DriftKindEnum, {
  name: 'DirectoryDriftKind',
  description: 'In what a member differs from what the directory says.',
  valuesConfig: {
    STATUS: { description: 'Active there and suspended here, or the other way round.' },
    ROLE: { description: 'A rule gives another role than the member has.' },
    EMAIL: { description: 'The address of the member is none that the directory sent.' },
    TEAMS: { description: 'In other teams than the groups say.' },
    REMOVED: { description: 'Removed here and still in the directory.' },
  },
})

@ObjectType({ description: 'A person of a directory whose member is not as it says.' })
export class DirectoryDrift {
  /** The difference as the module knows it. */
  readonly row: DriftRow
  @Field(() => [DriftKindEnum], { description: 'In what they differ.' }) kinds: readonly DriftKind[]
}

@ObjectType({
  description: 'A stretch of a comparison. It may hold few or none, and still go on: read on until endCursor is null.',
})
export class DirectoryDriftStretch {
  // What asks for the stretch says how many; each of them is counted once.
  @Directive('@listSize(assumedSize: 1)')
  @Field(() => [DirectoryDrift], { description: 'Those that differ, by user name.' })
  nodes: DirectoryDrift[]
  @Field(() => String, { nullable: true, description: 'Where to go on; null at the end.' }) endCursor: string | null
}

@ObjectType({
  description: 'A stretch of members that no directory provides: read on until endCursor is null.',
})
export class UnmanagedMemberStretch {
  /** UUIDs. */
  readonly memberIds: readonly string[]
  @Field(() => String, { nullable: true, description: 'Where to go on; null at the end.' }) endCursor: string | null
}

@Resolver(() => DirectoryType)
export class DirectoryDriftQuery {
  @FieldResolver(() => DirectoryDriftStretch, {
    description: 'Where members are not as the directory says; 20,000 people are compared at a time.',
  })
  async drift(
    @Root() { row }: DirectoryType,
    @Arg('first', () => Int, { defaultValue: 25, description: '1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Continue after this cursor.' }) after: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryDriftStretch> {
    const { rows, endCursor } = await context.operation.execute(reportDrift, {
      directoryId: row.id,
      page: { first, after },
    })
    return { nodes: rows.map((found) => ({ row: found, kinds: found.kinds })), endCursor }
  }
}

@Resolver(() => DirectoryDrift)
export class DirectoryDriftFields {
  @FieldResolver(() => DirectoryUserType, { nullable: true, description: 'What the directory says.' })
  directoryUser(@Root() { row }: DirectoryDrift, @Ctx() context: GraphQLContext): Promise<DirectoryUserType | null> {
    return directoryUserOf(context, row.userId)
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'What stands here; null without member.read.' })
  async member(
    @Root() { row }: DirectoryDrift,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => loadMember(context, row.memberId))
  }
}

@Resolver(() => OrganizationType)
export class UnmanagedMembersQuery {
  @Directive('@can(do: "directory.read")')
  @FieldResolver(() => UnmanagedMemberStretch, {
    nullable: true,
    description: 'Members that no directory provides; 20,000 members are looked at at a time.',
  })
  async unmanagedMembers(
    @Root() _organization: OrganizationType,
    @Arg('first', () => Int, { defaultValue: 25, description: '1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Continue after this cursor.' }) after: string | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UnmanagedMemberStretch | null> {
    return nullWhenForbidden(context, info, async () => {
      const { rows, endCursor } = await context.operation.execute(reportUnmanagedMembers, { page: { first, after } })
      return { memberIds: rows, endCursor }
    })
  }
}

@Resolver(() => UnmanagedMemberStretch)
export class UnmanagedMemberStretchFields {
  @Directive('@listSize(assumedSize: 1)')
  @FieldResolver(() => [MemberType], { description: 'The members, those who came first first.' })
  nodes(@Root() { memberIds }: UnmanagedMemberStretch, @Ctx() context: GraphQLContext): Promise<MemberType[]> {
    return Promise.all(memberIds.map((id) => loadMember(context, id)))
  }
}
