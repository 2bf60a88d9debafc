import type { Connection } from 'pg'

/**
 * Makes views of connections for pg's own way of sending a statement: the same but for one message, which is not sent. Each
 * connection has one view.
 */
function leavingOut(message: 'describe' | 'sync'): (connection: Connection) => Connection {
  const views = new WeakMap<Connection, Connection>()
  return (connection) => {
    const known = views.get(connection)
    if (known) return known
    const made = Object.create(connection, { [message]: { value: () => {} } }) as Connection
    views.set(connection, made)
    return made
  }
}

/** For what one Sync at the end of a packet stands behind. */
export const withoutSync = leavingOut('sync')
/** For statements whose columns are known. */
export const withoutDescribe = leavingOut('describe')
