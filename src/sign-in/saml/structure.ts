import { SamlRefusal } from './refusal'
import { ASSERTION, attributeOf, childrenOf, type Element, elementsIn, PROTOCOL, SIGNATURE } from './xml'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const SIGNATURE_METHODS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
])
const DIGEST_METHODS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
])
// Places in which something signed, or something not signed, could hide; no provider needs them for a sign-in.
const HIDING_PLACES: ReadonlySet<string> = new Set([
  'EncryptedAssertion',
  'EncryptedID',
  'EncryptedAttribute',
  'Extensions',
  'Advice',
  'Object',
  'Manifest',
])

/**
 * Allows one shape of response only: a Response with exactly one Assertion, signed in the usual place with the usual
 * algorithms. Every signature wrapping moves or doubles something that stands still here (shared between readers, so
 * that no two of them can see different assertions).
 *
 * @returns  the algorithm of the signature that is verified first
 * @throws SamlRefusal  STRUCTURE or ALGORITHM
 */
export function checkStructure(root: Element): { readonly signatureMethod: string } {
  const elements = elementsIn(root)
  if (root.namespaceURI !== PROTOCOL || root.localName !== 'Response') throw structure('The message is not a Response.')
  for (const { localName } of elements)
    if (HIDING_PLACES.has(localName)) throw structure(`The response has the element ${localName}, which is not taken.`)
  checkIds(elements)
  const assertions = elements.filter(({ localName }) => localName === 'Assertion')
  const [assertion] = assertions
  if (!assertion || assertions.length > 1 || assertion.namespaceURI !== ASSERTION || assertion.parentNode !== root)
    throw structure('The response must have exactly one Assertion, directly in it.')
  const signatures = elements.filter(({ localName }) => localName === 'Signature')
  const parents = new Set(signatures.map(({ parentNode }) => parentNode))
  if (signatures.length === 0) throw structure('Neither the response nor its assertion is signed.')
  if (parents.size < signatures.length || [...parents].some((parent) => parent !== root && parent !== assertion))
    throw structure('A signature stands where none is taken.')
  const methods = signatures.map(checkSignature)
  return { signatureMethod: methods[0]! }
}

function checkIds(elements: readonly Element[]): void {
  const seen = new Set<string>()
  for (const element of elements)
    for (const attribute of Array.from(element.attributes)) {
      if (attribute.localName.toLowerCase() !== 'id') continue
      if (seen.has(attribute.value)) throw structure('An ID stands in the response twice.')
      seen.add(attribute.value)
    }
}

function checkSignature(signature: Element): string {
  const parent = signature.parentNode as Element
  if (signature.namespaceURI !== SIGNATURE) throw structure('A Signature is of another namespace.')
  const signedInfos = childrenOf(signature, SIGNATURE, 'SignedInfo')
  const references = signedInfos.flatMap((signedInfo) => childrenOf(signedInfo, SIGNATURE, 'Reference'))
  const [signedInfo] = signedInfos
  const [reference] = references
  if (!signedInfo || signedInfos.length > 1 || !reference || references.length > 1)
    throw structure('A signature must have exactly one Reference.')
  const id = attributeOf(parent, 'ID')
  if (!id || attributeOf(reference, 'URI') !== `#${id}`)
    throw structure('A signature does not refer to its own element.')
  const method = algorithm(signedInfo, 'SignatureMethod')
  if (!SIGNATURE_METHODS.has(method)) throw refusedAlgorithm('signature', 'RSA with SHA-256 or SHA-512')
  if (!DIGEST_METHODS.has(algorithm(reference, 'DigestMethod'))) throw refusedAlgorithm('digest', 'SHA-256 or SHA-512')
  if (algorithm(signedInfo, 'CanonicalizationMethod') !== EXCLUSIVE)
    throw refusedAlgorithm('canonicalization', 'exclusive canonicalization')
  const transforms = childrenOf(reference, SIGNATURE, 'Transforms')
    .flatMap((list) => childrenOf(list, SIGNATURE, 'Transform'))
    .map((transform) => attributeOf(transform, 'Algorithm'))
  if (
    transforms.at(-1) !== EXCLUSIVE ||
    transforms.some((each) => each !== EXCLUSIVE && each !== ENVELOPED) ||
    transforms.length > 2
  )
    throw refusedAlgorithm('transform', 'enveloped signature and exclusive canonicalization')
  return method
}

function algorithm(parent: Element, name: string): string {
  const found = childrenOf(parent, SIGNATURE, name)
  return (found.length === 1 && attributeOf(found[0]!, 'Algorithm')) || ''
}

function structure(message: string): SamlRefusal {
  return new SamlRefusal('STRUCTURE', message)
}

function refusedAlgorithm(what: string, allowed: string): SamlRefusal {
  return new SamlRefusal('ALGORITHM', `The ${what} algorithm is not taken; choose ${allowed} at the identity provider.`)
}
