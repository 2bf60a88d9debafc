import { deepStrictEqual } from 'node:assert'
import type { Contestant } from './contestant'
import { type LoadRequest, type Operation, unique } from './operations'

const SAMPLES = 5
// Ids and cursors are written differently; addresses and times of invitations are new each time; the bare handler knows few reasons.
const APART: ReadonlySet<string> = new Set(['id', 'endCursor', 'expiresAt', 'context'])

/** Asks both the same questions. @throws Error when they do not answer the same rows and fields in the same order */
export async function assertAgreement(operation: Operation, product: Contestant, bare: Contestant): Promise<void> {
  const last = operation.product.length - 1
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const index = Math.floor((sample * last) / (SAMPLES - 1))
    deepStrictEqual(await common(product, operation.product[index]!), await common(bare, operation.bare[index]!))
  }
}

async function common(contestant: Contestant, request: LoadRequest): Promise<unknown> {
  const text = JSON.stringify(await contestant.ask(unique(request)))
  return JSON.parse(text, (key, value: unknown) => (APART.has(key) || isGuest(value) ? null : value))
}

function isGuest(value: unknown): boolean {
  return typeof value === 'string' && /^guest\d+@/.test(value)
}
