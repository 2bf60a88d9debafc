import { type Browser, chromium, type Page } from 'playwright-core'

/** The Chromium that the configuration has found. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Waits until a page shows a text. */
export async function expectText(page: Page, text: RegExp): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: 15_000 })
}
