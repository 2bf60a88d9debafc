import {
  compareBy,
  expiredCursor,
  invalidCount,
  invalidCursor,
  listResponse,
  pageOf,
  readQueryString,
  readSearchRequest,
  SEARCH_REQUEST,
  sortKey,
  sortOf,
  USER,
} from '../../../scim/protocol'
import { body, refusalOf, stored } from './support'

const SIZES = { defaultPageSize: 100, maxPageSize: 200 }
const page = (query: string) => pageOf(readQueryString(query), SIZES)

describe('the parameters of a query', () => {
  it('T13 are decoded as a form', () => {
    expect(readQueryString('filter=externalId+eq+%22a%2Bb%20c%22').filter).toBe('externalId eq "a+b c"')
  })

  it('T11 E-4 unknown ones are ignored, and names have any case', () => {
    expect(readQueryString('aadOptscim062020&FILTER=title+pr&excludedattributes=Members,%20meta')).toMatchObject({
      filter: 'title pr',
      excludedAttributes: ['Members', 'meta'],
    })
  })

  it('are sent once', () => {
    expect(refusalOf(() => readQueryString('filter=a+pr&filter=b+pr'))).toMatchObject({ scimType: 'invalidValue' })
    expect(() => readQueryString('x=1&x=2')).not.toThrow()
  })

  it('Q12 an empty filter is not the same as none', () => {
    expect([readQueryString('filter=').filter, readQueryString('').filter]).toEqual(['', undefined])
  })

  it('Q18 are the same in the body of a search', () => {
    const query = {
      filter: 'title pr',
      attributes: ['userName', 'name'],
      excludedAttributes: undefined,
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 11,
      count: 5,
      cursor: undefined,
    }
    expect(readSearchRequest(body({ schemas: [SEARCH_REQUEST], ...query }), 'strict')).toEqual(query)
    expect(
      readQueryString(
        'filter=title pr&attributes=userName,name&sortBy=userName&sortOrder=descending&startIndex=11&count=5',
      ),
    ).toEqual(query)
  })

  it.each([
    [{ schemas: ['urn:x'] }, 'invalidSyntax'],
    [{ filter: 5 }, 'invalidSyntax'],
    [{ attributes: 'userName' }, 'invalidSyntax'],
    [{ attributes: [5] }, 'invalidSyntax'],
    [{ count: '5' }, 'invalidValue'],
    [{ count: 1.5 }, 'invalidValue'],
    [[], 'invalidSyntax'],
  ])('Q18 %j is no search', (json, scimType) => {
    expect(refusalOf(() => readSearchRequest(body(json), 'lenient'))).toMatchObject({ status: 400, scimType })
  })
})

describe('pages', () => {
  it.each([
    ['', { startIndex: 1, count: 100 }],
    ['startIndex=0&count=-5', { startIndex: 1, count: 0 }],
    ['startIndex=-7&count=0', { startIndex: 1, count: 0 }],
    ['startIndex=%2B101&count=5000', { startIndex: 101, count: 200 }],
  ])('Q15 %j is %j', (query, expected) => expect(page(query)).toEqual({ kind: 'index', ...expected }))

  it.each(['count=', 'count=x', 'count=1.5', 'count=1e3', 'startIndex=0x1', 'count=99999999999999999999'])(
    'Q15 %s is refused',
    (query) => expect(refusalOf(() => page(query))).toMatchObject({ status: 400, scimType: 'invalidValue' }),
  )

  it('Q19 an empty cursor begins, another one goes on', () => {
    expect(page('cursor')).toEqual({ kind: 'cursor', cursor: undefined, count: 100 })
    expect(page('cursor=aZ0-._~&count=5')).toEqual({ kind: 'cursor', cursor: 'aZ0-._~', count: 5 })
  })

  it.each(['a b', 'a/b', 'ä', 'x'.repeat(1_025), '\u0000'])('Q20 %j is no cursor of ours', (cursor) => {
    const refusal = refusalOf(() => page(`cursor=${encodeURIComponent(cursor)}`))
    expect(refusal).toEqual(
      refusalOf(() => {
        throw invalidCursor()
      }),
    )
  })

  it('Q20 says what is wrong with a cursor in the words of RFC 9865', () => {
    expect(
      [invalidCursor(), expiredCursor(), invalidCount()].map(({ status, scimType }) => [status, scimType]),
    ).toEqual([
      [400, 'invalidCursor'],
      [400, 'expiredCursor'],
      [400, 'invalidCount'],
    ])
  })

  it('one way of paging at a time', () => {
    expect(refusalOf(() => page('cursor&startIndex=1'))).toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  it('Q1 Q2 a list says how many there are, and has its resources even when there are none', () => {
    expect(listResponse([], { totalResults: 0, startIndex: 1 })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    })
    const [ada] = [stored(USER, { userName: 'ada' })]
    expect(listResponse([ada], { totalResults: 7, nextCursor: 'n' })).toMatchObject({
      totalResults: 7,
      itemsPerPage: 1,
      nextCursor: 'n',
      Resources: [ada],
    })
  })
})

describe('sorting', () => {
  const people = [
    stored(USER, { userName: 'b', emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }] }, '3'),
    stored(USER, { userName: 'C', emails: [{ value: 'b@x' }, { value: 'a@x' }] }, '1'),
    stored(USER, { userName: 'a', externalId: 'B' }, '2'),
    stored(USER, { userName: 'd', externalId: 'a' }, '0'),
  ]
  const sorted = (sortBy: string, sortOrder?: string) =>
    [...people].sort(compareBy(sortOf(USER, sortBy, sortOrder)!)).map(({ userName }) => userName)

  it('Q14 is ascending, and obeys caseExact', () => {
    expect(sorted('userName')).toEqual(['a', 'b', 'C', 'd'])
    expect(sorted('USERNAME', 'Descending')).toEqual(['d', 'C', 'b', 'a'])
    expect(sorted('externalId').slice(0, 2)).toEqual(['a', 'd'])
  })

  it('Q14 of a list takes the primary element, else the first; what is missing comes last, or first descending', () => {
    expect(sorted('emails')).toEqual(['b', 'C', 'd', 'a'])
    expect(sorted('emails.value', 'descending')).toEqual(['d', 'a', 'C', 'b'])
  })

  it('Q14 is by characters, as PostgreSQL orders them, and not by halves of pairs', () => {
    const words = ['😀', '\uFFFD', '\uFFFDa', 'z', '']
    const titled = words.map((title) => stored(USER, { userName: 'x', title }))
    const inOrder = titled.sort(compareBy(sortOf(USER, 'title', undefined)!)).map(({ title }) => title)
    expect(inOrder).toEqual(['', 'z', '\uFFFD', '\uFFFDa', '😀'])
  })

  it('Q14 equals are in the order of their ids', () => {
    expect(sorted('active')).toEqual(['d', 'C', 'a', 'b'])
    expect(sorted('meta.created')).toEqual(['d', 'C', 'a', 'b'])
    expect(sortKey(people[0]!, sortOf(USER, 'meta.created', undefined)!.path)).toBe(Date.UTC(2025, 0, 31, 8))
  })

  it('Q14 what has no order is refused', () => {
    for (const sortBy of ['name', 'shoeSize', 'x509Certificates', '__proto__', 'urn:x']) {
      expect(refusalOf(() => sortOf(USER, sortBy, undefined))).toMatchObject({ status: 400, scimType: 'invalidValue' })
    }
    expect(refusalOf(() => sortOf(USER, 'title', 'up'))).toMatchObject({ status: 400, scimType: 'invalidValue' })
    expect(refusalOf(() => sortOf(USER, 'password', undefined))).toMatchObject({ status: 403, scimType: 'sensitive' })
    expect(sortOf(USER, undefined, 'descending')).toBeUndefined()
  })
})
