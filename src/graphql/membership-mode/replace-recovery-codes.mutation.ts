import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { replaceRecoveryCodes } from '../../modules/recovery-codes'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { IssuedRecoveryCodes, issuedCodes } from './membership-mode-switch.type'

@ObjectType({ implements: Payload, description: 'The new codes.' })
export class RecoveryCodesPayload extends Payload {
  @Field(() => IssuedRecoveryCodes, { nullable: true, description: 'The new codes, shown once.' })
  recoveryCodes?: IssuedRecoveryCodes | null
}

@Resolver()
export class ReplaceRecoveryCodesMutation {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @Mutation(() => RecoveryCodesPayload, {
    nullable: true,
    description:
      'Gives an Admin ten new recovery codes, and so another way in while members come by SSO; older ones are dead. All Admins get a mail.',
  })
  async replaceRecoveryCodes(
    @Arg('memberId', () => ID, { description: 'A joined Admin with an account of their own.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<RecoveryCodesPayload> {
    return payload(async () => {
      const memberId = readId('Member', id, ['memberId'])
      return { recoveryCodes: issuedCodes(await context.operation.execute(replaceRecoveryCodes, { memberId })) }
    })
  }
}
