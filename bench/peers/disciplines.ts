import type { ScimRun } from '../scim/load'
import type { Pusher } from '../scim/pusher'
import type { Discipline, DisciplineName } from './race'

/** How long to load, and how often. */
export interface RaceLength {
  /** That are stored when look-ups begin. */
  readonly users: number
  readonly warmUpMilliseconds: number
  readonly sliceMilliseconds: number
  readonly rounds: number
}

export const FULL_LENGTH: RaceLength = {
  users: 10_000,
  warmUpMilliseconds: 10_000,
  sliceMilliseconds: 3_000,
  rounds: 5,
}
// With less warm-up the larger program looks twice as slow.
export const QUICK_LENGTH: RaceLength = { users: 1_000, warmUpMilliseconds: 8_000, sliceMilliseconds: 1_500, rounds: 3 }

type Work = (pusher: Pusher, milliseconds: number) => Promise<ScimRun>

const PAGE = 100
// One request of the slowest server takes a quarter of a minute.
const ROUNDS_OF_LARGEST = 2
/** More users would take it minutes; that it looks among fewer is to its advantage. */
export const MOST_OF_BETTER_AUTH = 2_000

/** What is raced, in the order in which one server can do it. */
export function disciplines(length: RaceLength): readonly Discipline[] {
  const timed = (name: DisciplineName, work: Work, rest: Partial<Discipline> = {}): Discipline => ({
    name,
    rounds: length.rounds,
    isFor: () => true,
    warmUp: ({ pusher }) => work(pusher, length.warmUpMilliseconds),
    slice: ({ pusher }) => work(pusher, length.sliceMilliseconds),
    ...rest,
  })
  // By now each holds as many as it could create in the same time: all walk as far as the one with the fewest.
  const pages = Math.min(length.users, MOST_OF_BETTER_AUTH) / PAGE
  const walked = (by: 'index' | 'cursor', isFor: Discipline['isFor']): Discipline =>
    timed(`pages by ${by}`, (pusher, milliseconds) => pusher.walk(by, PAGE, pages, milliseconds), { isFor })
  return [
    timed('create user', (pusher, milliseconds) => pusher.create(milliseconds)),
    timed('find by userName', (pusher, milliseconds) => pusher.find(milliseconds)),
    timed('get user', (pusher, milliseconds) => pusher.get(milliseconds)),
    // Ahead of the groups: whose people show them would answer more than the others.
    walked('index', () => true),
    walked('cursor', ({ hasCursors }) => hasCursors),
    timed('deactivate user', (pusher, milliseconds) => pusher.deactivate(milliseconds)),
    timed('add 1 member', (pusher, milliseconds) => pusher.addOne(milliseconds)),
    timed('add 100 members', (pusher, milliseconds) => pusher.addMany(100, milliseconds)),
    timed('add 1,000 members', (pusher, milliseconds) => pusher.addMany(1_000, milliseconds), {
      isFor: ({ mostAtOnce }) => mostAtOnce >= 1_000,
    }),
    timed('add 10,000 members', (pusher, milliseconds) => pusher.addMany(10_000, milliseconds), {
      rounds: ROUNDS_OF_LARGEST,
      isFor: ({ users, mostAtOnce }) => Math.min(users, mostAtOnce) >= 10_000,
      warmUp: async () => undefined,
    }),
  ]
}
