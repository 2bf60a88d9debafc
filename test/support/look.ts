import path from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const { SCREENSHOTS } = process.env
/** WCAG 2.2 at AA, as axe-core calls what of it a program can judge. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const WIDTHS = [390, 1000]

/**
 * Looks at a page as people do who see little or use no mouse: contrast, labels, names and order, in light and dark, on a
 * phone and on a desk, where nothing may be wider than the screen. SCREENSHOTS=folder keeps a picture of each.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const width of WIDTHS)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await keepPicture(page, `${name}-${width}-${colorScheme}`)
      expect({ name, width, colorScheme, problems: await problemsOf(page) }).toEqual({
        name,
        width,
        colorScheme,
        problems: [],
      })
    }
  await page.emulateMedia({ colorScheme: null })
  if (before) await page.setViewportSize(before)
}

/** A picture of the page as it is, where they are wanted. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS) await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

async function problemsOf(page: Page): Promise<string[]> {
  // The Content-Security-Policy of the pages lets no script in; what the browser's own tools evaluate is not asked.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: { type: 'tag', values },
      }),
    STANDARDS,
  )
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  return [
    ...violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`)),
    ...(isWider ? ['It is wider than the screen'] : []),
  ]
}
