import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { ProjectType } from './project.type'

@ObjectType({ implements: Payload, description: 'The project as it is after the change.' })
export class ProjectPayload extends Payload {
  @Field(() => ProjectType, { nullable: true, description: 'The project; null when nothing changed.' })
  project?: ProjectType | null
}
