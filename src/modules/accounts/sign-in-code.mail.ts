import { type Mail, renderMail } from '../../platform/mail-layout'

export interface SignInCodeMail {
  /** The one-time code; it stays out of the subject, which mail servers log. */
  readonly code: string
  /** How long the code is valid. */
  readonly minutes: number
}

/** The one-time code with which a person proves that they read this mailbox. */
export function signInCodeMail({ code, minutes }: SignInCodeMail): Mail {
  return renderMail({
    subject: 'Your Gatehouse sign-in code',
    title: 'Your sign-in code',
    paragraphs: [
      'Type this code on the page where you asked for it:',
      { code },
      `It works once, for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Nobody from Gatehouse will ever ask you for it.`,
    ],
    footer: 'If you did not try to sign in, ignore this mail: without the code nobody gets in.',
  })
}
