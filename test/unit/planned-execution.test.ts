import { buildSchema, execute, type GraphQLSchema, getVariableValues, isInterfaceType, parse, validate } from 'graphql'
import { executePlan } from '../../src/graphql/execution/execute-plan'
import { planOperation } from '../../src/graphql/execution/plan'

const SCHEMA = buildSchema(`
  type Query {
    person(name: String = "Ada"): Person
    people(first: Int!): [Person!]
    animals: [Animal]
    strictAnimals: [Animal!]!
    broken: String
    late: String
  }
  type Mutation { note(word: String!): [String!]! }
  interface Animal { name: String! }
  type Cat implements Animal { name: String! lives: Int }
  type Dog implements Animal { name: String! owner: Person! }
  type Person {
    name: String!
    mood: Mood
    friend: Person
    bestFriend: Person!
    shout(suffix: String): String
    refuses: String!
    lateRefuses: String!
    numbers: [Int!]
    nickname: String
  }
  enum Mood { GLAD SAD }
`)

class Person {
  constructor(
    readonly name: string,
    readonly friend: Person | null = null,
    readonly numbers: unknown = [1, 2, 3],
  ) {}
  mood: unknown = 'GLAD'
  get bestFriend(): Person | null {
    return this.friend
  }
  nickname(): Promise<string> {
    return Promise.resolve(`${this.name}y`)
  }
}

const ada = new Person('Ada', new Person('Ben', null, [1, 'two', 3]), 5)
ada.mood = 'FURIOUS'

function withResolvers(schema: GraphQLSchema): GraphQLSchema {
  const fields = (type: string) =>
    (schema.getType(type) as never as { getFields(): Record<string, object> }).getFields()
  const resolve = (type: string, name: string, resolver: unknown) =>
    Object.assign(fields(type)[name]!, { resolve: resolver })
  const refuse = (): never => {
    throw new Error('No.')
  }
  resolve('Query', 'person', (_: unknown, { name }: { name: string }) => (name === 'Ada' ? ada : new Person(name)))
  resolve('Query', 'people', async (_: unknown, { first }: { first: number }) =>
    [ada, new Person('Cleo')].slice(0, first),
  )
  const animals = () => [
    { name: 'Tom', lives: Promise.resolve(7) },
    null,
    { name: 'Rex', owner: null },
    new Error('Bit.'),
  ]
  resolve('Query', 'animals', animals)
  resolve('Query', 'strictAnimals', animals)
  resolve('Query', 'broken', () => new Error('Broken.'))
  resolve('Query', 'late', async () => refuse())
  resolve(
    'Person',
    'shout',
    ({ name }: Person, { suffix }: { suffix?: string }, context: string, info: { path: object }) =>
      JSON.stringify([name, suffix, context, info.path]),
  )
  resolve('Person', 'refuses', refuse)
  resolve('Person', 'lateRefuses', async () => refuse())
  resolve('Mutation', 'note', async (_: unknown, { word }: { word: string }, context: string[]) => {
    await Promise.resolve()
    context.push(word)
    if (word === 'stop') throw new Error('Stopped.')
    return [...context]
  })
  for (const type of Object.values(schema.getTypeMap()))
    if (isInterfaceType(type)) type.resolveType = async (value: object) => ('lives' in value ? 'Cat' : 'Dog')
  return schema
}

const schema = withResolvers(SCHEMA)

const OPERATIONS: Record<string, [document: string, variables?: Record<string, unknown>]> = {
  'properties, methods, enums and promises': ['{ person(name: "Eva") { name mood nickname numbers friend { name } } }'],
  'arguments, defaults and variables': [
    'query ($s: String, $n: String) { a: person(name: $n) { shout(suffix: $s) } b: person { name shout } }',
    { s: '!', n: 'Fay' },
  ],
  'a variable that is not sent': ['query ($n: String) { person(name: $n) { name } }'],
  'lists and what is wrong in them': ['{ people(first: 2) { name numbers friend { numbers name } } }'],
  'an enum value that does not exist': ['{ person { name mood } }'],
  'null for what may not be null, up to where it may': ['{ people(first: 2) { name bestFriend { name } } }'],
  'errors of resolvers, at once and later': ['{ broken late person { name friend { refuses } } }'],
  'an error beside fields that are on their way': ['{ person { nickname lateRefuses refuses } late }'],
  'errors of siblings below one null': ['{ person { friend { lateRefuses bestFriend { lateRefuses } } } }'],
  'interfaces, in lists that may hold null': [
    '{ animals { __typename name ... on Cat { lives } ... on Dog { owner { name } } } }',
  ],
  'interfaces, in lists that may not': ['{ strictAnimals { name } }'],
  'fragments, merged selections and aliases': [
    `query { person { ...Names friend { name } me: __typename ...Names } person { friend { again: name ...Deep } } }
     fragment Names on Person { name ...Deep } fragment Deep on Person { nickname }`,
  ],
  'mutations, one after the other': ['mutation { a: note(word: "one") b: note(word: "two") }'],
  'a mutation that fails ends the ones after it': [
    'mutation { a: note(word: "one") b: note(word: "stop") c: note(word: "two") }',
  ],
}

describe('Operations executed by their plan', () => {
  for (const [what, [text, inputs = {}]] of Object.entries(OPERATIONS))
    it(`answer like graphql-js: ${what}`, async () => {
      const document = parse(text)
      expect(validate(schema, document)).toEqual([])
      const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition')!
      const plan = planOperation(schema, document, operation)!
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs)
      const expected = await execute({ schema, document, variableValues: inputs, contextValue: [] })
      for (let time = 0; time < 2; time += 1) {
        const actual = await executePlan(plan, [], coerced!)
        expect(JSON.parse(JSON.stringify(actual))).toEqual(JSON.parse(JSON.stringify(expected)))
        expect(Object.keys(actual.data ?? {})).toEqual(Object.keys(expected.data ?? {}))
      }
    })

  for (const text of [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Cat") { name } }',
    'query ($yes: Boolean!) { person @include(if: $yes) { name } }',
    '{ person { ...N } } fragment N on Person { name @skip(if: false) }',
    '{ __proto__: broken }',
  ])
    it(`leave to graphql-js: ${text}`, () => {
      const document = parse(text)
      const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition')!
      expect(planOperation(schema, document, operation)).toBeNull()
    })
})
