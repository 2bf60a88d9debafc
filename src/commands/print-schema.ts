import { readFileSync, writeFileSync } from 'node:fs'
import { printGraphQLSchema } from '../graphql/schema'

/** Writes schema.graphql from the code; with `--check` fails when the committed file differs. */
const text = printGraphQLSchema()
if (!process.argv.includes('--check')) {
  writeFileSync('schema.graphql', text)
} else if (readFileSync('schema.graphql', 'utf8') === text) {
  console.log('schema.graphql is current')
} else {
  console.error('schema.graphql differs from the code. Run `npm run schema` and commit the result.')
  process.exitCode = 1
}
