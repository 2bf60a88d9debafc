import { Field, ObjectType } from 'type-graphql'

@ObjectType({
  simpleResolvers: true,
  description: 'A value that is copied to another console, e.g. a DNS record or an ACS URL.',
})
export class CopyableValue {
  @Field(() => String, { description: 'Stable name of the value, e.g. acsUrl.' }) key: string
  @Field(() => String, { description: 'What it is called where it is pasted.' }) label: string
  @Field(() => String, { description: 'The value, to the letter.' }) value: string
  @Field(() => String, { nullable: true, description: 'What to know about it.' }) help: string | null
}
