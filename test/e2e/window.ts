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
