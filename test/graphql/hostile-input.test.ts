import fc from 'fast-check'
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql'
import { buildGraphQLSchema } from '../../src/graphql/schema'
import { ID_PREFIXES, type IdType, newId, toTypeId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { GraphQLClient } from '../support/graphql-client'
import { ENDING, type Operation, operationsOf, permissionOf, Targets, variablesOf } from '../support/operations'
import { rounds } from '../support/soak'
import { found, type TestOrganization } from '../support/world'

/*
 * Every argument of the schema is given what nobody means well: the answer may be anything but INTERNAL. New operations
 * take part by themselves, with the arguments of test/support/operations.ts as the ones that are spoilt one by one.
 * `npm run soak` makes up many more values than the ones that are written down here.
 */

const TEXTS = ['', ' ', '\0', 'a\0b', '\ud800', '\u202egnp.exe', "'; --", '%_\\', 'x'.repeat(200_000)]
const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  String: [...TEXTS, 7, {}],
  ID: [
    ...TEXTS,
    toTypeId('Organization', newId()),
    toTypeId('AuditEvent', newId()),
    'org_7zzzzzzzzzzzzzzzzzzzzzzzzz',
    7,
  ],
  Int: [0, -1, 2_147_483_647, -2_147_483_648, 2 ** 53, 1.5, 'x'],
  Boolean: ['x', 1],
  DateTime: [
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-02-31T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '\0',
    7,
  ],
}

const MADE_UP_VALUES = rounds(3, 100)
/** Requests at once: fewer than would wait for a connection until they are given up. */
const AT_ONCE = 20
const ID_TYPES = Object.keys(ID_PREFIXES) as IdType[]
const ANY_TEXT = fc.string({ unit: 'binary', maxLength: 400 })
const MADE_UP: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Int: fc.oneof(fc.integer(), fc.double()),
  ID: fc.tuple(fc.constantFrom(...ID_TYPES), fc.uuid()).map(([type, id]) => toTypeId(type, id)),
  DateTime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
}

/** What a scalar is given: what experience says, and what nobody thought of. */
function hostileValues(type: string): unknown[] {
  const madeUp = fc.sample(fc.oneof(ANY_TEXT, MADE_UP[type] ?? ANY_TEXT), MADE_UP_VALUES)
  return [...(HOSTILE[type] ?? TEXTS), ...madeUp]
}

type Path = readonly (string | number)[]

/** Every scalar below an argument, optional ones included; lists are looked at by their first item. */
function leavesOf(input: GraphQLInputType, path: Path, depth = 0): { path: Path; type: string }[] {
  const type = getNullableType(input)
  if (isListType(type)) return leavesOf(type.ofType, [...path, 0], depth)
  if (isEnumType(type)) return [{ path, type: 'String' }]
  if (!isInputObjectType(type)) return [{ path, type: type.name }]
  if (depth === 4) return []
  return Object.values(type.getFields()).flatMap((field) => leavesOf(field.type, [...path, field.name], depth + 1))
}

/** The variables with one value replaced; objects on the way are made with what they require. */
function spoil(
  operation: Operation,
  variables: Record<string, unknown>,
  path: Path,
  value: unknown,
): Record<string, unknown> {
  const spoilt = structuredClone(variables)
  const [name, ...rest] = path
  const { type } = operation.field.args.find((argument) => argument.name === name)!
  spoilt[String(name)] = replaced(type, spoilt[String(name)], rest, value)
  return spoilt
}

function replaced(input: GraphQLInputType, current: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const type = getNullableType(input)
  if (isListType(type)) return [replaced(type.ofType, Array.isArray(current) ? current[0] : undefined, rest, value)]
  if (!isInputObjectType(type)) throw new Error('A path leads through a scalar')
  const field = type.getFields()[String(key)]!
  const known = (current ?? sample(type)) as Record<string, unknown>
  const inside = replaced(field.type, known[String(key)], rest, value)
  return type.isOneOf ? { [String(key)]: inside } : { ...known, [String(key)]: inside }
}

function sample(input: GraphQLInputType): unknown {
  const type = isNonNullType(input) ? getNullableType(input) : input
  if (isListType(type)) return [sample(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (!isInputObjectType(type)) return type.toString() === 'Int' ? 1 : type.toString() === 'Boolean' ? true : 'sample'
  const required = Object.values(type.getFields()).filter(isRequiredInputField)
  return Object.fromEntries(required.map((field) => [field.name, sample(field.type)]))
}

describe('hostile input', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let targets: Targets

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    await renew()
  })
  afterAll(() => gatehouse.close())

  async function renew(): Promise<void> {
    acme = await found(gatehouse)
    targets = new Targets(gatehouse, acme, 'Target')
  }

  function clientFor({ kind, field }: Operation): GraphQLClient {
    const permission = permissionOf(field)
    if (permission === 'operator') return gatehouse.operator
    return kind === 'mutation' && permission === null ? acme.admin.account : acme.admin.organization
  }

  async function failureOf(operation: Operation, variables: Record<string, unknown>): Promise<string | null> {
    const answer = await clientFor(operation).send(operation.document, variables)
    const text = JSON.stringify([answer.data, answer.errors])
    const isFine = answer.status < 500 && !/"code":"(?:INTERNAL|UNAVAILABLE)"/.test(text)
    return isFine ? null : `${JSON.stringify(variables).slice(0, 300)} -> ${answer.status} ${text.slice(0, 300)}`
  }

  async function failuresOf(operation: Operation, all: Record<string, unknown>[]): Promise<string[]> {
    const failures: (string | null)[] = []
    for (let begun = 0; begun < all.length; begun += AT_ONCE) {
      const batch = all.slice(begun, begun + AT_ONCE)
      failures.push(...(await Promise.all(batch.map((variables) => failureOf(operation, variables)))))
    }
    return failures.filter((failure) => failure !== null)
  }

  for (const operation of operationsOf(buildGraphQLSchema()))
    if (operation.field.args.length > 0)
      it(`is refused politely by ${operation.name}`, async () => {
        for (const argument of operation.field.args)
          for (const { path, type } of leavesOf(argument.type, [argument.name])) {
            if (ENDING.has(operation.name)) await renew()
            const variables = await variablesOf(operation, targets)
            const spoilt = hostileValues(type).map((value) => spoil(operation, variables, path, value))
            expect([path.join('.'), await failuresOf(operation, spoilt)]).toEqual([path.join('.'), []])
          }
      })

  for (const operation of operationsOf(buildGraphQLSchema()))
    if (operation.field.args.some(({ name }) => name === 'after'))
      it(`is refused politely inside a cursor of ${operation.name}`, async () => {
        for (let i = 0; i < 2; i += 1) await targets.invitation()
        const variables = await variablesOf(operation, targets)
        const { data } = await clientFor(operation).send(operation.document, { ...variables, first: 1 })
        const page = operation.path.reduce((inside, key) => inside[key], data)
        // A list that is walked one way only has no more than an end.
        const genuine: string | null = page.pageInfo ? page.pageInfo.startCursor : page.endCursor
        if (genuine === null) return
        const values = JSON.parse(Buffer.from(genuine, 'base64url').toString()) as string[]
        const forged = values.flatMap((_, index) =>
          ['\0', '', 'x', '99999-01-01', '-infinity', '1e400', '\ud800', 'x'.repeat(9_000)].map((value) =>
            values.with(index, value),
          ),
        )
        const cursors = [values.slice(0, -1), [...values, 'x'], [], ...forged].map((parts) =>
          Buffer.from(JSON.stringify(parts)).toString('base64url'),
        )
        const all = [...cursors, 'x', '\0', genuine].flatMap((cursor) => [
          { ...variables, first: 1, after: cursor },
          { ...variables, first: undefined, last: 1, before: cursor },
        ])
        expect(await failuresOf(operation, all)).toEqual([])
      })
})
