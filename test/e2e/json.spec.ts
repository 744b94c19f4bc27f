// A text that is JSON, as a tree: keys move in it, and what is picked in it is picked in every layer.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, root, test } from './app.ts'
import { command, leaveInput, row } from './window.ts'

const layer = (page: Page, name: string) =>
  page.getByRole('radiogroup', { name: 'Layer' }).getByText(name, { exact: true })
const node = (page: Page, name: RegExp) => page.getByTestId('json').getByRole('treeitem', { name })
const selected = (page: Page) => page.locator('[data-testid="byte"].is-selected')

async function serverSays(page: Page, text: string): Promise<void> {
  await command(
    page,
    `paste --server ${Buffer.from(text.length < 126 ? [0x81, text.length] : []).toString('hex')}${Buffer.from(text).toString('hex')} --dialect rfc6455 --open`,
  )
  await command(page, 'end')
  await leaveInput(page)
  await row(page, 0).click()
  await layer(page, 'JSON').click()
}

test('a JSON text is a tree that keys move in, and a node that is picked is picked on the wire', async ({
  app: { page },
}) => {
  await serverSays(page, '{"id":12345678901234567890,"id":2,"list":[true,{"deep":"hi"}]}')
  await expect(node(page, /^"id"/)).toHaveText(['"id"12345678901234567890', '"id"2'])
  await page.getByTestId('json').focus()
  await page.keyboard.press('End')
  await expect(node(page, /"deep"/)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(node(page, /"list"/)).toHaveCount(1)
  await expect(node(page, /^1/)).toHaveAttribute('aria-expanded', 'false')
  await expect(node(page, /"deep"/)).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await node(page, /"deep"/).click()
  await layer(page, 'Wire').click()
  await expect(selected(page)).toHaveText([...Buffer.from('"deep":"hi"')].map((value) => value.toString(16)))
})

test('a text in several frames is one tree, and a node is picked in all the frames it is in', async ({
  app: { page, host },
}) => {
  const text = '{"name":"over three frames","list":[1,2,3]}'
  await command(page, 'lab rfc6455 --seed 7')
  await command(page, 'run')
  await command(page, `send server text '${text}' --fragments 3`)
  await command(page, 'run')
  await leaveInput(page)
  await row(page, 4).click()
  await layer(page, 'JSON').click()
  await expect(page.getByText('One text of 3 frames.')).toBeVisible()
  await expect(node(page, /"list"/)).toBeVisible()
  await node(page, /"name"/).click()
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-json.png`) })
  await layer(page, 'Wire').click()
  await expect(selected(page)).toHaveText(
    [...Buffer.from('"name":"over three frames"')].map((value) => value.toString(16)),
  )
})

test('a text that stops being JSON says where, and shows the byte', async ({ app: { page } }) => {
  await serverSays(page, '{"a":1,"b":[2,}')
  await expect(page.getByRole('status').filter({ hasText: 'Line 1, column 15: a value was due.' })).toBeVisible()
  await expect(node(page, /^"a"/)).toBeVisible()
  await page.getByRole('button', { name: 'Show the byte' }).click()
  await layer(page, 'Wire').click()
  await expect(selected(page)).toHaveText(['7d'])
})
