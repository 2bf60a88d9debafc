import {
  bindFilter,
  GROUP,
  MAX_EXPRESSION_LENGTH,
  MAX_FILTER_DEPTH,
  MAX_FILTER_NODES,
  matches,
  parseFilter,
  printFilter,
  USER,
} from '../../../scim/protocol'
import { ENTERPRISE, isMatch, refusalOf, stored } from './support'

const ADA = stored(USER, {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  externalId: 'Ada-1',
  userName: 'Ada.Lovelace@Example.com',
  name: { givenName: 'Ada', familyName: "O'Malley" },
  title: 'He said "no" \\ left',
  nickName: '',
  active: true,
  emails: [
    { type: 'work', value: 'ada@work.example', primary: true },
    { type: 'home', value: 'ada@home.example' },
  ],
  phoneNumbers: [{ value: '+1-201-555-0123' }],
  roles: [{ value: 'Admin', primary: 'True' }],
  x509Certificates: [{ value: 'AAEC' }],
  [ENTERPRISE]: { department: 'Engines', manager: { value: 'M1' } },
})
const EVE = stored(
  USER,
  { userName: 'eve', active: false, emails: [{ type: 'home', value: 'eve@work.example' }] },
  'u2',
)
const PEOPLE = { ADA, EVE }

/** Who of the two matches. */
function found(filter: string): string[] {
  return Object.entries(PEOPLE).flatMap(([name, person]) => (isMatch(filter, person) ? [name] : []))
}

describe('filters', () => {
  it.each([
    ['userName eq "ada.lovelace@example.COM"', ['ADA']],
    ['userName ne "eve"', ['ADA']],
    ['userName co "LOVE"', ['ADA']],
    ['userName sw "ada."', ['ADA']],
    ['userName ew ".com"', ['ADA']],
    ['title pr', ['ADA']],
    ['userName gt "b"', ['EVE']],
    ['userName ge "eve"', ['EVE']],
    ['userName lt "b"', ['ADA']],
    ['userName le "eve"', ['ADA', 'EVE']],
    ['USERNAME EQ "eve"', ['EVE']],
    ['name.FAMILYNAME Co "o\'malley"', ['ADA']],
  ])('Q3 operators, and names in any case: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    ['userName eq "eve" or active eq true and title pr', ['ADA', 'EVE']],
    ['(userName eq "eve" or active eq true) and title pr', ['ADA']],
    ['not (active eq true and title pr)', ['EVE']],
    ['not (active eq true) and userName pr', ['EVE']],
    ['not(active eq true or userName eq "eve")', []],
    ['((((userName eq "eve"))))', ['EVE']],
  ])('Q4 not before and before or, and De Morgan: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    [String.raw`title eq "He said \"no\" \\ left"`, ['ADA']],
    [String.raw`userName eq "\u0065ve"`, ['EVE']],
    ['title eq null', ['EVE']],
    ['title ne null', ['ADA']],
    ['active eq TRUE', ['ADA']],
  ])('Q5 values are JSON: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    ['externalId eq "Ada-1"', ['ADA']],
    ['externalId eq "ada-1"', []],
    ['meta.created gt "2025-01-31T08:59:59+01:00"', ['ADA', 'EVE']],
    ['meta.created eq "2025-01-31T09:00:00+01:00"', ['ADA', 'EVE']],
    ['meta.lastModified lt "2025-01-31T08:00:00.000Z"', []],
    ['x509Certificates.value eq "AAEC"', ['ADA']],
    ['x509Certificates.value eq "aaec"', []],
  ])('Q6 texts obey caseExact and moments compare as such: %s', (filter, people) =>
    expect(found(filter)).toEqual(people),
  )

  it.each([
    'active gt true',
    'active co "t"',
    'roles.primary sw true',
    'x509Certificates.value gt "AA"',
    'x509Certificates.value co "AA"',
    'meta.created co "2025"',
    'meta.created gt "yesterday"',
    'active eq "perhaps"',
    'userName eq 5',
    'title gt null',
    'name eq "Ada"',
  ])('Q6 a comparison that the type does not have is refused: %s', (filter) =>
    expect(refusalOf(() => found(filter))).toMatchObject({ status: 400, scimType: 'invalidFilter' }),
  )

  it.each([
    ['emails[type eq "work" and value co "ada"]', ['ADA']],
    ['emails[type eq "work" and value ew "home.example"]', []],
    ['emails.type eq "work" and emails.value ew "home.example"', ['ADA']],
    ['emails.value ne "eve@work.example"', ['ADA']],
    ['emails[not (type eq "home")]', ['ADA']],
    ['emails[(type eq "work" or type eq "home") and value sw "eve"]', ['EVE']],
    ['emails[primary eq true].value eq "ada@work.example"', ['ADA']],
  ])('Q7 any element matches, and brackets mean one and the same: %s', (filter, people) =>
    expect(found(filter)).toEqual(people),
  )

  it.each([
    ['emails co "work.example"', ['ADA', 'EVE']],
    ['manager eq "M1"', ['ADA']],
    [`${ENTERPRISE}:manager eq "M1"`, ['ADA']],
    ['manager eq "m1"', []],
    ['roles[primary eq "True"].value eq "admin"', ['ADA']],
  ])('Q8 a complex attribute stands for its value: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it('Q8 Entra asks for members by id', () => {
    const group = stored(GROUP, { displayName: 'G', members: [{ value: 'u1' }] }, 'g1')
    expect(isMatch('members eq "u1"', group, GROUP)).toBe(true)
    expect(isMatch('members[value eq "u2"]', group, GROUP)).toBe(false)
    expect(isMatch('id eq "g1" and members eq "u1"', group, GROUP)).toBe(true)
  })

  it.each([
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "eve"', ['EVE']],
    ['URN:IETF:params:scim:schemas:core:2.0:user:Name.GivenName eq "ada"', ['ADA']],
    [`${ENTERPRISE}:department eq "engines"`, ['ADA']],
    [`${ENTERPRISE.toUpperCase()}:MANAGER.VALUE eq "M1"`, ['ADA']],
    ['department eq "engines"', ['ADA']],
  ])('Q9 names with a URN: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    ['nickName pr', []],
    ['displayName pr', []],
    ['emails pr', ['ADA', 'EVE']],
    ['roles pr', ['ADA']],
    ['name pr', ['ADA']],
    ['manager.displayName pr', []],
  ])('Q10 pr is false for what is empty: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    [`schemas eq "${ENTERPRISE}"`, ['ADA']],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', ['ADA', 'EVE']],
    ['meta.resourceType eq "User"', ['ADA', 'EVE']],
    ['meta.resourceType eq "Group"', []],
  ])('Q11 schemas and meta: %s', (filter, people) => expect(found(filter)).toEqual(people))

  it.each([
    '',
    '   ',
    'userName',
    'userName is "eve"',
    'userName eq',
    'userName eq eve',
    "userName eq 'eve'",
    'userName eq "eve',
    'userName eq "eve" and',
    'userName eq "eve" userName pr',
    'userName eq "eve")',
    '(userName eq "eve"',
    'userName eq "eve" or or title pr',
    'not userName eq "eve"',
    'emails[type eq "work"',
    'emails[]',
    'emails[type eq "work"].',
    'emails[emails[type eq "work"]]',
    'userName[value eq "x"]',
    'userName eq "\\x"',
    'userName eq "\u0000"',
    'userName eq "\\u0000"',
    'userName eq "\\ud800"',
    'meta.created gt 01',
    '"userName" eq "eve"',
    'userName & "eve"',
    '5 eq 5',
    'pr',
    'and',
  ])('Q12 what cannot be read is refused, with the place, and never matches anybody: %j', (filter) =>
    expect(refusalOf(() => found(filter))).toMatchObject({ status: 400, scimType: 'invalidFilter' }),
  )

  it('Q12 the refusal says where and what to write instead', () => {
    expect(refusalOf(() => parseFilter('userName is "eve"')).detail).toBe(
      'The filter has "is" at character 10 where an operator after "userName": pr, eq, ne, co, sw, ew, gt, ge, lt, le was expected.',
    )
  })

  it.each(['shoeSize eq 5', 'emails.shoe eq "x"', 'name.givenName.x eq "y"', 'urn:x:y:z eq "y"', 'emails[shoe pr]'])(
    'Q13 an unknown attribute is refused: %s',
    (filter) => expect(refusalOf(() => found(filter))).toMatchObject({ status: 400, scimType: 'invalidFilter' }),
  )

  it('Q13 in a search across types an unknown attribute has no value', () => {
    const across = (filter: string) => matches(bindFilter(parseFilter(filter), GROUP, 'unassigned'), ADA)
    expect(['userName eq "x"', 'userName pr', 'emails[type eq "work"]'].map(across)).toEqual([false, false, false])
    expect(['userName ne "x"', 'userName eq null', 'not (userName pr)'].map(across)).toEqual([true, true, true])
  })

  it('E4 what is never returned cannot be asked about', () => {
    for (const filter of ['password eq "x"', 'password pr', 'not (password sw "a")', 'password ne null']) {
      expect(refusalOf(() => found(filter))).toMatchObject({ status: 403, scimType: 'sensitive' })
    }
  })

  it('an unassigned value matches ne, as the opposite of eq, and no other comparison', () => {
    expect(found('title ne "x"')).toEqual(['ADA', 'EVE'])
    expect(found('phoneNumbers.value ne "x"')).toEqual(['ADA', 'EVE'])
    expect(found('title gt "" or title lt "z" or title co ""')).toEqual(['ADA'])
  })

  it('R13 texts that are not caseExact compare by width, case and composition', () => {
    const user = stored(USER, { userName: 'ＡＤＡ\u0065\u0301' })
    expect(isMatch('userName eq "ada\u00C9"', user)).toBe(true)
    expect(user.userName).toBe('ＡＤＡ\u0065\u0301')
  })

  it.each([
    ['parentheses', (count: number) => `${'('.repeat(count)}title pr${')'.repeat(count)}`],
    ['not', (count: number) => `${'not ('.repeat(count)}title pr${')'.repeat(count)}`],
  ])('Q22 %s nest as deep as the bound and no deeper', (_, filter) => {
    expect(() => parseFilter(filter(MAX_FILTER_DEPTH))).not.toThrow()
    for (const count of [MAX_FILTER_DEPTH + 1, 1_000]) {
      expect(refusalOf(() => parseFilter(filter(count))).detail).toContain(`deeper than ${MAX_FILTER_DEPTH}`)
    }
  })

  it('Q22 a filter has as many parts and characters as the bounds and no more', () => {
    const parts = (count: number) => Array.from({ length: count }, () => 'title pr').join(' or ')
    expect(() => parseFilter(parts(MAX_FILTER_NODES / 2))).not.toThrow()
    expect(refusalOf(() => parseFilter(parts(MAX_FILTER_NODES))).detail).toContain(
      `more than ${MAX_FILTER_NODES} parts`,
    )
    const long = (length: number) => `title eq "${'x'.repeat(length - 11)}"`
    expect(() => parseFilter(long(MAX_EXPRESSION_LENGTH))).not.toThrow()
    expect(refusalOf(() => parseFilter(long(MAX_EXPRESSION_LENGTH + 1))).detail).toContain(`${MAX_EXPRESSION_LENGTH}`)
  })

  it.each([
    ['an unterminated text of backslashes', `title eq "${'\\'.repeat(8_000)}`],
    ['a path of dots', `a${'.'.repeat(8_000)} pr`],
    ['open brackets', 'a['.repeat(4_000)],
    ['brackets of every kind', '[(])'.repeat(2_000)],
    ['or-groups that would explode in normal form', Array(30).fill('(title pr or active eq true)').join(' and ')],
  ])('Q22 %s is read or refused without a stack or a search', (_, filter) => {
    try {
      found(filter)
    } catch (error) {
      expect(error).toMatchObject({ name: 'ScimError', scimType: 'invalidFilter' })
    }
  })

  it.each([
    '__proto__ eq "x"',
    '__proto__.polluted eq "y"',
    'constructor pr',
    'emails[__proto__ eq "x"]',
    'name.toString pr',
  ])('P15 inherited names are unknown attributes: %s', (filter) => {
    expect(refusalOf(() => found(filter))).toMatchObject({ status: 400, scimType: 'invalidFilter' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('is printed so that it is read as the same again', () => {
    const text =
      'not (title pr and (active eq true or emails[type eq "work" and value co "\\"x"])) or name.givenName ne null'
    expect(printFilter(parseFilter(text))).toBe(text)
  })
})
