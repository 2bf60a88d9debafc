import type { Spine } from '../../src/access'
import type { BulkLimits, PageSizes } from '../protocol'
import type { RateLimit } from './rate-limit'

/** What the SCIM surface needs. */
export interface ScimOptions {
  readonly spine: Spine
  /** Where clients reach this installation; without a slash at the end. */
  readonly publicUrl: string
  readonly rateLimit: RateLimit
  readonly logError: (error: unknown, what: string) => void
}

/** What is advertised is what is enforced. Clients that do not say how many they want rarely look for a second page. */
export const PAGE_SIZES: PageSizes = { defaultPageSize: 1_000, maxPageSize: 1_000 }

export const BULK_LIMITS: BulkLimits = { maxOperations: 1_000, maxPayloadSize: 1024 * 1024 }

/** Bytes of any body: a full replacement of 100,000 members is about 5 million. */
export const BODY_LIMIT = 8 * 1024 * 1024
