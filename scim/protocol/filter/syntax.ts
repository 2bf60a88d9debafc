/** The comparisons of RFC 7644 §3.4.2.2. */
export const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const

export type Operator = (typeof OPERATORS)[number]

/** What an attribute may be compared with. */
export type Literal = string | number | boolean | null

/** A filter as it was written: names are not looked up yet. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  /** `name pr` */
  | { readonly kind: 'present'; readonly name: string }
  | { readonly kind: 'compare'; readonly name: string; readonly operator: Operator; readonly value: Literal }
  /** `name[filter]`: one and the same element matches all of it. */
  | { readonly kind: 'element'; readonly name: string; readonly filter: Filter }

/** Joins filters; one stays itself, and a join inside the same join dissolves, so that equal meanings look equal. */
export function join(kind: 'and' | 'or', filters: readonly Filter[]): Filter {
  const operands = filters.flatMap((filter) => (filter.kind === kind ? filter.operands : [filter]))
  const [only, second] = operands
  return only && !second ? only : { kind, operands }
}

/** Writes a filter so that parsing the text gives the same filter again. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.map((operand) => printOperand(filter.kind, operand)).join(` ${filter.kind} `)
    case 'not':
      return `not (${printFilter(filter.operand)})`
    case 'present':
      return `${filter.name} pr`
    case 'compare':
      return `${filter.name} ${filter.operator} ${JSON.stringify(filter.value)}`
    case 'element':
      return `${filter.name}[${printFilter(filter.filter)}]`
  }
}

function printOperand(kind: 'and' | 'or', operand: Filter): string {
  const needsParentheses = kind === 'and' && operand.kind === 'or'
  return needsParentheses ? `(${printFilter(operand)})` : printFilter(operand)
}
