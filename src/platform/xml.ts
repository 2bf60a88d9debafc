import { DOMParser } from '@xmldom/xmldom'

/** An element as @xmldom/xmldom, the parser of samlify and xml-crypto, sees it. */
export type Element = globalThis.Element

/** XML that is not read. The message goes on after its subject: "The response" + " is not well-formed XML." */
export class XmlError extends Error {
  constructor(
    readonly reason: 'TEXT' | 'SIZE',
    predicate: string,
    cause?: unknown,
  ) {
    super(predicate, { cause })
  }
}

const ATTRIBUTES_PER_ELEMENT = 2
const DECLARATION = /^<\?xml\s[^<>]*\?>/

/**
 * Refuses, before anything parses it, whatever a parser could be led astray by. DOCTYPE, entities, comments, CDATA and
 * processing instructions have no business in the XML of SAML.
 *
 * @throws XmlError  TEXT, or SIZE with more than `maximumElements`, or with twice as many attributes: namespaces that
 *   are declared by the thousand make canonicalization a matter of seconds
 */
export function checkMarkup(text: string, maximumElements: number): void {
  const body = text.replace(DECLARATION, '')
  if (body.includes('<!') || body.includes('<?'))
    throw new XmlError('TEXT', 'has a DOCTYPE, comment, CDATA section or processing instruction.')
  if (text.includes('\0')) throw new XmlError('TEXT', 'has a NUL character.')
  // An element has at most two tags.
  if (body.split('<').length > 2 * maximumElements)
    throw new XmlError('SIZE', `has more than ${maximumElements} elements.`)
  const maximumAttributes = ATTRIBUTES_PER_ELEMENT * maximumElements
  if (text.split(/=\s*["']/, maximumAttributes + 2).length > maximumAttributes + 1)
    throw new XmlError('SIZE', `has more than ${maximumAttributes} attributes.`)
}

const fail = (message: string): never => {
  throw new XmlError('TEXT', 'is not well-formed XML.', new Error(message))
}

/** Parses XML with the parser that samlify uses, any complaint being an end. @throws XmlError  TEXT */
export function parseXml(xml: string): Element {
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } })
  return parser.parseFromString(xml, 'text/xml').documentElement ?? fail('no root')
}

/** An element and every element in it, in the order of the document. */
export function elementsIn(root: Element): Element[] {
  const found: Element[] = []
  // A stack of our own: the depth of a hostile document must not be the depth of ours.
  const waiting: Element[] = [root]
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    found.push(element)
    for (let child = element.lastChild; child; child = child.previousSibling)
      if (child.nodeType === 1) waiting.push(child as Element)
  }
  return found
}

/** The children of an element with this name. */
export function childrenOf(parent: Element, namespace: string, localName: string): Element[] {
  const found: Element[] = []
  for (let child = parent.firstChild; child; child = child.nextSibling)
    if (
      child.nodeType === 1 &&
      (child as Element).localName === localName &&
      (child as Element).namespaceURI === namespace
    )
      found.push(child as Element)
  return found
}

/** An attribute without a namespace; null when it is absent, which xmldom does not tell from empty. */
export function attributeOf(element: Element, name: string): string | null {
  return element.hasAttribute(name) ? element.getAttribute(name) : null
}

/** The text of an element that holds nothing but text; null when it holds anything else. */
export function textOf(element: Element): string | null {
  for (let child = element.firstChild; child; child = child.nextSibling) if (child.nodeType !== 3) return null
  return element.textContent ?? ''
}
