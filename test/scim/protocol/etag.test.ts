import { errorBody, isNotModified, refusal, requireMatch, ScimError, weakETag } from '../../../scim/protocol'
import { refusalOf } from './support'

const CURRENT = weakETag(17)

describe('entity tags', () => {
  it('V1 are weak', () => expect(CURRENT).toBe('W/"17"'))

  it.each([undefined, 'W/"17"', '"17"', '17', 'w/"17"', '*', ' * ', 'W/"3", W/"17"', '"3","17"'])(
    'V2 V4 If-Match %j goes on',
    (ifMatch) => expect(() => requireMatch(ifMatch, CURRENT)).not.toThrow(),
  )

  it.each(['W/"16"', '"1"', '', 'W/', '"', ',', '"17', 'W/"3", W/"4"'])('V2 If-Match %j is 412', (ifMatch) => {
    expect(refusalOf(() => requireMatch(ifMatch, CURRENT))).toMatchObject({ status: 412, scimType: undefined })
  })

  it('C4 If-None-Match is 304 for the version that the client has', () => {
    expect([undefined, 'W/"16"', 'W/"17"', '*'].map((header) => isNotModified(header, CURRENT))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('errors', () => {
  it('E1 have a status that is a text', () => {
    expect(errorBody(refusal('uniqueness', 'Taken.'))).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '409',
      scimType: 'uniqueness',
      detail: 'Taken.',
    })
  })

  it('E2 have no scimType where there is none', () => {
    expect(errorBody(new ScimError(404, undefined, 'Gone.'))).not.toHaveProperty('scimType')
  })

  it('E3 statuses follow from the scimType', () => {
    const types = ['invalidFilter', 'tooMany', 'uniqueness', 'mutability', 'sensitive', 'expiredCursor'] as const
    expect(types.map((type) => refusal(type, '').status)).toEqual([400, 400, 409, 400, 403, 400])
  })

  it('E3 keep their cause to themselves', () => {
    const error = refusal('invalidValue', 'x', new Error('SELECT secret')).at('Operations[0]')
    expect(error.cause).toBeInstanceOf(Error)
    expect(JSON.stringify(errorBody(error))).not.toContain('SELECT')
  })
})
