import 'reflect-metadata'
import { startTestCluster, type TestCluster } from './support/test-cluster'

declare global {
  var testCluster: TestCluster | undefined
}

/** Runs once, before jest starts its workers, which inherit the environment. */
export default async function setup(): Promise<void> {
  globalThis.testCluster = await startTestCluster()
  process.env.TEST_POSTGRES_URL_PATTERN = globalThis.testCluster.urlPattern
}
