import './global-setup'

/** Runs once, in the process of the set-up, after the last test file. */
export default async function teardown(): Promise<void> {
  await globalThis.testCluster?.remove()
}
