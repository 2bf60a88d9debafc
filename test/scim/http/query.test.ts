import { Client } from 'pg'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type ScimAnswer, type TestDirectory } from '../../support/scim'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe('queries over SCIM', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let engineers: string

  // Ada, Bob, cleo, Dan and Eve, in this order.
  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse)
    const people = [
      {
        userName: 'Ada',
        title: 'Engineer',
        emails: [
          { value: 'ada@work.example', type: 'work', primary: true },
          { value: 'ada@home.example', type: 'home' },
        ],
        nickName: 'zz',
        externalId: 'X1',
      },
      {
        userName: 'Bob',
        title: 'Engineer',
        active: false,
        emails: [{ value: 'bob@home.example', type: 'work' }],
        [ENTERPRISE]: { department: 'Tools', manager: { value: 'boss' } },
      },
      { userName: 'cleo', title: 'engineer', emails: [{ value: 'cleo@work.example', type: 'home' }], nickName: 'aa' },
      { userName: 'Dan', title: 'Sales', emails: undefined, roles: [{ value: 'r', primary: true }], locale: '' },
      { userName: 'Eve "Quote" \\ back', emails: undefined, nickName: 'MM' },
    ]
    const ids: string[] = []
    for (const person of people) ids.push((await directory.scim.post('/Users', { ...newUser(), ...person })).body.id)
    const group = await directory.scim.post(
      '/Groups',
      newGroup({ displayName: 'Engineers', members: [{ value: ids[0] }, { value: ids[1] }] }),
    )
    engineers = group.body.id
    await directory.scim.post(
      '/Groups',
      newGroup({ displayName: 'Everybody', members: [{ value: engineers }], externalId: 'X1' }),
    )
  })
  afterAll(() => gatehouse.close())

  const query = (parameters: Readonly<Record<string, string | undefined>>, path = '/Users') =>
    directory.scim.get(`${path}?${new URLSearchParams(parameters as Record<string, string>).toString()}`)
  const namesOf = ({ body }: ScimAnswer) =>
    body.Resources.map(({ userName }: { userName: string }) => userName.slice(0, 4).trim())
  const names = async (filter: string) => namesOf(await query({ filter }))

  it('Q1 O-1 a list says how many there are, where it begins and how many it shows, as numbers', async () => {
    const answer = await query({ startIndex: '1', count: '2' })
    expect(answer.body).toMatchObject({ schemas: [LIST], totalResults: 5, startIndex: 1, itemsPerPage: 2 })
    expect(answer.body.Resources).toHaveLength(2)
  })

  it('Q1 a list shows each person as they are shown alone, whatever the answer leaves out', async () => {
    for (const shown of [
      '',
      'excludedAttributes=groups',
      'excludedAttributes=groups,emails.type',
      'attributes=userName,meta',
    ]) {
      const { body } = await directory.scim.get(`/Users?${shown}`)
      const alone = await Promise.all(
        body.Resources.map(async ({ id }: { id: string }) => (await directory.scim.get(`/Users/${id}?${shown}`)).body),
      )
      expect(body.Resources).toHaveLength(5)
      expect({ shown, list: body.Resources }).toEqual({ shown, list: alone })
    }
  })

  it('Q2 E-1 nothing found is 200 with an empty list', async () => {
    const answer = await query({ filter: 'userName eq "3f9d1c9e-0000-4000-8000-000000000000"' })
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0, itemsPerPage: 0, Resources: [] } })
  })

  const finds = async (filter: string, expected: string) => expect((await names(filter)).join(' ')).toBe(expected)

  it.each([
    ['userName eq "ADA"', 'Ada'],
    ['USERNAME EQ "ada"', 'Ada'],
    ['title ne "engineer"', 'Dan Eve'],
    ['title co "ngin"', 'Ada Bob cleo'],
    ['userName sw "C"', 'cleo'],
    ['userName ew "B"', 'Bob'],
    ['nickName pr', 'Ada cleo Eve'],
    ['nickName gt "mm"', 'Ada'],
    ['nickName ge "MM"', 'Ada Eve'],
    ['nickName lt "mm"', 'cleo'],
    ['nickName le "mm"', 'cleo Eve'],
  ])('Q3 every operator, in any case: %s finds %j', finds)

  it.each([
    ['title eq "Sales" or title eq "Engineer" and active eq false', 'Bob Dan'],
    ['title eq "Engineer" and active eq false or title eq "Sales"', 'Bob Dan'],
    ['(title eq "Sales" or title eq "Engineer") and active eq false', 'Bob'],
    ['not (title eq "Engineer" and active eq true)', 'Bob Dan Eve'],
    ['not (title eq "Engineer") or not (active eq true)', 'Bob Dan Eve'],
    ['not (active eq true) and title pr', 'Bob'],
    ['not(active eq true)', 'Bob'],
  ])('Q4 groups before not before and before or: %s finds %j', finds)

  it.each([
    ['userName eq "eve \\"quote\\" \\\\ back"', 'Eve'],
    ['userName eq "\\u0041da"', 'Ada'],
    ['active ne true', 'Bob'],
    ['active eq false', 'Bob'],
    ['nickName eq null', 'Bob Dan'],
  ])('Q5 values are JSON: %s finds %j', finds)

  it.each([
    ['externalId eq "X1"', 'Ada'],
    ['externalId eq "x1"', ''],
    ['title eq "ENGINEER"', 'Ada Bob cleo'],
    ['meta.created gt "2001-01-01T00:00:00+02:00"', 'Ada Bob cleo Dan Eve'],
    ['meta.lastModified lt "2001-01-01T00:00:00Z"', ''],
    ['meta.version eq "W/\\"1\\""', 'Ada Bob cleo Dan Eve'],
  ])('Q6 R20 texts compare as caseExact says, moments as moments: %s finds %j', finds)

  it.each([
    ['emails[type eq "work" and value co "@home"]', 'Bob'],
    ['emails.type eq "work" and emails.value co "@home"', 'Ada Bob'],
    ['emails[type eq "work"].value eq "ADA@work.example"', 'Ada'],
    ['emails[not (type eq "work")]', 'Ada cleo'],
    ['roles[primary eq "True"].value eq "r"', 'Dan'],
    ['groups.display eq "engineers"', 'Ada Bob'],
    ['groups[type eq "indirect"]', 'Ada Bob'],
  ])('Q7 brackets are about one element, dots about any: %s finds %j', finds)

  it.each([
    ['emails co "home"', 'Ada Bob'],
    ['emails.value eq "cleo@work.example"', 'cleo'],
    ['manager eq "boss"', 'Bob'],
  ])('Q8 a complex attribute means its value: %s finds %j', finds)

  it.each([
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob"', 'Bob'],
    ['URN:ietf:params:scim:schemas:CORE:2.0:user:name.familyName pr', 'Ada Bob cleo Dan Eve'],
    [`${ENTERPRISE}:department eq "tools"`, 'Bob'],
    [`${ENTERPRISE.toUpperCase()}:Manager.Value eq "boss"`, 'Bob'],
  ])('Q9 names may carry a URN: %s finds %j', finds)

  it.each([
    ['not (emails pr)', 'Dan Eve'],
    ['locale pr', ''],
    ['name.middleName pr', ''],
    [`${ENTERPRISE}:manager pr`, 'Bob'],
  ])('Q10 what is empty is not present: %s finds %j', finds)

  it.each([
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:user"', 'Ada Bob cleo Dan Eve'],
    [`schemas eq "${ENTERPRISE}"`, 'Bob'],
    ['meta.resourceType eq "User"', 'Ada Bob cleo Dan Eve'],
    ['meta.resourceType eq "Group"', ''],
  ])('Q11 schemas and resource types are found: %s finds %j', finds)

  it('Q8 E-12 members, groups and ids are found by id', async () => {
    const [ada] = (await query({ filter: 'userName eq "ada"' })).body.Resources
    const groups = async (filter: string) =>
      (await query({ filter }, '/Groups')).body.Resources.map(({ displayName }: { displayName: string }) => displayName)
    expect(await groups(`members eq "${ada.id}"`)).toEqual(['Engineers'])
    expect(await groups(`members[value eq "${engineers}"]`)).toEqual(['Everybody'])
    expect(await groups('displayName eq "ENGINEERS"')).toEqual(['Engineers'])
    expect(await groups('externalId eq "X1"')).toEqual(['Everybody'])
    expect(await groups('members.display eq "ADA"')).toEqual(['Engineers'])
    expect(await groups('members[type eq "Group"]')).toEqual(['Everybody'])
    expect(await names(`groups eq "${engineers}"`)).toEqual(['Ada', 'Bob'])
    expect(await names(`id eq "${ada.id}" and manager eq "boss"`)).toEqual([])
    expect(await names(`id eq "${ada.id}"`)).toEqual(['Ada'])
    expect(await names(`id co "${ada.id.slice(4)}"`)).toEqual(['Ada'])
    expect(await names(`meta.location eq "${ada.meta.location}"`)).toEqual(['Ada'])
  })

  it('E-13 a group without its members says nothing of them', async () => {
    const answer = await query({ excludedAttributes: 'members', filter: 'displayName eq "Engineers"' }, '/Groups')
    expect(answer.body.Resources).toHaveLength(1)
    expect(answer.body.Resources[0]).not.toHaveProperty('members')
  })

  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq "a" x',
    'userName is "a"',
    'userName eq Ada',
    '(userName eq "a"',
    'shoeSize eq 1',
    'active gt true',
    'userName eq "a" and',
    `${'('.repeat(40)}userName pr${')'.repeat(40)}`,
    `userName eq "${'a'.repeat(9_000)}"`,
    '__proto__.x eq "y"',
    'userName eq "\\u0000"',
  ])('Q6 Q12 Q13 Q22 P15 the filter %j is invalidFilter and never everybody', async (filter) => {
    const answer = await query({ filter })
    expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } })
  })

  it.each([
    ['depth', '('.repeat(8_000)],
    ['not', 'not ('.repeat(1_500)],
    ['brackets', `${'emails['.repeat(1_000)}x`],
    ['parts', Array.from({ length: 400 }, () => 'title pr').join(' and ')],
    ['length', `title eq "${'a'.repeat(1_000_000)}"`],
    ['backslashes', `title eq "${'\\\\'.repeat(3_900)}`],
    ['dots', `${'a.'.repeat(4_000)}b pr`],
    ['groups of or', Array.from({ length: 60 }, () => '(title eq "a" or title eq "b" or nickName pr)').join(' and ')],
  ])('Q22 too much %s is refused before any work', async (_, filter) => {
    const costOf = async (text: string, expected: number) => {
      const began = process.cpuUsage()
      for (let n = 0; n < 10; n += 1) {
        const body = { schemas: [SEARCH], filter: text }
        const { status, body: answer } = await directory.scim.post('/Users/.search', body)
        expect([status, answer.scimType]).toEqual([expected, expected === 400 ? 'invalidFilter' : undefined])
      }
      const { user, system } = process.cpuUsage(began)
      return user + system
    }
    // Of this process alone, client included, whose share grows with the text; what the database does comes on top.
    await costOf('title pr', 200)
    const ratios: number[] = []
    for (let n = 0; n < 3; n += 1) ratios.push((await costOf(filter, 400)) / (await costOf('title pr', 200)))
    expect(Math.min(...ratios)).toBeLessThan(filter.length > 100_000 ? 20 : 2)
  })

  it('Q14 sorts by key, case aside, with what has no value last and the id among equals', async () => {
    const sorted = async (sortBy: string, sortOrder?: string) =>
      namesOf(await query({ sortBy, ...(sortOrder && { sortOrder }) }))
    expect(await sorted('userName')).toEqual(['Ada', 'Bob', 'cleo', 'Dan', 'Eve'])
    expect(await sorted('userName', 'descending')).toEqual(['Eve', 'Dan', 'cleo', 'Bob', 'Ada'])
    expect(await sorted('nickName')).toEqual(['cleo', 'Eve', 'Ada', 'Bob', 'Dan'])
    expect(await sorted('nickName', 'descending')).toEqual(['Bob', 'Dan', 'Ada', 'Eve', 'cleo'])
    expect(await sorted('emails.value')).toEqual(['Ada', 'Bob', 'cleo', 'Dan', 'Eve'])
    expect(await sorted('meta.created', 'descending')).toEqual(['Eve', 'Dan', 'cleo', 'Bob', 'Ada'])
    expect(await sorted('active')).toEqual(['Bob', 'Ada', 'cleo', 'Dan', 'Eve'])
    expect((await query({ sortBy: 'shoeSize' })).body.scimType).toBe('invalidValue')
  })

  it.each([
    [{ startIndex: '0', count: '2' }, 1, ['Ada', 'Bob']],
    [{ startIndex: '-5', count: '1' }, 1, ['Ada']],
    [{ startIndex: '4' }, 4, ['Dan', 'Eve']],
    [{ startIndex: '9' }, 9, []],
    [{ count: '0' }, 1, []],
    [{ count: '-1' }, 1, []],
    [{ count: '100000' }, 1, ['Ada', 'Bob', 'cleo', 'Dan', 'Eve']],
  ] as const)('Q15 %j begins at %d and shows %j', async (parameters, startIndex, expected) => {
    const answer = await query(parameters)
    expect(answer.body).toMatchObject({ totalResults: 5, startIndex, itemsPerPage: expected.length })
    expect(namesOf(answer)).toEqual(expected)
  })

  it.each([{ startIndex: 'x' }, { count: '1.5' }, { count: '' }])('Q15 %j is invalidValue', async (parameters) => {
    expect(await query(parameters)).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
  })

  it('Q16 O-8 pages of one walk join without gap or repetition, in every order', async () => {
    for (const order of [
      {},
      { sortBy: 'nickName' },
      { sortBy: 'userName', sortOrder: 'descending' },
      { sortBy: 'title' },
    ]) {
      const whole = namesOf(await query(order))
      const walked: string[] = []
      for (let startIndex = 1; startIndex <= 5; startIndex += 2)
        walked.push(...namesOf(await query({ ...order, startIndex: String(startIndex), count: '2' })))
      expect([order, walked]).toEqual([order, whole])
    }
  })

  it('Q17 a search at the root finds people and groups, and wants a filter', async () => {
    const answer = await query({ filter: 'externalId eq "X1"', attributes: 'externalId' }, '/')
    expect(answer.body).toMatchObject({ totalResults: 2 })
    expect(answer.body.Resources.map(({ id }: { id: string }) => id.slice(0, 3))).toEqual(['dus', 'dgr'])
    const posted = await directory.scim.post('/.search', {
      schemas: [SEARCH],
      filter: 'displayName eq "Engineers" or userName eq "dan"',
    })
    expect(posted.body).toMatchObject({ totalResults: 2, itemsPerPage: 2 })
    const second = await query({ filter: 'externalId eq "X1"', startIndex: '2', count: '1' }, '/')
    expect(second.body).toMatchObject({ totalResults: 2, itemsPerPage: 1, Resources: [{ displayName: 'Everybody' }] })
    const everything = await query({ count: '1' }, '/')
    const groups = await query({ count: '0' }, '/Groups')
    const users = await query({ count: '0' }, '/Users')
    expect(everything.body.totalResults).toBe(users.body.totalResults + groups.body.totalResults)
  })

  it('Q13 of a search at the root an attribute that a type does not have is one without a value', async () => {
    const answer = await query({ filter: 'userName eq "dan" or displayName eq "engineers"' }, '/')
    expect(answer.body.totalResults).toBe(2)
    const unknown = await query({ filter: 'shoeSize eq 1' }, '/')
    expect(unknown).toMatchObject({ status: 200, body: { totalResults: 0 } })
  })

  it('Q17 what takes too long is tooMany', async () => {
    const blocker = new Client({ connectionString: gatehouse.testDatabase.superuserUrl })
    await blocker.connect()
    try {
      await blocker.query('BEGIN; LOCK TABLE directory_users IN ACCESS EXCLUSIVE MODE')
      const answer = await query({ filter: 'title co "x"' }, '/')
      expect(answer).toMatchObject({ status: 400, body: { scimType: 'tooMany' } })
    } finally {
      await blocker.end()
    }
  })

  it('Q18 .search does what GET does', async () => {
    const asked = {
      filter: 'title pr',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 2,
      attributes: ['userName'],
    }
    const posted = await directory.scim.post('/Users/.search', { schemas: [SEARCH], ...asked })
    const got = await query({ ...asked, startIndex: '2', count: '2', attributes: 'userName' })
    expect(posted.status).toBe(200)
    expect(posted.body).toEqual(got.body)
    const groups = await directory.scim.post('/Groups/.search', { schemas: [SEARCH], excludedAttributes: ['members'] })
    expect(groups.body.totalResults).toBe(2)
  })

  describe('Q19 cursors', () => {
    const walk = async (parameters: Readonly<Record<string, string | undefined>>) => {
      const pages: ScimAnswer[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page: ScimAnswer = await query({ ...parameters, cursor })
        pages.push(page)
        cursor = page.body.nextCursor
      }
      return pages
    }

    it('walk through everything in every order, and end with a page without one', async () => {
      for (const order of [
        {},
        { sortBy: 'nickName' },
        { sortBy: 'nickName', sortOrder: 'descending' },
        { sortBy: 'title' },
        { sortBy: 'meta.created' },
        { sortBy: 'active', sortOrder: 'descending' },
        { sortBy: 'userName' },
      ]) {
        const pages = await walk({ ...order, count: '2' })
        expect(pages.map(({ body }) => body.itemsPerPage)).toEqual([2, 2, 1])
        expect([order, pages.flatMap(namesOf)]).toEqual([order, namesOf(await query(order))])
        for (const { body } of pages) {
          expect(body.totalResults).toBe(5)
          expect(body).not.toHaveProperty('startIndex')
          if (body.nextCursor) expect(body.nextCursor).toMatch(/^[A-Za-z0-9._~-]+$/)
        }
      }
    })

    it('Q20 belong to their query, count and directory; whatever else is invalidCursor, with one message', async () => {
      const other = await pushTo(gatehouse)
      const { nextCursor: cursor } = (await query({ cursor: '', count: '2' })).body
      const refused = [
        await query({ cursor: `${cursor}A`, count: '2' }),
        await query({ cursor: `A${String(cursor).slice(1)}`, count: '2' }),
        await query({ cursor: 'forged', count: '2' }),
        await query({ cursor: 'a b', count: '2' }),
        await query({ cursor, count: '2', filter: 'title pr' }),
        await query({ cursor, count: '2', sortBy: 'title' }),
        await query({ cursor, count: '2' }, '/Groups'),
        await other.scim.get(`/Users?count=2&cursor=${cursor}`),
      ]
      for (const answer of refused) expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidCursor' } })
      expect(new Set(refused.map(({ body }) => body.detail)).size).toBe(1)
      expect(await query({ cursor, count: '3' })).toMatchObject({ status: 400, body: { scimType: 'invalidCount' } })
      expect(await query({ cursor, startIndex: '1' })).toMatchObject({
        status: 400,
        body: { scimType: 'invalidValue' },
      })
    })

    it('Q20 end with the permission to read', async () => {
      const mine = await pushTo(gatehouse)
      for (const _ of [1, 2, 3]) await mine.scim.post('/Users', newUser())
      const { nextCursor: cursor } = (await mine.scim.get('/Users?cursor=&count=1')).body
      const next = () => mine.scim.get(`/Users?cursor=${cursor}&count=1`)
      expect((await next()).status).toBe(200)
      const set = (sql: string) => gatehouse.superuser.rows(sql, [mine.uuid])
      await set(`UPDATE directories SET status = 'PAUSED', organization_mode = NULL WHERE id = $1`)
      expect((await next()).status).toBe(403)
      await set(`UPDATE directories SET status = 'ACTIVE', organization_mode = 'SSO' WHERE id = $1`)
      expect((await next()).status).toBe(200)
      await set('UPDATE scim_tokens SET revoked_at = now() WHERE directory_id = $1')
      expect((await next()).status).toBe(401)
    })

    it('Q20 expire', async () => {
      const { nextCursor: cursor } = (await query({ cursor: '', count: '2' })).body
      const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_601_000)
      try {
        expect(await query({ cursor, count: '2' })).toMatchObject({ status: 400, body: { scimType: 'expiredCursor' } })
      } finally {
        clock.mockRestore()
      }
    })

    it('Q21 meet everybody who stays exactly once while others come and go', async () => {
      const busy = await pushTo(gatehouse)
      const made: string[] = []
      for (let n = 0; n < 30; n += 1) made.push((await busy.scim.post('/Users', newUser())).body.id)
      const seen: string[] = []
      const gone = new Set<string>()
      let cursor: string | undefined = ''
      for (let n = 0; cursor !== undefined; n += 1) {
        const page: ScimAnswer = await busy.scim.get(`/Users?count=4&cursor=${cursor}`)
        seen.push(...page.body.Resources.map(({ id }: { id: string }) => id))
        cursor = page.body.nextCursor
        const victim = made[(n * 7) % 30]!
        if (!gone.has(victim)) await busy.scim.delete(`/Users/${victim}`)
        gone.add(victim)
        await busy.scim.post('/Users', newUser())
      }
      expect(new Set(seen).size).toBe(seen.length)
      for (const id of made) if (!gone.has(id)) expect(seen).toContain(id)
    })
  })
})
