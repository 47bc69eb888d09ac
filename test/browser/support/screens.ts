/** Pictures for docs/screens. Made anew only with SCREENS=write, because no two machines draw the same pixels. */
import { mkdirSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { violationsOn } from './axe.ts'

const folder = 'docs/screens'
const heightMax = 2_000
const marginAbove = 24
export const writesScreens = process.env.SCREENS === 'write'

interface Shot {
  readonly name: string
  readonly dark?: boolean
  readonly narrow?: boolean
  /** What the picture begins with; absent: the page. */
  readonly from?: Locator | undefined
}

const ways = [
  {},
  { dark: true, only: 'colours' },
  { narrow: true, only: 'width' },
  { narrow: true, dark: true, only: 'colours' },
] as const

/** Wide and in the light, also without writing; written down it is in every way. */
export async function look(page: Page, { name }: { readonly name: string }): Promise<void> {
  for (const way of writesScreens ? ways : [{}]) await shoot(page, { ...way, name })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function shoot(page: Page, { name, dark = false, narrow = false, from }: Shot): Promise<void> {
  const size = page.viewportSize()
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  await page.setViewportSize(narrow ? { width: 390, height: 844 } : { width: 1_280, height: 860 })
  const scheme = dark ? 'dark' : 'light'
  await until(page, `document.documentElement.dataset.mantineColorScheme === '${scheme}'`, `${name} is not ${scheme}`)
  await overflowsNever(page, name)
  if (writesScreens) {
    mkdirSync(folder, { recursive: true })
    await page.evaluate('document.fonts.ready')
    const path = `${folder}/${name}-${narrow ? 'narrow' : 'wide'}-${dark ? 'dark' : 'light'}.png`
    await page.evaluate('scrollTo(0, 0)')
    await page.screenshot({ path, ...(await framed(page, from)), animations: 'disabled' })
  }
  if (size !== null) await page.setViewportSize(size)
}

/** A sheet covers the window and not the page below it. What is further down nobody looks at in a document, and it weighs. */
async function framed(page: Page, from: Locator | undefined) {
  if (await page.getByRole('dialog').isVisible()) return {}
  const tall = (await page.evaluate('document.documentElement.scrollHeight')) as number
  const { width = 0 } = page.viewportSize() ?? {}
  const y = Math.max(0, Math.floor(((await from?.boundingBox())?.y ?? 0) - marginAbove))
  return { fullPage: true, clip: { x: 0, y, width, height: Math.min(tall - y, heightMax) } }
}

/** Accessible in both modes and both widths, and pictured. */
export async function lookAllWays(page: Page, name: string, from?: Locator): Promise<void> {
  for (const way of ways) {
    const { only, ...shot } = { only: undefined, ...way }
    // What dark can break was seen wide, and what narrow can break in the light.
    if (!writesScreens && 'narrow' in shot && 'dark' in shot) continue
    await shoot(page, { name, from, ...shot })
    expect(await violationsOn(page, only), `${name} ${JSON.stringify(shot)}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Nobody scrolls sideways, once everything has found its place. */
function overflowsNever(page: Page, name: string): Promise<void> {
  return until(
    page,
    'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
    `${name} is wider than its window`,
  )
}

const triesMax = 200

/** Asked from outside: the page itself may not evaluate anything, and should not. */
async function until(page: Page, expression: string, otherwise: string): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    if ((await page.evaluate(expression)) === true) return
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
  }
  throw new Error(otherwise)
}
