import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

/** Google Workspace. */
export const GOOGLE: readonly SetupGuide[] = [
  {
    vendor: 'GOOGLE',
    protocol: 'OIDC',
    steps: [
      {
        key: 'project',
        title: 'Prepare a project',
        body: 'In the Google Cloud console choose or create a project of your Workspace organization. Under **APIs & Services → OAuth consent screen** set the audience to **Internal**: then only people of your Workspace can sign in.',
        values: [],
      },
      {
        key: 'client',
        title: 'Create the client',
        body: 'Under **APIs & Services → Credentials → Create credentials → OAuth client ID** choose **Web application** and enter the redirect URI under **Authorized redirect URIs**.',
        values: ['redirectUri'],
      },
      {
        key: 'credentials',
        title: 'Copy the credentials',
        body: 'Copy **Client ID** and **Client secret** to the connection. The issuer is `https://accounts.google.com`. Enter the primary domain of your Workspace as **hosted domain**: sign-ins of any other domain are refused.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'GOOGLE',
    protocol: 'SAML',
    steps: [
      {
        key: 'create',
        title: 'Add a custom SAML app',
        body: 'In the Google Admin console open **Apps → Web and mobile apps → Add app → Add custom SAML app**.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the metadata',
        body: 'On the page **Google Identity Provider details** press **Download metadata** and paste the content into the connection. Google offers no metadata URL: come back when its certificate is renewed.',
        values: [],
      },
      {
        key: 'urls',
        title: 'Enter our addresses',
        body: 'Enter **ACS URL** and **Entity ID**, check **Signed response**. Leave **Start URL** empty.',
        values: ['acsUrl', 'spEntityId'],
      },
      {
        key: 'subject',
        title: 'Choose a lasting subject',
        body: 'Google has no lasting id to send as Name ID: choose *EMAIL* with **Basic Information > Primary email**, or a custom attribute of your directory that holds an employee number. An address that is given to somebody else is a new person here, since removed people leave a mark behind.',
        values: [],
      },
      {
        key: 'attributes',
        title: 'Send attributes',
        body: 'Under **Attributes** map *Primary email* to `email`, *First name* to `firstName`, *Last name* to `lastName`. Under **Group membership** choose the groups to send as `groups`.',
        values: [],
      },
      {
        key: 'access',
        title: 'Switch it on for people',
        body: 'Open **User access** of the app and set it to *ON* for everyone or for organizational units.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'GOOGLE',
    protocol: 'SCIM',
    steps: [
      {
        key: 'availability',
        title: 'What Google can push',
        body: 'Google pushes people, not groups, and offers **Auto-provisioning** for SAML apps of its catalogue; whether a custom SAML app shows it depends on edition and app. Where yours does not, connect OIDC and let the connection re-check access, or remove people here. Changes arrive every few hours; archived people are not pushed.',
        values: [],
      },
      {
        key: 'connect',
        title: 'Enter URL and token',
        body: 'Open the SAML app, **Auto-provisioning → Configure auto-provisioning**, enter the token as **Access token** and the base URL as **Endpoint URL**.',
        values: ['scimToken', 'scimBaseUrl'],
      },
      {
        key: 'deprovisioning',
        title: 'Choose deprovisioning',
        body: 'Under **Deprovisioning** choose to suspend *within 24 hours* when the app is turned off, and when a person is suspended or deleted. Suspending and deleting are pushed apart and days apart; either alone ends access here. Then switch auto-provisioning on.',
        values: [],
      },
    ],
  },
]
