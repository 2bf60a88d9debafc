import { Arg, Ctx, Directive, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import { rotateSigningKey } from '../../modules/tokens'
import type { GraphQLContext } from '../context'
import { Payload, payload } from '../payload.type'
import { SigningKeyType } from './signing-key.type'

@InputType({ description: 'How the keys are to change.' })
export class RotateSigningKeyInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Somebody may know the keys: all of them are replaced at once, and living access tokens are refused by whoever reads the key set anew.',
  })
  compromised: boolean
}

@ObjectType({ implements: Payload, description: 'The keys after a rotation.' })
export class RotateSigningKeyPayload extends Payload {
  @Field(() => [SigningKeyType], { nullable: true, description: 'The active one first.' })
  signingKeys?: readonly SigningKeyType[] | null
}

@Resolver()
export class RotateSigningKeyMutation {
  @Directive('@can(do: "operator")')
  @Mutation(() => RotateSigningKeyPayload, {
    nullable: true,
    description:
      'Lets the next key sign access tokens now, instead of 30 days after the last change. What the old one signed stays valid until it ends.',
  })
  async rotateSigningKey(
    @Arg('input', () => RotateSigningKeyInput, { description: 'How.' }) { compromised }: RotateSigningKeyInput,
    @Ctx() { operation }: GraphQLContext,
  ): Promise<RotateSigningKeyPayload> {
    return payload(async () => ({ signingKeys: await operation.execute(rotateSigningKey, { compromised }) }))
  }
}
