import { AppError } from '../../src/kernel/errors'
import { readSamlMetadata } from '../../src/modules/sso'
import { selfSignedCertificate } from '../../src/platform/crypto'

const [first, second, weak] = [
  selfSignedCertificate('first').certificate,
  selfSignedCertificate('second').certificate,
  selfSignedCertificate('weak', { bits: 1024 }).certificate,
]
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const key = (certificate: string, use = ' use="signing"', prefix = 'ds:') =>
  `<md:KeyDescriptor${use}><${prefix}KeyInfo xmlns${prefix ? ':ds' : ''}="http://www.w3.org/2000/09/xmldsig#"><${prefix}X509Data><${prefix}X509Certificate>${certificate}</${prefix}X509Certificate></${prefix}X509Data></${prefix}KeyInfo></md:KeyDescriptor>`
const service = (location = 'https://idp.example.com/sso', binding = REDIRECT) =>
  `<md:SingleSignOnService Binding="${binding}" Location="${location}"/>`
const idp = (content: string, attributes = '') =>
  `<md:IDPSSODescriptor ${attributes} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${content}</md:IDPSSODescriptor>`
const entity = (content: string, entityId = 'https://idp.example.com/saml') =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">${content}</md:EntityDescriptor>`
const lines = (certificate: string) => `\n${certificate.match(/.{1,64}/g)!.join('\n')}\n`

const read = (text: string, allowsLoopback = false) => {
  const { certificates, ...rest } = readSamlMetadata(text, { allowsLoopback, path: ['xml'] })
  return { ...rest, certificates: certificates.map(({ certificate }) => certificate) }
}
const refusal = (text: string): string => {
  try {
    read(text)
    return 'taken'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.details.path).toEqual(['xml'])
    return `${error.code} ${error.message}`
  }
}

describe('SAML metadata', () => {
  it('is read as Okta writes it, with its certificate in lines and both bindings', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>${entity(
      idp(
        key(lines(first)) +
          '<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>' +
          service('https://acme.okta.com/post', POST) +
          service('https://acme.okta.com/app/sso/saml?x=1&amp;y=2'),
        'WantAuthnRequestsSigned="false"',
      ),
      'http://www.okta.com/exk1',
    )}`
    expect(read(text)).toEqual({
      idpEntityId: 'http://www.okta.com/exk1',
      ssoUrl: 'https://acme.okta.com/app/sso/saml?x=1&y=2',
      signsRequests: false,
      certificates: [first],
    })
  })

  it('is read as Entra writes it: byte order mark, signature, WS-Federation roles with other keys beside', () => {
    const role = `<md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706">${key(second)}</md:RoleDescriptor>`
    const signature = `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyInfo><X509Data><X509Certificate>${second}</X509Certificate></X509Data></KeyInfo></Signature>`
    const text = `\uFEFF<?xml version="1.0" encoding="utf-8"?>${entity(signature + role + idp(key(first) + service()), 'https://sts.windows.net/t/')}`
    expect(read(text)).toMatchObject({ idpEntityId: 'https://sts.windows.net/t/', certificates: [first] })
  })

  it('is read as Google and JumpCloud write it: two certificates, wishes for signed requests, keys without use', () => {
    const google = entity(idp(key(first) + key(second) + service(), 'WantAuthnRequestsSigned="true"'))
    expect(read(google)).toMatchObject({ signsRequests: true, certificates: [first, second] })
    const jumpcloud = entity(idp(key(first, '') + key(first) + key(second, ' use="encryption"') + service()))
    expect(read(jumpcloud)).toMatchObject({ certificates: [first] })
  })

  it('takes plain http on this machine only where that is allowed', () => {
    const local = entity(idp(key(first) + service('http://127.0.0.1:7000/sso')))
    expect(read(local, true).ssoUrl).toBe('http://127.0.0.1:7000/sso')
    expect(refusal(local)).toContain('https://')
    for (const location of ['http://idp.example.com/', 'javascript:alert(1)', 'https://a:b@idp.example.com/', ''])
      expect(refusal(entity(idp(key(first) + service(location))))).toContain('https://')
  })

  it('is refused without a key that can be pinned', () => {
    const named = key(first).replace(/<ds:X509Data>.*<\/ds:X509Data>/, '<ds:KeyName>trust me</ds:KeyName>')
    expect(refusal(entity(idp(named + service())))).toContain('no signing certificate')
    expect(refusal(entity(idp(key(first, ' use="encryption"') + service())))).toContain('no signing certificate')
    expect(refusal(entity(idp(key(weak) + service())))).toContain('2048')
    expect(refusal(entity(idp(key('AAAA') + service())))).toContain('not an X.509 certificate')
    const five = [1, 2, 3, 4, 5].map((n) => key(selfSignedCertificate(`c${n}`).certificate)).join('')
    expect(refusal(entity(idp(five + service())))).toContain('TOO_MANY')
  })

  it('is refused when it is anything else, or led a parser astray', () => {
    const good = entity(idp(key(first) + service()))
    for (const [text, reason] of [
      [`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${good}`, 'DOCTYPE'],
      [good.replace('</md:IDP', '<!-- x --></md:IDP'), 'comment'],
      [good.replace('</md:IDP', '<![CDATA[x]]></md:IDP'), 'CDATA'],
      [`<?xml-stylesheet href="x"?>${good}`, 'processing instruction'],
      [
        `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${good}</md:EntitiesDescriptor>`,
        'several providers',
      ],
      ['<html/>', 'not SAML metadata'],
      ['not xml', 'not well-formed'],
      ['', 'not well-formed'],
      [good.replace('</md:EntityDescriptor>', ''), 'not well-formed'],
      [entity(idp(key(first) + service()), ''), 'entityID'],
      [entity(''), 'exactly one'],
      [entity(idp(key(first) + service()) + idp(key(second) + service())), 'exactly one'],
      [entity(idp(key(first) + service(undefined, POST))), 'HTTP-Redirect'],
      [entity(idp(key(first) + service() + '<a/>'.repeat(5_000))), 'elements'],
      [`${good}${' '.repeat(256 * 1024)}`, 'TOO_LONG'],
    ] as const)
      expect(refusal(text)).toContain(reason)
  })
})
