import { ArgsType, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { CountResult, ListPage, PageArguments } from '../kernel/page'

/** Paging arguments of every list, checked by `readPage` in the use case (Relay Cursor Connections §4). */
@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, { nullable: true, description: 'Page forwards: 1 to 100 items; 25 when nothing is said.' })
  first?: number | null
  @Field(() => String, { nullable: true, description: 'Continue after this cursor.' }) after?: string | null
  @Field(() => Int, { nullable: true, description: 'Page backwards: 1 to 100 items.' }) last?: number | null
  @Field(() => String, { nullable: true, description: 'Continue before this cursor.' }) before?: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Where a page stands in its list (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether the list goes on after this page.' }) hasNextPage: boolean
  @Field(() => Boolean, { description: 'Whether there is something before this page.' }) hasPreviousPage: boolean
  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  startCursor: string | null
  @Field(() => String, { nullable: true, description: 'Cursor of the last item; null on an empty page.' })
  endCursor: string | null
}

const CountRelationEnum = { EXACT: 'EXACT', AT_LEAST: 'AT_LEAST' } as const
registerEnumType(CountRelationEnum, {
  name: 'CountRelation',
  description: 'How a count relates to the true number.',
  valuesConfig: {
    EXACT: { description: 'The number itself.' },
    AT_LEAST: { description: 'At least this many: counting stopped at the cap of 10,000.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A count that is allowed to give up. Computed only when selected.' })
export class Count implements CountResult {
  @Field(() => Int, { description: 'The number counted.' }) value: number
  @Field(() => CountRelationEnum, { description: 'Whether it is the true number.' }) relation: CountResult['relation']
}

export const OrderDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const
export type OrderDirection = keyof typeof OrderDirectionEnum
registerEnumType(OrderDirectionEnum, {
  name: 'OrderDirection',
  description: 'Which way a list is sorted.',
  valuesConfig: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
})

/** The GraphQL face of one page: edges, nodes and pageInfo. */
export function connectionOf<Row, NodeType>(page: ListPage<Row>, toNode: (row: Row) => NodeType) {
  const { rows, hasNextPage, hasPreviousPage } = page
  const nodes = rows.map(toNode)
  const cursorAt = (index: number): string | null => (rows[index] ? page.cursorOf(rows[index]) : null)
  // Cursors are made when they are selected: most pages are asked for their nodes and one cursor.
  return {
    nodes,
    get edges() {
      return nodes.map((node, index) => ({ node, cursor: page.cursorOf(rows[index]!) }))
    },
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      get startCursor() {
        return cursorAt(0)
      },
      get endCursor() {
        return cursorAt(rows.length - 1)
      },
    },
  }
}
