import { MAX_KEY_LENGTH } from '../bounds'
import { plural, readOnly } from './common'
import { type AttributeSpec, defineSchema } from './definition'

const NAME: AttributeSpec = {
  name: 'name',
  type: 'complex',
  description: 'The parts of the name of the person.',
  subAttributes: [
    { name: 'formatted', description: 'The whole name as it is shown.' },
    { name: 'familyName', description: 'Family name.' },
    { name: 'givenName', description: 'Given name.' },
    { name: 'middleName', description: 'Middle names.' },
    { name: 'honorificPrefix', description: 'Title before the name, such as Ms.' },
    { name: 'honorificSuffix', description: 'What follows the name, such as III.' },
  ],
}

const EMAILS: AttributeSpec = {
  name: 'emails',
  type: 'complex',
  multiValued: true,
  description: 'E-mail addresses.',
  subAttributes: plural(
    {
      name: 'value',
      description: `The address, at most ${MAX_KEY_LENGTH} characters; kept as it was sent.`,
      maxLength: MAX_KEY_LENGTH,
    },
    ['work', 'home', 'other'],
  ),
}

const PHONE_NUMBERS: AttributeSpec = {
  name: 'phoneNumbers',
  type: 'complex',
  multiValued: true,
  description: 'Telephone numbers.',
  subAttributes: plural({ name: 'value', description: 'The number; kept as it was sent.' }, [
    'work',
    'home',
    'mobile',
    'fax',
    'pager',
    'other',
  ]),
}

const IMS: AttributeSpec = {
  name: 'ims',
  type: 'complex',
  multiValued: true,
  description: 'Instant messaging addresses.',
  subAttributes: plural({ name: 'value', description: 'The address.' }, [
    'aim',
    'gtalk',
    'icq',
    'xmpp',
    'msn',
    'skype',
    'qq',
    'yahoo',
  ]),
}

const PHOTOS: AttributeSpec = {
  name: 'photos',
  type: 'complex',
  multiValued: true,
  description: 'Pictures of the person.',
  subAttributes: plural(
    { name: 'value', type: 'reference', referenceTypes: ['external'], description: 'URL of the picture.' },
    ['photo', 'thumbnail'],
  ),
}

const ADDRESSES: AttributeSpec = {
  name: 'addresses',
  type: 'complex',
  multiValued: true,
  description: 'Postal addresses.',
  subAttributes: [
    { name: 'formatted', description: 'The whole address as it is shown.' },
    { name: 'streetAddress', description: 'Street, house number and the like.' },
    { name: 'locality', description: 'City or place.' },
    { name: 'region', description: 'State or region.' },
    { name: 'postalCode', description: 'Postal code.' },
    { name: 'country', description: 'Country, by ISO 3166-1 alpha-2 if the client follows RFC 7643.' },
    { name: 'type', description: 'What the address is for.', canonicalValues: ['work', 'home', 'other'] },
    { name: 'primary', type: 'boolean', description: 'Whether it is the preferred address; true at most once.' },
  ],
}

const GROUPS: AttributeSpec = {
  name: 'groups',
  type: 'complex',
  multiValued: true,
  mutability: 'readOnly',
  description: 'Groups that the person is in; changed through the groups.',
  subAttributes: [
    readOnly('value', 'The id of the group.', { caseExact: true }),
    readOnly('$ref', 'URL of the group.', { type: 'reference', referenceTypes: ['Group'] }),
    readOnly('display', 'Name of the group.'),
    readOnly('type', 'How the person came into it.', { canonicalValues: ['direct', 'indirect'] }),
  ],
}

/** The core User (RFC 7643 §4.1). */
export const USER_SCHEMA = defineSchema('core', {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'User Account',
  attributes: [
    {
      name: 'userName',
      description: `The name that identifies the person: any text of at most ${MAX_KEY_LENGTH} characters.`,
      required: true,
      uniqueness: 'server',
      maxLength: MAX_KEY_LENGTH,
    },
    NAME,
    { name: 'displayName', description: 'The name that is shown.' },
    { name: 'nickName', description: 'The casual name.' },
    { name: 'profileUrl', type: 'reference', referenceTypes: ['external'], description: 'URL of the profile.' },
    { name: 'title', description: 'Title, such as Vice President.' },
    { name: 'userType', description: 'Relation to the organization, such as Employee.' },
    { name: 'preferredLanguage', description: 'Preferred languages, as in Accept-Language.' },
    { name: 'locale', description: 'Locale for numbers, money and dates.' },
    { name: 'timezone', description: 'Time zone, as in the IANA database.' },
    {
      name: 'active',
      type: 'boolean',
      description: 'Whether the person has access. False ends every session and key at once.',
      initially: true,
    },
    {
      name: 'password',
      description: 'Accepted, since clients send one, and thrown away: people sign in elsewhere.',
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
    },
    EMAILS,
    PHONE_NUMBERS,
    IMS,
    PHOTOS,
    ADDRESSES,
    GROUPS,
    {
      name: 'entitlements',
      type: 'complex',
      multiValued: true,
      description: 'What the person is entitled to, in words of the client; grants nothing by itself.',
      subAttributes: plural({ name: 'value', description: 'The entitlement.' }),
    },
    {
      name: 'roles',
      type: 'complex',
      multiValued: true,
      description: 'Roles of the person, in words of the client; grants nothing by itself.',
      subAttributes: plural({ name: 'value', description: 'The role.' }),
    },
    {
      name: 'x509Certificates',
      type: 'complex',
      multiValued: true,
      description: 'Certificates of the person.',
      subAttributes: plural({ name: 'value', type: 'binary', description: 'The certificate: DER in base64.' }),
    },
  ],
})
