/** How those who wait are gathered, and what is done with them. */
export interface GatheringRules<Item> {
  /** Items at once, 1.. */
  readonly mostTogether: number
  /** How long those who were answered are expected back when nobody comes, and the others held for them. */
  readonly patienceMilliseconds: number
  /** What an item keeps to itself: two with one key are never together. */
  readonly keyOf?: (item: Item) => string
  /** Does it for all of them. Resolves when everybody is answered; never rejects. */
  readonly run: (group: string, items: readonly Item[]) => Promise<void>
}

// While PostgreSQL works on one, the process works on what the other has brought.
const MOST_UNDER_WAY = 2

/** Those of one group. */
interface Gathering<Item> {
  underWay: number
  /** In all that is under way. */
  items: number
  waiting: Item[]
  /** Were answered a moment ago. */
  due: number
  readonly patience: NodeJS.Timeout
}

/**
 * Lets items of one group be done together: what comes while two are under way goes into the next. Whoever keeps some
 * connections busy comes back with the next item over each as soon as it is answered, so those who were answered are
 * waited for until half of all have come: without, the first would go alone and all others behind it, and little would be
 * shared. Whoever comes while nobody is expected waits for nothing.
 */
export class Gatherings<Item> {
  readonly #gatherings = new Map<string, Gathering<Item>>()

  constructor(private readonly rules: GatheringRules<Item>) {}

  join(group: string, item: Item): void {
    const gathering = this.#gatherings.get(group) ?? this.#open(group)
    gathering.waiting.push(item)
    if (gathering.due > 0) {
      gathering.due -= 1
      gathering.patience.refresh()
    }
    this.#begin(group, gathering)
  }

  #open(group: string): Gathering<Item> {
    const gathering: Gathering<Item> = {
      underWay: 0,
      items: 0,
      waiting: [],
      due: 0,
      patience: setTimeout(() => {
        gathering.due = 0
        this.#begin(group, gathering)
      }, this.rules.patienceMilliseconds).unref(),
    }
    this.#gatherings.set(group, gathering)
    return gathering
  }

  #begin(group: string, gathering: Gathering<Item>): void {
    while (gathering.underWay < MOST_UNDER_WAY && this.#isEnough(gathering)) void this.#run(group, gathering)
    const { underWay, waiting, due, patience } = gathering
    if (underWay > 0 || waiting.length > 0 || due > 0) return
    clearTimeout(patience)
    this.#gatherings.delete(group)
  }

  /** Whether those that wait are half of all, so that what is under way carries alike, or nobody else is expected. */
  #isEnough({ waiting, items, due }: Gathering<Item>): boolean {
    const half = Math.ceil((items + waiting.length + due) / MOST_UNDER_WAY)
    return waiting.length > 0 && (due === 0 || waiting.length >= Math.min(half, this.rules.mostTogether))
  }

  async #run(group: string, gathering: Gathering<Item>): Promise<void> {
    const items = this.#take(gathering)
    gathering.underWay += 1
    gathering.items += items.length
    await this.rules.run(group, items)
    gathering.underWay -= 1
    gathering.items -= items.length
    gathering.due += items.length
    gathering.patience.refresh()
    this.#begin(group, gathering)
  }

  /** The first that waits, and those behind it whose keys differ; the others go on waiting. */
  #take(gathering: Gathering<Item>): Item[] {
    const { mostTogether, keyOf } = this.rules
    if (!keyOf) return gathering.waiting.splice(0, mostTogether)
    const taken = new Map<string, Item>()
    const left: Item[] = []
    for (const item of gathering.waiting) {
      const key = keyOf(item)
      if (taken.size < mostTogether && !taken.has(key)) taken.set(key, item)
      else left.push(item)
    }
    gathering.waiting = left
    return [...taken.values()]
  }
}
