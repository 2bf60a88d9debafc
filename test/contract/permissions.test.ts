import { PERMISSIONS, type Permission, SYSTEM_ROLES } from '../../src/access'
import { expectGolden } from '../support/golden'

const INTRODUCTION = `What each built-in role allows. Made from src/access/permissions.ts by test/contract/permissions.test.ts (UPDATE_GOLDEN=1).
A role of scope PROJECT allows it in the project it is given for; an Admin has every permission in every project.
! sensitive: changes who has access, or shows secrets.`

describe('docs/PERMISSIONS.txt', () => {
  it('says which role holds which permission', () => {
    const roles = Object.values(SYSTEM_ROLES)
    const rows = (Object.keys(PERMISSIONS) as Permission[]).map((permission) => {
      const { title, scope, isSensitive } = PERMISSIONS[permission]
      const held = roles.map((role) => (role.permissions.has(permission) ? 'yes' : '-'))
      return [isSensitive ? '!' : '', permission, scope, ...held, title]
    })
    const table = [['', 'permission', 'scope', ...roles.map(({ name }) => name), 'allows to'], ...rows]
    const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
    const lines = table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    expectGolden('docs/PERMISSIONS.txt', `${INTRODUCTION}\n\n${lines.join('\n')}\n`)
  })
})
