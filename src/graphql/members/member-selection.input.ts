import { Directive, Field, ID, InputType, Int, registerEnumType } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { fromTypeId } from '../../kernel/ids'
import type { MemberSelection } from '../../modules/members'
import { MemberFilterInput, readMemberFilter } from './member-filter.input'

const ErrorPolicyEnum = { SKIP_FAILED: 'SKIP_FAILED', ABORT_ALL: 'ABORT_ALL' } as const

/** What happens to the others when one fails, for schema and types. */
export const ErrorPolicyType = ErrorPolicyEnum
export type ErrorPolicy = keyof typeof ErrorPolicyEnum

registerEnumType(ErrorPolicyEnum, {
  name: 'ErrorPolicy',
  description: 'What happens to the others when one of many fails.',
  valuesConfig: {
    SKIP_FAILED: { description: 'They are changed; the one that failed says why.' },
    ABORT_ALL: { description: 'Nothing is changed.' },
  },
})

@InputType('MemberMatch', { description: 'Everybody who matches a filter: at most 1,000 members.' })
export class MemberMatchInput {
  @Field(() => MemberFilterInput, { description: 'Who.' }) filter: MemberFilterInput
  @Field(() => [ID], { nullable: true, description: 'But not these.' }) excludeIds?: string[] | null
  @Field(() => Int, {
    description: 'How many the person has confirmed, after exclusions; COUNT_MISMATCH when it is another number.',
  })
  expectedCount: number
}

@Directive('@oneOf')
@InputType('MemberSelection', { description: 'Which members a change is for.' })
export class MemberSelectionInput {
  @Field(() => [ID], { nullable: true, description: 'These, at most 1,000.' }) ids?: string[]
  @Field(() => MemberMatchInput, { nullable: true, description: 'Everybody who matches.' }) matching?: MemberMatchInput
}

/**
 * The selection as the use cases take it. Malformed ids fail one by one, as those of unknown members do.
 * @throws NOT_FOUND  for an id inside the filter that names no role or project
 */
export function readMemberSelection({ ids, matching }: MemberSelectionInput): MemberSelection {
  if (ids) return { ids: ids.map((id) => fromTypeId('Member', id)) }
  if (!matching) throw new AppError('REQUIRED', 'Say which members.', { path: ['members'] })
  return {
    matching: {
      filter: readMemberFilter(matching.filter),
      excludeIds: (matching.excludeIds ?? []).flatMap((id) => fromTypeId('Member', id) ?? []),
      expectedCount: matching.expectedCount,
    },
  }
}
