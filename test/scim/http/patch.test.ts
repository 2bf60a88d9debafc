import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type TestDirectory } from '../../support/scim'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe('PATCH over SCIM', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let strict: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse)
    strict = await pushTo(gatehouse, { isStrict: true })
  })
  afterAll(() => gatehouse.close())

  const made = async (more = {}, { scim } = directory) => (await scim.post('/Users', newUser(more))).body
  /** Makes a person, changes them, and looks at what a GET shows afterwards. */
  const after = async (start: object, ...operations: object[]) => {
    const { id } = await made(start)
    const answer = await directory.scim.patch(`/Users/${id}`, operations)
    expect(answer.status).toBe(200)
    const shown = (await directory.scim.get(`/Users/${id}`)).body
    expect(shown).toEqual(answer.body)
    return shown
  }
  const refusedWith = async (start: object, ...operations: object[]) => {
    const user = await made(start)
    const answer = await directory.scim.patch(`/Users/${user.id}`, operations)
    expect((await directory.scim.get(`/Users/${user.id}`)).body).toEqual(user)
    return [answer.status, answer.body.scimType]
  }
  const WORK = { value: 'w@x.example', type: 'work', primary: true }
  const HOME = { value: 'h@x.example', type: 'home' }

  it('P1 the body is a PatchOp with operations, of which none is a change of nothing', async () => {
    for (const { scim } of [directory, strict]) {
      const user = (await scim.post('/Users', newUser())).body
      const path = `/Users/${user.id}`
      expect(await scim.patch(path, [])).toMatchObject({ status: 200, body: user })
      const invalid = { status: 400, body: { scimType: 'invalidSyntax' } }
      for (const body of [
        { schemas: [PATCH_OP] },
        { schemas: [PATCH_OP], Operations: {} },
        { schemas: [USER], Operations: [] },
      ])
        expect(await scim.send('PATCH', path, body)).toMatchObject(invalid)
      const silent = await scim.send('PATCH', path, { Operations: [] })
      expect(silent).toMatchObject(scim === strict.scim ? invalid : { status: 200 })
    }
  })

  it('P2 operations have any case, in either mode, and there are three of them', async () => {
    for (const to of [directory, strict]) {
      const { id } = await made({}, to)
      for (const op of ['Add', 'REPLACE', 'add']) {
        const answer = await to.scim.patch(`/Users/${id}`, [{ op, path: 'title', value: op }])
        expect(answer).toMatchObject({ status: 200, body: { title: op } })
      }
      expect((await to.scim.patch(`/Users/${id}`, [{ op: 'Remove', path: 'title' }])).body).not.toHaveProperty('title')
      for (const op of ['move', 'copy', '', null, 1])
        expect(await to.scim.patch(`/Users/${id}`, [{ op, path: 'title', value: 'x' }])).toMatchObject({
          status: 400,
          body: { scimType: 'invalidSyntax' },
        })
    }
  })

  it('P3 operations follow one another, each on what the one before left', async () => {
    const shown = await after(
      { title: 'A' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'title', value: 'B' },
      { op: 'replace', path: 'title', value: 'C' },
    )
    expect([shown.title, shown.meta.version]).toEqual(['C', 'W/"2"'])
  })

  it('P5 add without path merges', async () => {
    const shown = await after(
      { title: 'A', emails: [WORK] },
      { op: 'add', value: { title: 'B', nickName: 'N', name: { middleName: 'M' }, emails: [HOME] } },
    )
    expect(shown).toMatchObject({ title: 'B', nickName: 'N', emails: [WORK, HOME] })
    expect(shown.name).toMatchObject({ givenName: 'Pushed', middleName: 'M' })
  })

  it('P5 add replaces one value, appends to many without repeating one, and makes what is missing', async () => {
    const shown = await after(
      { title: 'A', emails: [WORK] },
      { op: 'add', path: 'title', value: 'B' },
      { op: 'add', path: 'emails', value: [HOME, WORK] },
      { op: 'add', path: 'name.honorificPrefix', value: 'Dr' },
      { op: 'add', path: 'phoneNumbers', value: [{ value: '1', type: 'work' }] },
    )
    expect(shown).toMatchObject({
      title: 'B',
      emails: [WORK, HOME],
      name: { honorificPrefix: 'Dr', givenName: 'Pushed' },
      phoneNumbers: [{ value: '1', type: 'work' }],
    })
  })

  it('P6 remove without path is noTarget, and of what is required or read-only mutability', async () => {
    expect(await refusedWith({}, { op: 'remove' })).toEqual([400, 'noTarget'])
    for (const path of ['userName', 'id', 'meta', 'meta.created', 'groups'])
      expect([path, ...(await refusedWith({}, { op: 'remove', path }))]).toEqual([path, 400, 'mutability'])
  })

  it('P6 remove takes away all of a list, what matches, or a part of what matches; what is absent is fine', async () => {
    const start = { emails: [WORK, HOME], title: 'T' }
    expect(await after(start, { op: 'remove', path: 'emails' })).not.toHaveProperty('emails')
    const matched = await after(start, { op: 'remove', path: 'emails[type eq "work"]' })
    expect(matched.emails).toEqual([HOME])
    const part = await after(start, { op: 'remove', path: 'emails[type eq "work"].primary' })
    expect(part.emails).toEqual([{ value: WORK.value, type: 'work' }, HOME])
    const absent = await after(start, { op: 'remove', path: 'nickName' }, { op: 'remove', path: 'ims[type eq "aim"]' })
    expect(absent.meta.version).toBe('W/"1"')
  })

  it('P7 replace without path acts on each attribute; a complex value keeps what is not named, a list does not', async () => {
    const shown = await after(
      { title: 'A', emails: [WORK] },
      { op: 'replace', value: { title: 'B', name: { givenName: 'G' }, emails: [HOME], nickName: 'N' } },
    )
    expect(shown).toMatchObject({ title: 'B', nickName: 'N', emails: [HOME] })
    expect(shown.name).toMatchObject({ givenName: 'G', familyName: expect.stringContaining('Person') })
  })

  it('P7 replace with brackets replaces what matches, or one part of all that match; nothing that matches is noTarget', async () => {
    const start = { emails: [WORK, HOME] }
    const value = { value: 'new@x.example', type: 'work' }
    const replaced = await after(start, { op: 'replace', path: 'emails[type eq "work"]', value })
    expect(replaced.emails).toEqual([value, HOME])
    const part = await after(start, { op: 'replace', path: 'emails[value ew "x.example"].display', value: 'D' })
    expect(part.emails).toEqual([
      { ...WORK, display: 'D' },
      { ...HOME, display: 'D' },
    ])
    for (const path of ['emails[type eq "other"]', 'emails[value eq "nobody"].type', 'emails[not (type pr)].value'])
      expect([
        path,
        ...(await refusedWith(start, { op: 'replace', path, value: path.endsWith(']') ? value : 'x' })),
      ]).toEqual([path, 400, 'noTarget'])
  })

  it.each([
    'title.',
    '.title',
    'emails[',
    'emails[type eq]',
    'emails[type eq "work"',
    'emails[type eq "work"]value',
    'emails[type is "work"].value',
    'emails[shoe eq "work"].value',
    'title[value eq "x"]',
    'shoeSize',
    'name.shoe',
    'emails[type eq "work"].shoe',
    'urn:x:y:title',
    `${ENTERPRISE}:shoe`,
  ])('P8 the path %s is invalidPath', async (path) => {
    expect(await refusedWith({}, { op: 'add', path, value: 'x' })).toEqual([400, 'invalidPath'])
  })

  it('P9 R6 names without path may be dotted, carry a URN, or stand in a container of a URN, in any case', async () => {
    const shown = await after(
      {},
      {
        op: 'replace',
        value: {
          'NAME.GivenName': 'K',
          [`${USER}:title`]: 'T',
          [`${ENTERPRISE}:employeeNumber`]: '7',
          [ENTERPRISE]: { Department: 'D', 'manager.value': 'm' },
          'emails[type eq "work"].value': 'k@x.example',
          shoeSize: 5,
          'urn:okta:custom:1.0': { badge: 1 },
        },
      },
    )
    expect(shown).toMatchObject({
      title: 'T',
      name: { givenName: 'K' },
      emails: [{ value: 'k@x.example', type: 'work', primary: true }],
      [ENTERPRISE]: { employeeNumber: '7', department: 'D', manager: { value: 'm' } },
    })
    expect(JSON.stringify(shown)).not.toMatch(/shoeSize|badge|"name\./i)
  })

  it('P11 R8 what becomes primary is it alone', async () => {
    const start = { emails: [WORK, HOME] }
    const set = await after(start, { op: 'replace', path: 'emails[type eq "home"].primary', value: true })
    expect(set.emails).toEqual([
      { ...WORK, primary: false },
      { ...HOME, primary: true },
    ])
    const added = await after(start, { op: 'add', path: 'emails', value: [{ ...HOME, primary: true }] })
    expect(added.emails.filter(({ primary }: { primary?: boolean }) => primary)).toEqual([{ ...HOME, primary: true }])
  })

  it.each([
    { path: 'active', value: 'notabool' },
    { path: 'active', value: 1 },
    { path: 'emails', value: 'x' },
    { path: 'emails', value: [{ primary: 'maybe' }] },
    { path: 'name', value: 'x' },
    { path: 'title', value: {} },
    { path: 'title', value: 'x'.repeat(5_000) },
    { path: 'title', value: 'NUL \u0000' },
  ])('P13 $path: $value is invalidValue', async (operation) => {
    expect(await refusedWith({}, { op: 'replace', ...operation })).toEqual([400, 'invalidValue'])
  })

  it('P14 in strict mode a changed group is answered in full', async () => {
    const user = await made({}, strict)
    const group = (await strict.scim.post('/Groups', newGroup())).body
    const members = [{ value: user.id }]
    const answer = await strict.scim.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: members }])
    expect(answer).toMatchObject({ status: 200, body: { id: group.id, members } })
    expect(answer.body).toEqual((await strict.scim.get(`/Groups/${group.id}`)).body)
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', '__defineGetter__'])(
    'P15 %s is a name of nothing, wherever it stands',
    async (name) => {
      const { id } = await made()
      const path = `/Users/${id}`
      const patchOf = (operation: string) => `{"schemas":["${PATCH_OP}"],"Operations":[${operation}]}`
      const { scim } = directory
      const answers = [
        await scim.send('PATCH', path, patchOf(`{"op":"add","path":"${name}.polluted","value":"x"}`)),
        await scim.send('PATCH', path, patchOf(`{"op":"add","path":"name.${name}","value":"x"}`)),
        await scim.send('PATCH', path, patchOf(`{"op":"add","path":"emails[${name} eq \\"x\\"].value","value":"x"}`)),
        await scim.get(`/Users?filter=${name} eq "x"`),
        await scim.get(`/Users?filter=name.${name} pr`),
        await scim.get(`/Users?sortBy=${name}`),
      ]
      for (const { status } of answers) expect(status).toBe(400)
      const bodies = [
        await scim.send('POST', '/Users', `{"userName":"p","${name}":{"polluted":"x"}}`),
        await scim.send('PATCH', path, patchOf(`{"op":"add","value":{"${name}":{"polluted":"x"}}}`)),
        await scim.send('PUT', path, `{"userName":"p","name":{"${name}":{"polluted":"x"}}}`),
      ]
      for (const { status } of bodies) expect(status).toBe(400)
      expect(({} as { polluted?: string }).polluted).toBeUndefined()
    },
  )
})
