import { type Element, parseXml as parse, XmlError } from '../../platform/xml'
import { SamlRefusal } from './refusal'

export { attributeOf, childrenOf, type Element, elementsIn, textOf } from '../../platform/xml'

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'

/** Parses a response. @throws SamlRefusal  TEXT */
export function parseXml(xml: string): Element {
  return refusing(() => parse(xml))
}

/** Runs what reads the XML of a response. @throws SamlRefusal  TEXT or SIZE, where it is not read */
export function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof XmlError ? new SamlRefusal(error.reason, `The response ${error.message}`, error) : error
  }
}
