import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import type { SelectionResult } from '../../modules/invitations'
import { readId } from '../id'
import { Payload } from '../payload.type'
import { InvitationType, invitationNode } from './invitation.type'

const SelectionOutcomeEnum = {
  DONE: 'DONE',
  NOT_FOUND: 'NOT_FOUND',
  WRONG_STATE: 'WRONG_STATE',
  FORBIDDEN: 'FORBIDDEN',
} as const satisfies Record<SelectionResult['outcome'], string>
registerEnumType(SelectionOutcomeEnum, {
  name: 'InvitationSelectionOutcome',
  description: 'What became of one of the selected invitations.',
  valuesConfig: {
    DONE: { description: 'It was done.' },
    NOT_FOUND: { description: 'The organization has no such invitation.' },
    WRONG_STATE: { description: 'It was accepted, declined or revoked before; its status says which.' },
    FORBIDDEN: { description: 'It offers a role that allows more than the caller may do.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'What became of one of the selected invitations.' })
export class InvitationSelectionResult {
  @Field(() => ID, { description: 'The id as it was asked for.' }) id: string
  @Field(() => SelectionOutcomeEnum, { description: 'Decide on this.' }) outcome: SelectionResult['outcome']
  @Field(() => InvitationType, { nullable: true, description: 'As it is now; null when it does not exist.' })
  invitation: InvitationType | null
}

@ObjectType({ implements: Payload, description: 'What became of each selected invitation.' })
export class InvitationSelectionPayload extends Payload {
  @Field(() => [InvitationSelectionResult], {
    nullable: true,
    description: 'One per id, in the order of the input; null when the call as a whole failed.',
  })
  results?: InvitationSelectionResult[] | null
}

/** The UUIDs of selected invitations. @throws NOT_FOUND  an id is malformed */
export function readInvitationIds(ids: readonly string[]): string[] {
  return ids.map((id, index) => readId('Invitation', id, ['ids', String(index)]))
}

/** The GraphQL object of a result. */
export function selectionResult({ id, outcome, invitation }: SelectionResult): InvitationSelectionResult {
  return { id: toTypeId('Invitation', id), outcome, invitation: invitation && invitationNode(invitation) }
}
