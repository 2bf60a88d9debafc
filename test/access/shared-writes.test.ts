import { anonymousCaller, SharedWrites } from '../../src/access'
import { NothingKept, type Writing } from '../../src/access/writing'
import { AppError } from '../../src/kernel/errors'

/** A write of the number in it; those above 100 are refused. */
function writingOf(input: number): Writing<number> {
  const caller = anonymousCaller({ id: `req_${input}`, ip: null, userAgent: null })
  return { input, caller, began: () => {}, proven: () => {} }
}

/** Numbers in each transaction that was tried, and how many were under way at once. */
interface Seen {
  readonly transactions: number[][]
  most: number
}

describe('Writes that share transactions', () => {
  let writes: SharedWrites
  let seen: Seen

  beforeEach(() => {
    writes = new SharedWrites()
    seen = { transactions: [], most: 0 }
  })

  let underWay = 0
  const together = async (writings: readonly Writing<number>[]): Promise<string[]> => {
    const numbers = writings.map(({ input }) => input)
    seen.transactions.push(numbers)
    underWay += 1
    seen.most = Math.max(seen.most, underWay)
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay -= 1
    const refused = numbers.find((number) => number > 100)
    if (refused) throw new NothingKept(new AppError('NOT_FOUND', `${refused} is not here`))
    return numbers.map((number) => `wrote ${number}`)
  }
  const write = (input: number, key = String(input).padStart(3, '0'), group = 'one') =>
    writes.join(group, key, writingOf(input), together)
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  it('go alone while two are under way, and then with all that came meanwhile, each with its own answer', async () => {
    const answers = await Promise.all(upTo(9).map((number) => write(number)))
    expect(answers).toEqual(upTo(9).map((number) => `wrote ${number}`))
    expect(seen).toEqual({ transactions: [[1], [2], [3, 4, 5, 6, 7, 8, 9]], most: 2 })
  })

  it('are at most 16 together', async () => {
    await Promise.all(upTo(40).map((number) => write(number)))
    expect(seen.transactions.map(({ length }) => length)).toEqual([1, 1, 16, 16, 6])
  })

  it('take their locks in the order of their keys', async () => {
    await Promise.all([7, 8, 6, 4, 5].map((number) => write(number)))
    expect(seen.transactions).toEqual([[7], [8], [4, 5, 6]])
  })

  it('of one key never share, and stay in their order', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((number) => write(number, number > 2 ? 'same' : String(number))))
    expect(seen.transactions).toEqual([[1], [2], [3], [4], [5]])
  })

  it('of other groups wait for nobody', async () => {
    await Promise.all(upTo(6).map((number) => write(number, undefined, `group ${number}`)))
    expect(seen).toEqual({ transactions: upTo(6).map((number) => [number]), most: 6 })
  })

  it('are tried again alone when one of them is refused, whose refusal is nobody else’s', async () => {
    const answers = await Promise.allSettled([1, 2, 3, 104, 5, 106].map((number) => write(number)))
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.message))).toEqual([
      'wrote 1',
      'wrote 2',
      'wrote 3',
      '104 is not here',
      'wrote 5',
      '106 is not here',
    ])
    expect(seen.transactions.slice(2)).toEqual([[3, 5, 104, 106], [3], [5], [104], [106]])
  })

  it('are not tried again when nobody knows what became of them', async () => {
    const lost = new AppError('UNAVAILABLE', 'The database went away.')
    const losing = async (writings: readonly Writing<number>[]) => {
      await together(writings)
      throw lost
    }
    const answers = await Promise.allSettled(upTo(5).map((n) => writes.join('one', String(n), writingOf(n), losing)))
    expect(answers).toEqual(upTo(5).map(() => ({ status: 'rejected', reason: lost })))
    expect(seen.transactions).toEqual([[1], [2], [3, 4, 5]])
  })
})
