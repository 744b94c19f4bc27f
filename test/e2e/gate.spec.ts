import type { Page } from '@playwright/test'
import { type App, expect, test } from './app.ts'
import {
  answer,
  byte,
  command,
  expectStates,
  lowerTab,
  openBothEnds,
  pickDialect,
  pickFromRow,
  row,
  sendText,
} from './window.ts'

/** Both ends OPEN, and texts of the client held at the gate from row 4 on. */
async function hold({ page }: App, ...texts: readonly string[]): Promise<void> {
  await openBothEnds(page)
  for (const text of texts) await sendText(page, 'Client', text)
  await expect(row(page, 3 + texts.length)).toHaveAttribute('data-phase', 'held')
}

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

/** Puts the caret on a byte and overwrites it. */
async function overwrite(page: Page, offset: number, digits: string): Promise<void> {
  await byte(page, offset).click()
  await expect(byte(page, offset)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.type(digits)
  await expect(byte(page, offset)).toHaveText(digits)
}

/** What the applications got, in order, and no more. */
async function expectMessages(page: Page, ...contents: readonly string[]): Promise<void> {
  await lowerTab(page, 'Messages').click()
  const options = page.getByRole('listbox', { name: 'Messages' }).getByRole('option')
  await expect(options.locator('code.role-text')).toHaveText([...contents])
}

// The frames of Upgrade+Hello begin behind the request and the client's Hello.
const firstFrame = 176 + 18
const firstPayload = firstFrame + 2

test('held bytes are overwritten in place, and the receiver gets what was typed', async ({ app }) => {
  const { page } = app
  await hold(app, 'hello')
  await overwrite(page, firstPayload, '4a')
  await expect(row(page, 4)).toHaveAttribute('aria-label', /"Jello".*held, edited$/)
  await run(page)
  await expectMessages(page, 'Jello')
})

test('bytes are inserted among held ones, and the receiver gets them', async ({ app }) => {
  const { page } = app
  await hold(app, 'hell')
  await overwrite(page, firstFrame + 1, '05')
  await command(page, `insert client ${firstFrame + 6} 6f`)
  await expect(row(page, 4)).toContainText('hello')
  await run(page)
  await expectMessages(page, 'hello')
})

test('Delete takes the held byte at the caret away', async ({ app }) => {
  const { page } = app
  await hold(app, 'hello')
  await overwrite(page, firstFrame + 1, '04')
  await expect(byte(page, firstPayload)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Delete')
  await expect(row(page, 4)).toHaveAttribute('aria-label', /1 byte that never arrived.*dropped/)
  await expect(row(page, 5)).toContainText('ello')
  await run(page)
  await expectMessages(page, 'ello')
})

test('the edit dialog replaces the bytes of a field, and says when it cannot', async ({ app }) => {
  const { page } = app
  await hold(app, 'abc')
  await byte(page, firstPayload).click()
  await page.getByRole('button', { name: 'Edit…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit held bytes' })
  await expect(dialog.getByRole('textbox')).toHaveValue('61 62 63')
  await dialog.getByRole('textbox').fill('6')
  await dialog.getByRole('button', { name: 'Replace', exact: true }).click()
  await expect(dialog.getByRole('alert')).toHaveText(/^That is not whole bytes in hex\./)
  await dialog.getByRole('textbox').fill('78 79 7a')
  await dialog.getByRole('button', { name: 'Replace', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row(page, 4)).toContainText('xyz')
  await run(page)
  await expectMessages(page, 'xyz')
})

test('a duplicated message arrives twice, and its copy says what it is', async ({ app }) => {
  const { page } = app
  await hold(app, 'once')
  await pickFromRow(page, 4, 'Duplicate it')
  await expect(row(page, 5)).toHaveAttribute('aria-label', /"once".*held, duplicated$/)
  await run(page)
  await expectMessages(page, 'once', 'once')
})

test('a dropped message never arrives, and the ladder keeps it in sight', async ({ app }) => {
  const { page } = app
  await hold(app, 'first', 'second', 'third')
  await pickFromRow(page, 5, 'Drop it')
  await expect(page.locator('[data-testid="ladder-row"][data-phase="dropped"]')).toHaveAttribute(
    'aria-label',
    /dropped at the gate/,
  )
  await run(page)
  await expectMessages(page, 'first', 'third')
  await expectStates(page, 'OPEN', 'OPEN')
})

test('an edit that breaks a rule is refused by the receiver, which says which rule', async ({ app }) => {
  const { page } = app
  await pickDialect(page, 'RFC 6455')
  await openBothEnds(page)
  await sendText(page, 'Server', 'hello')
  await row(page, 2).click()
  const start = Number(await page.locator('[data-testid="byte"][aria-selected="true"]').getAttribute('data-offset'))
  // RFC 6455 §5.2: RSV3 is set, and no extension gave it a meaning
  await overwrite(page, start, '91')
  await run(page)
  await expectStates(page, 'FAILED', 'CLOSED')
  await row(page, 2).click()
  await expect(page.getByTestId('fault-card')).toContainText('frame.reserved-bits')
})

test('what was let through already cannot be changed, and the window says what to do', async ({ app }) => {
  const { page } = app
  await openBothEnds(page)
  await row(page, 0).click()
  await byte(page, 0).click()
  await page.keyboard.type('50')
  await expect(page.getByText('This byte was let through already. Step back and fork to change it.')).toBeVisible()
  await command(page, 'drop client 0')
  await expect(answer(page)).toHaveText("Nothing is held on the client's lane: only held bytes can be changed.")
  await row(page, 0).click({ button: 'right' })
  await expect(page.getByRole('menuitem', { name: 'Drop it' })).toHaveCount(0)
})
