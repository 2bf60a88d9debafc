import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

/** JumpCloud. */
export const JUMPCLOUD: readonly SetupGuide[] = [
  {
    vendor: 'JUMPCLOUD',
    protocol: 'OIDC',
    steps: [
      {
        key: 'create',
        title: 'Add the application',
        body: 'In the JumpCloud Admin Portal open **User Authentication → SSO Applications → Add New Application**, choose **Custom Application**, then *Manage Single Sign-On (SSO)* and *Configure SSO with OIDC*.',
        values: [],
      },
      {
        key: 'redirect',
        title: 'Enter the redirect URI',
        body: 'On the tab **SSO** enter the redirect URI, set **Client Authentication Type** to *Client Secret POST*, and enter the sign-in page as **Login URL**.',
        values: ['redirectUri', 'signInUrl'],
      },
      {
        key: 'claims',
        title: 'Send attributes',
        body: 'Under **Attribute Mapping** check the scopes *Email* and *Profile*. To map groups, check *include group attribute* and name it `groups`.',
        values: [],
      },
      {
        key: 'credentials',
        title: 'Copy the credentials',
        body: 'Press **Activate** and copy **Client ID** and **Client Secret** at once: the secret is shown only now. The issuer is `https://oauth.id.jumpcloud.com/`, with the slash.',
        values: [],
      },
      {
        key: 'assign',
        title: 'Assign people',
        body: 'On the tab **User Groups** choose the groups that may sign in.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'JUMPCLOUD',
    protocol: 'SAML',
    steps: [
      {
        key: 'create',
        title: 'Add the application',
        body: 'In the JumpCloud Admin Portal open **User Authentication → SSO Applications → Add New Application**, choose **Custom Application**, then *Manage Single Sign-On (SSO)* and *Configure SSO with SAML*.',
        values: [],
      },
      {
        key: 'urls',
        title: 'Enter our addresses',
        body: 'On the tab **SSO** enter our entity id as **SP Entity ID** and the ACS URL as **ACS URLs**. As **IdP Entity ID** enter any name that is unique, such as your company’s; it must stay the same.',
        values: ['spEntityId', 'acsUrl'],
      },
      {
        key: 'subject',
        title: 'Choose subject and signature',
        body: 'Set **SAMLSubject NameID** to a field that is never given to somebody else, for example *employeeIdentifier*, and **NameID Format** to *persistent*. Set **Signature Algorithm** to *RSA-SHA256* and check **Sign Assertion**.',
        values: [],
      },
      {
        key: 'attributes',
        title: 'Send attributes',
        body: 'Add the user attributes `email`, `firstName` = *firstname*, `lastName` = *lastname*; check *include group attribute* and name it `groups` to map groups.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the metadata',
        body: 'Press **Activate**, open the application again and **Export metadata**, or **Copy Metadata URL**.',
        values: [],
      },
      {
        key: 'assign',
        title: 'Assign people',
        body: 'On the tab **User Groups** choose the groups that may sign in.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'JUMPCLOUD',
    protocol: 'SCIM',
    steps: [
      {
        key: 'connect',
        title: 'Enter URL and token',
        body: 'Open the application, tab **Identity Management**, choose *SCIM 2.0*, enter the base URL and the token as **Token Key**, a **Test User Email** of your company that is not in use, and press **Test Connection**. The test creates a person and a group and deletes both again: the request log of the directory shows it.',
        values: ['scimBaseUrl', 'scimToken'],
      },
      {
        key: 'groups',
        title: 'Switch on and push groups',
        body: 'Switch on **Enable management of User Groups and Group Membership**, press **Activate**, and choose the groups on the tab **User Groups**.',
        values: [],
      },
    ],
  },
]
