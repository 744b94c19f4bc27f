// What the prototype of December 2010 could not do, switched on in the window: each refusal in its own words.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { restrictions } from '../../shared/profile/prototype2010.ts'
import { expect, root, test } from './app.ts'
import { answer, command, expectStates } from './window.ts'

async function switchOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Prototype profile: off' }).click()
  await page.getByRole('menuitemcheckbox').click()
  await expect(page.getByRole('button', { name: 'Prototype profile: on' })).toBeVisible()
}

/** The window refuses the line: what it is, why that was so, and what lifts it. */
async function expectRefused(page: Page, line: string, id: keyof typeof restrictions, what: string): Promise<void> {
  await command(page, line)
  const { why, lifted } = restrictions[id]
  await expect(answer(page)).toContainText(`${what} is refused: the 2010 prototype`)
  await expect(answer(page)).toContainText(why)
  await expect(answer(page)).toContainText(lifted)
}

test('the switch lists the five restrictions, with why each was there and what lifts it', async ({ app }) => {
  const { page, host } = app
  await page.getByRole('button', { name: 'Prototype profile: off' }).click()
  const items = page.getByTestId('restriction')
  await expect(items).toHaveCount(5)
  for (const { title, why, lifted } of Object.values(restrictions)) {
    await expect(items.filter({ hasText: title })).toContainText(why)
    await expect(items.filter({ hasText: title })).toContainText(lifted)
  }
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-prototype-switch.png`) })
  expect(app.problems).toEqual([])
})

test('a run refuses 126 bytes and anything binary, and sends 125', async ({ app: { page, host } }) => {
  await switchOn(page)
  await command(page, 'lab hello-00 --seed 7')
  await command(page, 'run')
  await expectStates(page, 'OPEN', 'OPEN')
  await expectRefused(page, `send client text ${'x'.repeat(126)}`, 'messages', 'A message of 126 bytes')
  const composer = page.getByRole('form', { name: 'Send from an end' })
  await composer.getByLabel('Content').fill('x'.repeat(126))
  await composer.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'is refused' })).toContainText(restrictions.messages.why)
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-prototype-refused.png`) })
  await expectRefused(page, 'send client hex 00', 'messages', 'A binary message')
  await command(page, `send client text ${'x'.repeat(125)}`)
  await expect(page.getByTestId('ladder-row').filter({ hasText: '127 B' })).toBeVisible()
  await expectStates(page, 'OPEN', 'OPEN')
})

test('port 8080, wss: and a proxy are refused, on the lab and on a tap', async ({ app: { page } }) => {
  await switchOn(page)
  await expectRefused(page, 'lab hello-00 --url ws://127.0.0.1:8080/', 'ports', 'Port 8080')
  await expectRefused(page, 'lab hello-00 --url wss://127.0.0.1:4502/', 'tls', 'wss:')
  await expectRefused(page, 'tap --listen 4510', 'proxies', 'A proxy')
  await expectRefused(page, 'tap --listen 8080 --upstream ws://127.0.0.1:4502/', 'ports', 'Port 8080')
})

test('the sixth connection is refused until the profile is switched off', async ({ app: { page } }) => {
  await switchOn(page)
  for (let seed = 1; seed <= 5; seed += 1) {
    await command(page, `lab hello-00 --seed ${seed}`)
    await expect(answer(page)).toContainText(`seed ${seed},`)
  }
  await expectRefused(page, 'lab hello-00 --seed 6', 'connections', 'Connection 6')
  await command(page, 'profile none')
  await expect(page.getByRole('button', { name: 'Prototype profile: off' })).toBeVisible()
  await command(page, 'lab hello-00 --seed 6')
  await expect(answer(page)).toContainText('seed 6, both ends')
})
