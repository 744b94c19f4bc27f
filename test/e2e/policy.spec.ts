// The socket policy exchange of Silverlight in the window: started by one click, stepped byte by byte, explained and not judged.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, root, test } from './app.ts'
import { byte, command, expectStates, leaveInput, lowerTab, row } from './window.ts'

const said = (page: Page) => page.getByTestId('ladder-said')

async function startCard(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: 'Samples' }).click()
  await page.getByRole('button', { name: `Start ${title}` }).click()
  await expect(row(page, 0)).toContainText('policy request')
}

test('one click starts the exchange, held before its first byte, and single bytes step it', async ({ app }) => {
  const { page } = app
  await startCard(page, 'Silverlight socket policy')
  await expect(page.getByRole('button', { name: /^Dialect: / })).toContainText('Socket policy')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
  await expect(row(page, 0)).toContainText('policy request')
  for (let count = 1; count < 22; count += 1) {
    await page.keyboard.press('Shift+F11')
    await expect(row(page, 0)).toContainText(`${count} of 22 B`)
  }
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
  await page.keyboard.press('Shift+F11')
  // Behind the last byte the server answers at once, and ends its stream.
  await expectStates(page, 'AWAITING_RESPONSE', 'CLOSED')
  await expect(row(page, 1)).toContainText('policy answer')
  expect(app.problems).toEqual([])
})

test('every part of question and answer is explained, and no rule of WebSocket is broken', async ({ app }) => {
  const { page } = app
  await startCard(page, 'Silverlight socket policy')
  const explain = page.getByRole('region', { name: 'Explain', exact: true })
  await expect(explain).toContainText('exactly these 22 bytes')
  await page.keyboard.press('F10')
  await expect(row(page, 1)).toContainText('320 B so far')
  await page.getByRole('button', { name: 'Policy exchange' }).click()
  await expect(row(page, 0)).toHaveCount(0)
  await page.getByRole('button', { name: 'Policy exchange' }).click()
  await page.keyboard.press('F11')
  await expect(explain).toContainText('Whose applications may connect')
  await page.keyboard.press('F10')
  await byte(page, 190).click()
  await expect(explain).toContainText('outside 4502 to 4534 a grant has no effect')
  await expect(said(page)).toHaveCount(0)
  await page.keyboard.press('F10')
  await expect(said(page)).toContainText('Port 4502 may be connected to.')
  await expectStates(page, 'CLOSED', 'CLOSED')
  await lowerTab(page, 'States').click()
  await expect(page.getByRole('region', { name: 'States of the client' })).toContainText('CLOSED')
  await lowerTab(page, 'Faults').click()
  await expect(page.getByText('No rule is broken')).toBeVisible()
  await page.keyboard.press('Shift+F10')
  await expect(said(page)).toHaveCount(0)
  expect(app.problems).toEqual([])
})

test('the client says no where the policy does not grant its port', async ({ app: { page } }) => {
  await startCard(page, 'A policy that says no')
  await page.keyboard.press('F10')
  await expect(row(page, 1)).toContainText('grants ports 4510-4534')
  await page.keyboard.press('F5')
  await expect(said(page)).toContainText('The policy grants no port 4502.')
})

test('it begins again from the gallery, and from the palette', async ({ app: { page } }) => {
  await startCard(page, 'Silverlight socket policy')
  await page.keyboard.press('F10')
  await expectStates(page, 'AWAITING_RESPONSE', 'CLOSED')
  await startCard(page, 'Silverlight socket policy')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
  await page.keyboard.press('F10')
  await expectStates(page, 'AWAITING_RESPONSE', 'CLOSED')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Type what you want to do').fill('socket policy')
  await page.keyboard.press('Enter')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
})

test('a port that is named and cannot be had is said where the person looks', async ({ app: { page } }) => {
  const announced = page.getByTestId('announced')
  await command(page, 'tap --listen 0')
  await expect(announced).toContainText('as an HTTP proxy')
  const port = /listening on 127\.0\.0\.1:(\d+)/.exec((await announced.textContent()) ?? '')?.[1]
  await command(page, `policy --listen ${port}`)
  await expect(announced).toContainText(`Port ${port} on 127.0.0.1 is in use by another program`)
})

for (const theme of ['dark', 'light'] as const) {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 1920, height: 1080 },
  ]) {
    test.describe(`${size.width}x${size.height}, ${theme}`, () => {
      test.use({ size, theme })

      test('the exchange is drawn whole', async ({ app }) => {
        const { page, host } = app
        const shoot = (name: string) =>
          page.screenshot({ path: join(root, 'test-results/screens', `${host}-${theme}-${size.width}-${name}.png`) })
        await startCard(page, 'Silverlight socket policy')
        await shoot('policy-1-held')
        await page.keyboard.press('F10')
        await expect(row(page, 1)).toContainText('320 B so far')
        for (let count = 0; count < 15; count += 1) await page.keyboard.press('F11')
        await shoot('policy-2-answer')
        await lowerTab(page, 'States').click()
        await leaveInput(page)
        await page.keyboard.press('F10')
        await page.keyboard.press('F10')
        await expect(said(page)).toBeVisible()
        await shoot('policy-3-said')
        await page.getByRole('tab', { name: 'Samples' }).click()
        await page.getByTestId('sample-policy').scrollIntoViewIfNeeded()
        await shoot('policy-4-cards')
        expect(app.problems).toEqual([])
      })
    })
  }
}
