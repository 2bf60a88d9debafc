import { DEMO } from './demo.guide'
import { ENTRA } from './entra.guide'
import { GOOGLE } from './google.guide'
import { JUMPCLOUD } from './jumpcloud.guide'
import { OKTA } from './okta.guide'
import { ONELOGIN } from './onelogin.guide'
import { OTHER } from './other.guide'
import type { GuideProtocol, GuideVendor, SetupGuide } from './setup-guide'

export type { GuideProtocol, GuideStep, GuideValue, GuideVendor, SetupGuide } from './setup-guide'

/** Every guide; docs/idp is generated from them. */
export const SETUP_GUIDES: readonly SetupGuide[] = [OKTA, ENTRA, GOOGLE, JUMPCLOUD, ONELOGIN, OTHER, DEMO].flat()

/** The guide of a vendor, or the one that holds for any provider. */
export function setupGuide(vendor: string, protocol: GuideProtocol): SetupGuide {
  const of = (wanted: string) => SETUP_GUIDES.find((guide) => guide.vendor === wanted && guide.protocol === protocol)
  return of(vendor) ?? of('OTHER' satisfies GuideVendor)!
}
