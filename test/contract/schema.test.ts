import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { declaredUseCases, PERMISSIONS } from '../../src/access'
import { buildGraphQLSchema, printGraphQLSchema } from '../../src/graphql/schema'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { permissionOf } from '../support/operations'
import { found } from '../support/world'

const ROOT = join(__dirname, '../..')
const schema = buildGraphQLSchema()
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
const mutations = Object.values(schema.getMutationType()!.getFields())
const filesBelow = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
const kebab = (word: string) => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function undescribed(type: GraphQLNamedType): string[] {
  // The two roots are named by the specification itself.
  const isRoot = type === schema.getQueryType() || type === schema.getMutationType()
  const missing = type.description || isRoot || isSpecifiedScalarType(type) ? [] : [type.name]
  if (isEnumType(type))
    missing.push(
      ...type
        .getValues()
        .filter(({ description }) => !description)
        .map(({ name }) => `${type.name}.${name}`),
    )
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return missing
  for (const field of Object.values(type.getFields())) {
    if (!field.description) missing.push(`${type.name}.${field.name}`)
    for (const argument of 'args' in field ? field.args : [])
      if (!argument.description) missing.push(`${type.name}.${field.name}(${argument.name})`)
  }
  return missing
}

describe('schema.graphql', () => {
  it('is what the code makes: run `npm run schema` and commit it', () => {
    expect(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')).toBe(printGraphQLSchema())
  })

  it('describes every type, field, argument and value', () => {
    expect(types.flatMap(undescribed)).toEqual([])
  })

  it('knows the directives of the specification', () => {
    expect(schema.getDirectives().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf', 'can', 'listSize']),
    )
  })

  it('answers every mutation with a payload that is nullable and implements Payload', () => {
    for (const { name, type } of mutations) {
      const interfaces = isObjectType(type) ? type.getInterfaces().map((implemented) => implemented.name) : []
      expect([name, interfaces]).toEqual([name, expect.arrayContaining(['Payload'])])
    }
  })

  it('names no permission that the catalogue does not hold, and leaves every guarded field nullable and resolved', () => {
    for (const type of types.filter(isObjectType))
      for (const field of Object.values(type.getFields())) {
        const permission = permissionOf(field)
        if (permission === null) continue
        const facts = {
          isKnown: permission in PERMISSIONS || permission === 'operator',
          isNullable: !isNonNullType(field.type),
          isSimple: field.resolve === undefined,
        }
        expect([type.name, field.name, facts]).toEqual([
          type.name,
          field.name,
          { isKnown: true, isNullable: true, isSimple: false },
        ])
      }
  })
})

describe('a mutation', () => {
  it.each(mutations.map(({ name }) => name))('%s is found by its word: file, use case and test', (name) => {
    const files = filesBelow('src/graphql').filter((file) => file.endsWith(`/${kebab(name)}.mutation.ts`))
    expect(files).toHaveLength(1)
    expect(declaredUseCases()).toContainEqual(expect.objectContaining({ name, writes: true }))
    expect(filesBelow('src/modules').filter((file) => file.endsWith(`/${kebab(name)}.ts`))).toHaveLength(1)
    const named = new RegExp(`\\b${name}\\b`)
    const tests = filesBelow('test').filter(
      (file) => file.endsWith('.test.ts') && named.test(readFileSync(join(ROOT, 'test', file), 'utf8')),
    )
    expect(tests).not.toEqual([])
  })

  it('has no file that the schema does not know', () => {
    const files = filesBelow('src/graphql').flatMap((file) => /([^/]+)\.mutation\.ts$/.exec(file)?.[1] ?? [])
    expect(files.sort()).toEqual(mutations.map(({ name }) => kebab(name)).sort())
  })
})

describe('@oneOf', () => {
  const inputs = types
    .filter(isInputObjectType)
    .filter((type) => type.astNode?.directives?.some(({ name }) => name.value === 'oneOf'))
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('is enforced on every input that prints it', () => {
    expect(inputs.map(({ name }) => name)).toContain('OrganizationBy')
    for (const { name, isOneOf } of inputs) expect([name, isOneOf]).toEqual([name, true])
  })

  it('refuses two keys, no key and a null, as a literal and as a variable', async () => {
    const { admin, id, slug } = await found(gatehouse)
    const client = admin.organization
    for (const by of [{ id, slug }, {}, { id: null }, { id, slug: null }]) {
      const variable = await client.send('query ($by: OrganizationBy!) { organization(by: $by) { id } }', { by })
      expect(variable.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
      const text = Object.entries(by)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join(', ')
      const literal = await client.send(`{ organization(by: { ${text} }) { id } }`)
      expect(literal.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
    }
    expect(
      (await client.send('query ($by: OrganizationBy!) { organization(by: $by) { id } }', { by: { slug } })).data,
    ).toEqual({
      organization: { id },
    })
  })
})
