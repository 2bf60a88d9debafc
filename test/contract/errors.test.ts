import { ERROR_CODES, type ErrorCode } from '../../src/kernel/errors'
import { expectGolden } from '../support/golden'

// These end the whole operation, wherever they arise; the others are expected and stand beside the data.
const ENDING: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'COST_EXCEEDED',
  'BAD_USER_INPUT',
  'UNAVAILABLE',
  'INTERNAL',
])

const INTRODUCTION = `# Errors

Every code Gatehouse answers with. A code never changes its meaning; texts may. Decide on the code, never on the message.
The table is made from \`src/kernel/errors.ts\` by \`test/contract/errors.test.ts\` (\`UPDATE_GOLDEN=1\`).

**userErrors**: in the \`userErrors\` of a mutation, with the path of the argument at fault; of a query, in \`errors\` under
\`extensions.code\`, where NOT_FOUND is mostly a plain null and FORBIDDEN a null named in \`extensions.denied\`.
**errors**: in the top-level \`errors\`, and as the HTTP status of the response.
The HTTP status of the others counts where there is no GraphQL, such as on pages.

| Code | HTTP | Meaning | Remedy | Appears in |
|---|---|---|---|---|
`

describe('docs/ERRORS.md', () => {
  it('lists every error code with its status, meaning and remedy, and no other', () => {
    const rows = Object.entries(ERROR_CODES).map(([code, { status, meaning, remedy }]) => {
      const place = ENDING.has(code as ErrorCode) ? 'errors' : 'userErrors'
      return `| \`${code}\` | ${status} | ${meaning} | ${remedy} | ${place} |`
    })
    expectGolden('docs/ERRORS.md', `${INTRODUCTION}${rows.join('\n')}\n`)
  })
})
