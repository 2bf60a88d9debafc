import { setTimeout as wait } from 'node:timers/promises'
import { Gatherings } from '../../src/platform/gatherings'

describe('Items that are gathered', () => {
  let begun: string[]
  let ends: Map<string, () => void>
  let gatherings: Gatherings<string>

  const gather = (patienceMilliseconds: number, keyOf?: (item: string) => string) => {
    begun = []
    ends = new Map()
    gatherings = new Gatherings({
      mostTogether: 5,
      patienceMilliseconds,
      ...(keyOf && { keyOf }),
      run: (group, items) => {
        const name = items.join('')
        begun.push(group === '' ? name : `${group}:${name}`)
        return new Promise((resolve) => ends.set(name, resolve))
      },
    })
  }
  const join = (items: string, group = '') => {
    for (const item of items) gatherings.join(group, item)
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await wait(0)
  }

  it('go alone while fewer than two are under way, and then with all that came meanwhile, in their order', async () => {
    gather(10_000)
    join('abcde')
    expect(begun).toEqual(['a', 'b'])
    await end('a')
    expect(begun).toEqual(['a', 'b', 'cde'])
  })

  it('wait for those who were answered, until half of all have come', async () => {
    gather(10_000)
    join('abcdef')
    await end('a')
    join('a')
    expect(begun).toEqual(['a', 'b', 'cdef'])
    await end('b')
    expect(begun).toHaveLength(3)
    join('b')
    expect(begun.slice(3)).toEqual(['ab'])
    await end('cdef')
    join('cd')
    expect(begun).toHaveLength(4)
    join('e')
    expect(begun.slice(4)).toEqual(['cde'])
    join('f')
    await end('ab')
    join('a')
    expect(begun).toHaveLength(5)
    join('b')
    expect(begun.slice(5)).toEqual(['fab'])
    for (const name of ['cde', 'fab']) await end(name)
    join('abcdef')
    expect(begun.slice(6)).toEqual(['abc', 'def'])
    for (const name of ['abc', 'def']) await end(name)
  })

  it('wait no longer than it is worth for those who do not come back', async () => {
    gather(5)
    join('abcdef')
    await end('a')
    await end('b')
    await end('cdef')
    join('a')
    expect(begun.slice(3)).toEqual([])
    await wait(30)
    expect(begun.slice(3)).toEqual(['a'])
  })

  it('wait for nobody once those who were answered have stayed away', async () => {
    gather(5)
    join('abcdef')
    for (const name of ['a', 'b', 'cdef']) await end(name)
    await wait(30)
    join('z')
    expect(begun.slice(3)).toEqual(['z'])
  })

  it('wait for nobody of another group', async () => {
    gather(10_000)
    join('abcd', 'one')
    join('abcd', 'other')
    expect(begun).toEqual(['one:a', 'one:b', 'other:a', 'other:b'])
  })

  it('are at most so many together, however many are expected', async () => {
    gather(10_000)
    join('abcdefghijkl')
    await end('a')
    await end('b')
    expect(begun).toEqual(['a', 'b', 'cdefg', 'hijkl'])
  })

  it('of one key are never together, and stay in their order', async () => {
    gather(5, (item) => item.toLowerCase())
    join('abcCdcC')
    await end('a')
    await wait(30)
    expect(begun).toEqual(['a', 'b', 'cd'])
    for (const name of ['b', 'cd']) await end(name)
    await wait(30)
    expect(begun.slice(3)).toEqual(['C', 'c'])
  })
})
