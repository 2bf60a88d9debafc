import { ssoAddresses } from '../../modules/sso'
import { escapeXml } from './escape-xml'

/**
 * Our metadata for one connection (SAML metadata §2.4.4): entity id and ACS of that connection alone.
 * @param certificate  DER in base64, where requests are signed; null otherwise
 */
export function spMetadata(publicUrl: string, providerId: string, certificate: string | null): string {
  const { spEntityId, acsUrl } = ssoAddresses(publicUrl, providerId)
  const key = certificate
    ? `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
    : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(spEntityId)}"><md:SPSSODescriptor AuthnRequestsSigned="${certificate !== null}" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key}<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${escapeXml(acsUrl)}" index="0" isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>
`
}
