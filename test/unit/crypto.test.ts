import { randomBytes } from 'node:crypto'
import { newId } from '../../src/kernel/ids'
import { createSealer, hashToken, makeToken, readToken } from '../../src/platform/crypto'
import { rounds } from '../support/soak'

describe('tokens', () => {
  it('of an organization carry its id, so that no look-up is needed to find their row', () => {
    const organizationId = newId()
    const { token, hash } = makeToken('organizationSession', organizationId)
    expect(token).toMatch(/^gos_[0-9A-Za-z]+$/)
    expect(readToken('organizationSession', token)).toEqual({ organizationId, hash })
    expect(hash).toEqual(hashToken(token))
  })

  it('of an account carry none', () => {
    const { token, hash } = makeToken('accountSession', null)
    expect(readToken('accountSession', token)).toEqual({ organizationId: null, hash })
  })

  it('keep organizations whose id begins with zeros', () => {
    const organizationId = '00000000-0000-7000-8000-00000000000a'
    for (let round = 0; round < rounds(200, 50_000); round += 1)
      expect(readToken('invitation', makeToken('invitation', organizationId).token)?.organizationId).toBe(
        organizationId,
      )
  })

  it('with one character changed, added or missing are refused before any query', () => {
    const { token } = makeToken('invitation', newId())
    for (let position = 0; position < token.length; position += 1) {
      const changed = `${token.slice(0, position)}${token[position] === 'x' ? 'y' : 'x'}${token.slice(position + 1)}`
      expect(readToken('invitation', changed)).toBeNull()
    }
    expect(readToken('invitation', `${token}0`)).toBeNull()
    expect(readToken('invitation', token.slice(0, -1))).toBeNull()
    expect(readToken('invitation', token.slice(4))).toBeNull()
  })

  it('of one kind open nothing of another', () => {
    const { token } = makeToken('invitation', newId())
    expect(readToken('organizationSession', token)).toBeNull()
    expect(readToken('accountSession', token)).toBeNull()
  })

  it('are never made twice', () => {
    const tokens = Array.from({ length: rounds(2_000, 500_000) }, () => makeToken('accountSession', null).token)
    expect(new Set(tokens).size).toBe(tokens.length)
  })
})

describe('the sealer', () => {
  const [current, previous] = [randomBytes(32), randomBytes(32)]

  it('opens what it sealed, in its own place only', () => {
    const sealer = createSealer([current])
    const sealed = sealer.seal('a link', 'outbox/1/2')
    expect(sealed.includes('a link')).toBe(false)
    expect(sealer.open(sealed, 'outbox/1/2')).toBe('a link')
    expect(() => sealer.open(sealed, 'outbox/1/3')).toThrow('does not open')
  })

  it('opens old values after the key was changed, and seals with the new one', () => {
    const old = createSealer([previous]).seal('old', 'x')
    const sealer = createSealer([current, previous])
    expect(sealer.open(old, 'x')).toBe('old')
    expect(() => createSealer([previous]).open(sealer.seal('new', 'x'), 'x')).toThrow('GATEHOUSE_MASTER_KEY')
  })

  it('notices every flipped byte', () => {
    const sealer = createSealer([current])
    const sealed = sealer.seal('secret', 'x')
    for (let position = 0; position < sealed.length; position += 1) {
      const flipped = Buffer.from(sealed)
      flipped[position]! ^= 1
      expect(() => sealer.open(flipped, 'x')).toThrow('does not open')
    }
  })
})
