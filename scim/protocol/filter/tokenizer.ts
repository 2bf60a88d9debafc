import { MAX_EXPRESSION_LENGTH } from '../bounds'
import { quoted, refusal, type ScimError } from '../errors'
import { isStorable } from '../text'

/** A piece of a filter or path; `at` is the number of its first character, from 1. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: '(' | ')' | '[' | ']'; readonly at: number }
  | { readonly kind: 'end'; readonly at: number }

/** Whether a filter or the path of a PATCH is read: it decides the scimType of what is refused. */
export type Expression = 'filter' | 'path'

/**
 * Cuts an expression into tokens in one pass over its characters.
 *
 * @param text  at most MAX_EXPRESSION_LENGTH characters
 * @returns     the tokens, the last of which is `end`
 * @throws      invalidFilter or invalidPath, with the place
 */
export function tokenize(text: string, expression: Expression): readonly Token[] {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw unreadable(expression, `is longer than ${MAX_EXPRESSION_LENGTH} characters; ask for less at a time`)
  }
  const tokens: Token[] = []
  let index = 0
  while (index < text.length) {
    const character = text[index]!
    if (character === ' ' || character === '\t') {
      index++
      continue
    }
    const [token, end] = tokenAt(text, index, expression)
    tokens.push(token)
    index = end
  }
  tokens.push({ kind: 'end', at: text.length + 1 })
  return tokens
}

/** The typed error for an expression that cannot be read. */
export function unreadable(expression: Expression, why: string): ScimError {
  return refusal(expression === 'filter' ? 'invalidFilter' : 'invalidPath', `The ${expression} ${why}.`)
}

function tokenAt(text: string, start: number, expression: Expression): [Token, end: number] {
  const character = text[start]!
  const at = start + 1
  if (character === '(' || character === ')' || character === '[' || character === ']') {
    return [{ kind: 'symbol', text: character, at }, start + 1]
  }
  if (character === '"') {
    const end = endOfString(text, start, expression)
    return [{ kind: 'string', value: stringAt(text.slice(start, end), at, expression), at }, end]
  }
  let end = start
  while (end < text.length && isWordCharacter(text.charCodeAt(end))) end++
  if (end > start) return [{ kind: 'word', text: text.slice(start, end), at }, end]
  throw unreadable(expression, `has an unexpected ${quoted(character)} at character ${at}; quote texts with "`)
}

/** The index after the closing quote. */
function endOfString(text: string, start: number, expression: Expression): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === '"') return index + 1
  }
  throw unreadable(expression, `has no closing " for the one at character ${start + 1}`)
}

/** The literal follows JSON (RFC 7644 §3.4.2.2), escapes included. */
function stringAt(literal: string, at: number, expression: Expression): string {
  let value: string
  try {
    value = JSON.parse(literal) as string
  } catch {
    throw unreadable(expression, `has an invalid escape in the text at character ${at}; texts are written as in JSON`)
  }
  if (!isStorable(value)) throw unreadable(expression, `has a NUL or half a character in the text at character ${at}`)
  return value
}

/** Letters, digits and what names, URNs and numbers are made of: $ + - . : _ */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 58) ||
    code === 36 ||
    code === 43 ||
    code === 45 ||
    code === 46 ||
    code === 95
  )
}
