import { MAX_FILTER_DEPTH, MAX_FILTER_NODES } from '../bounds'
import { quoted, type ScimError } from '../errors'
import { type Filter, join, type Literal, OPERATORS, type Operator } from './syntax'
import { type Expression, type Token, tokenize, unreadable } from './tokenizer'

/** The path of a PATCH operation as it was written: `name`, `name[filter]` or `name[filter].sub`. */
export interface PathSyntax {
  readonly name: string
  readonly filter: Filter | undefined
  /** The name after the bracket. A sub-attribute without bracket is part of `name`. */
  readonly sub: string | undefined
}

/**
 * Reads a filter (RFC 7644 §3.4.2.2): `not` binds before `and`, `and` before `or`. Names and operators may have any
 * case. Beyond the grammar it takes `emails[type eq "work"].value eq "x"`, which Entra sends, and means the same element.
 *
 * @param text  at most MAX_EXPRESSION_LENGTH characters, MAX_FILTER_DEPTH deep, MAX_FILTER_NODES parts
 * @throws      invalidFilter for anything else; never a filter that matches more than was asked
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(text, 'filter')
  const filter = parser.filter()
  parser.end()
  return filter
}

/**
 * Reads the path of a PATCH operation (RFC 7644 §3.5.2 figure 7).
 *
 * @throws invalidPath, also for what is wrong inside the brackets
 */
export function parsePath(text: string): PathSyntax {
  const parser = new Parser(text, 'path')
  const path = parser.path()
  parser.end()
  return path
}

/** Recursive descent; `depth` and `nodes` bound the stack and the work. */
class Parser {
  private readonly expression: Expression
  private readonly tokens: readonly Token[]
  private index = 0
  private depth = 0
  private nodes = 0
  private isInElement = false

  constructor(text: string, expression: Expression) {
    this.expression = expression
    this.tokens = tokenize(text, expression)
  }

  path(): PathSyntax {
    const name = this.name()
    if (!this.takeSymbol('[')) return { name, filter: undefined, sub: undefined }
    const filter = this.elementFilter()
    const sub = this.takeSubAttribute()
    return { name, filter, sub }
  }

  filter(): Filter {
    return this.joined('or', () => this.joined('and', () => this.unary()))
  }

  end(): void {
    if (this.peek().kind !== 'end') throw this.unexpected('the end')
  }

  private joined(kind: 'and' | 'or', operand: () => Filter): Filter {
    const operands = [operand()]
    while (this.takeWord(kind)) {
      this.countNode()
      operands.push(operand())
    }
    return join(kind, operands)
  }

  private unary(): Filter {
    this.countNode()
    if (this.takeWord('not')) {
      if (!this.takeSymbol('(')) throw this.unexpected('"(" after "not"')
      return { kind: 'not', operand: this.grouped() }
    }
    if (this.takeSymbol('(')) return this.grouped()
    return this.attributeExpression()
  }

  private grouped(): Filter {
    return this.nested(() => {
      const filter = this.filter()
      if (!this.takeSymbol(')')) throw this.unexpected('")"')
      return filter
    })
  }

  private attributeExpression(): Filter {
    const name = this.name()
    if (!this.takeSymbol('[')) return this.comparison(name)
    const filter = this.elementFilter()
    const sub = this.takeSubAttribute()
    if (sub === undefined) return { kind: 'element', name, filter }
    this.countNode()
    return { kind: 'element', name, filter: join('and', [filter, this.comparison(sub)]) }
  }

  /** What stands in brackets. Elements have no elements (erratum 4690), but parentheses are allowed (erratum 7322). */
  private elementFilter(): Filter {
    if (this.isInElement) throw this.refusal('has brackets inside brackets, which no attribute has')
    return this.nested(() => {
      this.isInElement = true
      const filter = this.filter()
      if (!this.takeSymbol(']')) throw this.unexpected('"]"')
      this.isInElement = false
      return filter
    })
  }

  private comparison(name: string): Filter {
    const token = this.next()
    const word = token.kind === 'word' ? token.text.toLowerCase() : ''
    if (word === 'pr') return { kind: 'present', name }
    if (!isOperator(word))
      throw this.unexpected(`an operator after ${quoted(name)}: pr, ${OPERATORS.join(', ')}`, token)
    return { kind: 'compare', name, operator: word, value: this.literal() }
  }

  private literal(): Literal {
    const token = this.next()
    if (token.kind === 'string') return token.value
    const value = token.kind === 'word' ? literalOf(token.text) : undefined
    if (value === undefined) throw this.unexpected('a text in ", a number, true, false or null', token)
    return value
  }

  /** A name begins with a letter, or with $ as `$ref` does. */
  private name(): string {
    const token = this.next()
    if (token.kind !== 'word' || !/^[$A-Za-z]/.test(token.text))
      throw this.unexpected('the name of an attribute', token)
    return token.text
  }

  private takeSubAttribute(): string | undefined {
    const token = this.peek()
    if (token.kind !== 'word' || !token.text.startsWith('.')) return undefined
    this.index++
    return token.text.slice(1)
  }

  private takeSymbol(symbol: string): boolean {
    const token = this.peek()
    return this.takeIf(token.kind === 'symbol' && token.text === symbol)
  }

  private takeWord(word: string): boolean {
    const token = this.peek()
    return this.takeIf(token.kind === 'word' && token.text.toLowerCase() === word)
  }

  private takeIf(isIt: boolean): boolean {
    if (isIt) this.index++
    return isIt
  }

  private peek(): Token {
    return this.tokens[this.index]!
  }

  /** The last token is taken again and again. */
  private next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.index++
    return token
  }

  private nested(read: () => Filter): Filter {
    if (++this.depth > MAX_FILTER_DEPTH) throw this.refusal(`nests deeper than ${MAX_FILTER_DEPTH} levels`)
    const filter = read()
    this.depth--
    return filter
  }

  private countNode(): void {
    if (++this.nodes > MAX_FILTER_NODES)
      throw this.refusal(`has more than ${MAX_FILTER_NODES} parts; ask for less at a time`)
  }

  private unexpected(expected: string, token: Token = this.peek()): ScimError {
    const found = token.kind === 'end' ? 'ends' : `has ${quoted(textOf(token))} at character ${token.at}`
    return this.refusal(`${found} where ${expected} was expected`)
  }

  private refusal(why: string): ScimError {
    return unreadable(this.expression, why)
  }
}

function textOf(token: Token): string {
  if (token.kind === 'end') return ''
  return token.kind === 'string' ? token.value : token.text
}

function isOperator(word: string): word is Operator {
  return (OPERATORS as readonly string[]).includes(word)
}

const KEYWORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** The keywords in any case, and numbers as JSON writes them. */
function literalOf(word: string): Literal | undefined {
  const keyword = KEYWORDS.get(word.toLowerCase())
  if (keyword !== undefined) return keyword
  if (!/^-?\d/.test(word)) return undefined
  try {
    const value = JSON.parse(word) as number
    return Number.isFinite(value) ? value : undefined
  } catch {
    return undefined
  }
}
