import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

/** OneLogin. */
export const ONELOGIN: readonly SetupGuide[] = [
  {
    vendor: 'ONELOGIN',
    protocol: 'OIDC',
    steps: [
      {
        key: 'create',
        title: 'Add the application',
        body: 'In the OneLogin administration open **Applications → Applications → Add App** and choose **OpenId Connect (OIDC)**.',
        values: [],
      },
      {
        key: 'redirect',
        title: 'Enter the redirect URI',
        body: 'On **Configuration** enter the redirect URI under **Redirect URI’s** and the sign-in page as **Login Url**.',
        values: ['redirectUri', 'signInUrl'],
      },
      {
        key: 'credentials',
        title: 'Copy the credentials',
        body: 'On **SSO** copy **Client ID**, **Client Secret** and **Issuer URL** (for example `https://acme.onelogin.com/oidc/2`). Set **Application Type** to *Web* and **Token Endpoint → Authentication Method** to *POST*.',
        values: [],
      },
      {
        key: 'groups',
        title: 'Send groups (optional)',
        body: 'On **Parameters** open **Groups** and choose where its values come from, for example *User Roles*.',
        values: [],
      },
      { key: 'assign', title: 'Assign people', body: 'On **Access** choose the roles that may sign in.', values: [] },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'ONELOGIN',
    protocol: 'SAML',
    steps: [
      {
        key: 'create',
        title: 'Add the application',
        body: 'In the OneLogin administration open **Applications → Applications → Add App** and choose **SAML Custom Connector (Advanced)**.',
        values: [],
      },
      {
        key: 'urls',
        title: 'Enter our addresses',
        body: 'On **Configuration** enter our entity id as **Audience (EntityID)** and the ACS URL as **Recipient**, **ACS (Consumer) URL** and, as a regular expression between `^` and `$`, **ACS (Consumer) URL Validator**. Set **SAML initiator** to *Service Provider* and **SAML signature element** to *Both*.',
        values: ['spEntityId', 'acsUrl'],
      },
      {
        key: 'attributes',
        title: 'Choose the subject and send attributes',
        body: 'On **Parameters** set **NameID value** to *OneLogin ID*, and add `email`, `firstName`, `lastName` and, to map groups, `groups` with *Include in SAML assertion* checked; `groups` is a multi-value parameter.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the metadata',
        body: 'On **SSO** set **SAML Signature Algorithm** to *SHA-256* and copy the **Issuer URL**: it is the metadata URL.',
        values: [],
      },
      { key: 'assign', title: 'Assign people', body: 'On **Access** choose the roles that may sign in.', values: [] },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'ONELOGIN',
    protocol: 'SCIM',
    steps: [
      {
        key: 'connect',
        title: 'Enter URL and token',
        body: 'Use the application **SCIM Provisioner with SAML (SCIM v2 Enterprise)**. On **Configuration** enter the base URL as **SCIM Base URL** and the token as **SCIM Bearer Token**, then press **Enable** under **API Connection**. Keep groups out of **SCIM JSON Template**: they are sent apart.',
        values: ['scimBaseUrl', 'scimToken'],
      },
      {
        key: 'provision',
        title: 'Switch provisioning on',
        body: 'On **Provisioning** check **Enable provisioning** and set *When users are deleted in OneLogin, or the user’s app access is removed* to *Delete* or *Suspend*. Uncheck the approvals you do not want to give by hand.',
        values: [],
      },
      {
        key: 'groups',
        title: 'Push groups',
        body: 'On **Parameters** check *Include in User Provisioning* of **Groups**, choose **More Actions → Refresh Entitlements**, and add **Rules** that set groups from roles.',
        values: [],
      },
    ],
  },
]
