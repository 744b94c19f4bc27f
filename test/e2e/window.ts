// The window in the words of its user: rows of the ladder, bytes, states, commands.
import { expect, type Locator, type Page } from '@playwright/test'

export type Phase = 'done' | 'inFlight' | 'held' | 'dropped'

export function row(page: Page, index: number): Locator {
  return page.locator(`[data-testid="ladder-row"][data-index="${index}"]`)
}

export function byte(page: Page, offset: number): Locator {
  return page.locator(`[data-testid="byte"][data-offset="${offset}"]`)
}

export async function expectStates(page: Page, client: string, server: string): Promise<void> {
  await expect(page.getByTestId('state-client').locator('b')).toHaveText(client)
  await expect(page.getByTestId('state-server').locator('b')).toHaveText(server)
}

/** Types a line into the console, as a person would, and waits for its echo. */
export async function command(page: Page, line: string): Promise<void> {
  await page.getByRole('tab', { name: 'Console' }).click()
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

/** The bytes of a lane that are on screen between two offsets, as hex. */
export async function shownHex(page: Page, from: number, to: number): Promise<string> {
  const cells: string[] = []
  for (let offset = from; offset < to; offset += 1) cells.push((await byte(page, offset).textContent()) ?? '')
  return cells.join('')
}

/** Sends text from an end with the composer. */
export async function sendText(page: Page, end: 'Client' | 'Server', text: string): Promise<void> {
  const composer = page.getByRole('form', { name: 'Send from an end' })
  await composer.getByText(end, { exact: true }).click()
  await composer.getByLabel('What to send').selectOption({ label: 'Text' })
  await composer.getByLabel('Content').fill(text)
  await composer.getByRole('button', { name: 'Send' }).click()
  await expect(composer.getByLabel('Content')).toHaveValue('')
}

/** Puts the focus on nothing, so that keys reach the window and not a text box. */
export async function leaveInput(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined))
}

/** The line under the ladder: what is next, or why it stopped. */
export function foot(page: Page): Locator {
  return page.getByTestId('ladder-foot')
}

/** Runs the opening handshake to its end, both ends OPEN and nothing held. */
export async function openBothEnds(page: Page): Promise<void> {
  await page.keyboard.press('F5')
  await expectStates(page, 'OPEN', 'OPEN')
}

/** Starts a lab run of a dialect with the picker in the header. */
export async function pickDialect(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Dialect: / }).click()
  // What a dialect says of itself may name another.
  const item = page.getByRole('menuitem').filter({ has: page.getByText(name, { exact: true }) })
  await item.click()
  await expect(page.getByRole('button', { name: `Dialect: ${name}` })).toBeVisible()
}

/** Picks from the menu of a row of the ladder, as the right mouse button opens it. */
export async function pickFromRow(page: Page, index: number, item: string): Promise<void> {
  await row(page, index).click({ button: 'right' })
  await page.getByRole('menuitem', { name: item }).click()
}

/** The answer of the last command, as screen readers are told it. */
export function answer(page: Page): Locator {
  return page.getByTestId('announced')
}

export function lowerTab(page: Page, name: string): Locator {
  return page.getByRole('tablist', { name: 'Lower panel' }).getByRole('tab', { name })
}
