import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

const GROUPS_BODY =
  'To map groups to roles, let Okta send them: add a **groups** claim with the filter *Matches regex* `.*`, or a narrower one. Groups without a mapping are ignored.'

/** Okta Workforce Identity. */
export const OKTA: readonly SetupGuide[] = [
  {
    vendor: 'OKTA',
    protocol: 'OIDC',
    steps: [
      {
        key: 'create',
        title: 'Create the app integration',
        body: 'In the Okta Admin Console open **Applications → Applications → Create App Integration**, choose **OIDC - OpenID Connect** and **Web Application**.',
        values: [],
      },
      {
        key: 'redirect',
        title: 'Enter the redirect URIs',
        body: 'Under **Sign-in redirect URIs** enter the redirect URI, and nothing else. Under **Sign-out redirect URIs** enter the sign-in page. Leave **Grant type** at *Authorization Code*.',
        values: ['redirectUri', 'signInUrl'],
      },
      {
        key: 'assign',
        title: 'Assign people',
        body: 'Under **Assignments** choose who may sign in. Only assigned people can become members.',
        values: [],
      },
      {
        key: 'credentials',
        title: 'Copy the credentials',
        body: 'From the tab **General** copy **Client ID** and **Client secret** to the connection. The issuer is your Okta address, for example `https://acme.okta.com`; with a custom authorization server it is that server’s **Issuer URI** from **Security → API**. The two are different: take the one that signs the tokens.',
        values: [],
      },
      {
        key: 'groups',
        title: 'Send groups (optional)',
        body: `On the tab **Sign On**, section **OpenID Connect ID Token**: ${GROUPS_BODY}`,
        values: [],
      },
      {
        key: 'logout',
        title: 'Back-channel logout (optional)',
        body: 'On the tab **General**, section **Logout**, enter the logout URI as **Back-channel logout URI**, so that a sign-out at Okta ends sessions here.',
        values: ['logoutUri'],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'OKTA',
    protocol: 'SAML',
    steps: [
      {
        key: 'create',
        title: 'Create the app integration',
        body: 'In the Okta Admin Console open **Applications → Applications → Create App Integration** and choose **SAML 2.0**. Give it a name that your employees recognize.',
        values: [],
      },
      {
        key: 'urls',
        title: 'Enter our addresses',
        body: 'As **Single sign-on URL** enter the ACS URL and leave *Use this for Recipient URL and Destination URL* checked. As **Audience URI (SP Entity ID)** enter our entity id. Leave **Default RelayState** empty.',
        values: ['acsUrl', 'spEntityId'],
      },
      {
        key: 'subject',
        title: 'Choose a lasting subject',
        body: 'Set **Name ID format** to *Persistent* and **Application username** to *Custom* with the expression `user.getInternalProperty("id")`. An e-mail address works too, but may be given to somebody else one day.',
        values: [],
      },
      {
        key: 'attributes',
        title: 'Send attributes',
        body: 'Add the attribute statements `email` = `user.email`, `firstName` = `user.firstName`, `lastName` = `user.lastName`. To map groups, add a **Group Attribute Statement** named `groups` with the filter *Matches regex* `.*`.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the metadata',
        body: 'Finish the wizard. On the tab **Sign On** copy the **Metadata URL** to the connection, or save its content and paste it. Response and assertion are signed with RSA-SHA256 by default; keep it so, and keep **Assertion Encryption** at *Unencrypted*.',
        values: [],
      },
      { key: 'assign', title: 'Assign people', body: 'On the tab **Assignments** choose who may sign in.', values: [] },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'OKTA',
    protocol: 'SCIM',
    steps: [
      {
        key: 'enable',
        title: 'Switch provisioning on',
        body: 'Open the app integration of the sign-in, tab **General**, **App Settings → Edit**, and set **Provisioning** to *SCIM*. Okta offers it for SAML integrations; with OIDC use the catalogue app *SCIM 2.0 Test App (OAuth Bearer Token)* beside it.',
        values: [],
      },
      {
        key: 'connect',
        title: 'Enter base URL and token',
        body: 'On the tab **Provisioning → Integration** enter the base URL as **SCIM connector base URL**, `userName` as **Unique identifier field for users**, check *Push New Users*, *Push Profile Updates* and *Push Groups*, choose **HTTP Header** as authentication mode and enter the token. Press **Test Connector Configuration**.',
        values: ['scimBaseUrl', 'scimToken'],
      },
      {
        key: 'to-app',
        title: 'Choose what is pushed',
        body: 'Under **Provisioning → To App** enable *Create Users*, *Update User Attributes* and *Deactivate Users*. Without the last one nobody is ever removed: Okta deactivates people and never deletes them.',
        values: [],
      },
      {
        key: 'groups',
        title: 'Push groups',
        body: 'On the tab **Push Groups** add the groups that are to become teams. Groups that only assign people need not be pushed, and Okta advises against using the same group for both. Only people who are assigned to the app and were pushed already are put into a group. A group that failed is pushed again by **Push now**.',
        values: [],
      },
    ],
  },
]
