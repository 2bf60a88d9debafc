import type { Child } from '../child'
import type { Pusher } from '../scim/pusher'

/** A contestant: a server, what pushes to it, and what it is able to do. */
export interface Entrant {
  readonly name: EntrantName
  readonly server: Child
  readonly pusher: Pusher
  /** Users that are there when look-ups begin. */
  readonly users: number
  /** Most members that one request may add. */
  readonly mostAtOnce: number
  readonly hasCursors: boolean
}

export type EntrantName = 'gatehouse' | 'saml-jackson' | 'better-auth'
