import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Frame, Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { WebSocket, WebSocketServer } from 'ws'
import { expect, root, test } from './app.ts'
import { command, expectStates, lowerTab, openBothEnds, pickDialect, row, sendText } from './window.ts'

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** What axe finds wrong in the window and in the pages in its panes, one line an element: the rule, where, and why. */
async function violations(page: Page): Promise<string[]> {
  return (await Promise.all(page.frames().map(violationsIn))).flat()
}

async function violationsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe)
  const found = await frame.evaluate(
    (values) =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: { type: 'tag', values },
        iframes: false,
      }),
    rules,
  )
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}  ${target.join(' ')}  ${failureSummary?.replaceAll(/\s+/g, ' ')}`),
  )
}

async function expectNoViolations(page: Page, where: string): Promise<void> {
  await test.step(where, async () => expect.soft(await violations(page), where).toEqual([]))
}

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme, no rule of WCAG 2.1 A and AA is broken`, () => {
    test.use({ theme })

    test('in the lab, whatever the lower panel shows', async ({ app: { page } }) => {
      await expectNoViolations(page, 'before the first byte')
      await page.keyboard.press('Shift+F11')
      await expect(row(page, 0)).toHaveAttribute('data-phase', 'inFlight')
      await expectNoViolations(page, 'inside the first unit')
      await openBothEnds(page)
      await sendText(page, 'Client', 'hello')
      await command(page, 'break add opcode=ping')
      await command(page, 'send server text "in three parts" --fragments 3')
      await command(page, 'edit client 200 --remove 1 --insert 21')
      await page.keyboard.press('F5')
      await expect(row(page, 7)).toHaveAttribute('data-phase', 'done')
      const tabs = page.getByRole('tablist', { name: 'Lower panel' }).getByRole('tab')
      await expect(tabs.first()).toBeVisible()
      for (const tab of await tabs.all()) {
        await tab.click()
        await expect(tab).toHaveAttribute('aria-selected', 'true')
        await expectNoViolations(page, (await tab.textContent()) ?? '')
      }
    })

    test('with a frame in every layer', async ({ app: { page } }) => {
      await pickDialect(page, 'RFC 6455')
      await openBothEnds(page)
      await sendText(page, 'Client', 'hello')
      await page.getByRole('button', { name: 'Handshake' }).click()
      await expectNoViolations(page, 'handshake folded')
      await row(page, 2).click()
      for (const layer of ['Wire', 'Unmasked', 'Text']) {
        await page.getByRole('radio', { name: layer, exact: true }).last().click()
        await expectNoViolations(page, layer)
      }
    })

    test('with live traffic', async ({ app: { page } }) => {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
      await once(server, 'listening')
      await page.getByRole('tab', { name: 'Live', exact: true }).click()
      await expectNoViolations(page, 'the form')
      const form = page.getByRole('form', { name: 'Start a tap' })
      await form.getByLabel('Port').fill('0')
      await form.getByLabel('Server', { exact: true }).fill(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await form.getByText('Hold at the gate').click()
      await form.getByRole('button', { name: 'Start listening' }).click()
      const url = page.getByLabel('Where clients connect', { exact: true })
      await expect(url).toBeVisible()
      await expectNoViolations(page, 'before the first connection')
      const client = new WebSocket(await url.inputValue()).on('error', () => {})
      await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
      await expectNoViolations(page, 'with a connection that is held')
      await page.getByRole('button', { name: 'Shaping' }).click()
      await expect(page.getByRole('dialog', { name: 'Shaping' })).toBeVisible()
      await expectNoViolations(page, 'with its shaping')
      client.terminate()
      server.close()
    })

    test('in a comparison of all dialects', async ({ app: { page } }) => {
      await page.getByRole('tab', { name: 'Compare' }).click()
      await expect(page.getByRole('checkbox').first()).toBeVisible()
      for (const box of await page.getByRole('checkbox').all()) await box.check()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      const boxes = await page.getByRole('checkbox').count()
      await expect(page.getByRole('region', { name: 'Ladders side by side' }).getByRole('columnheader')).toHaveCount(
        boxes + 1,
      )
      await expectNoViolations(page, 'compared')
      await page.getByLabel('Scenario').fill('step unit')
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      await expect(page.getByRole('alert').filter({ hasText: 'Line 1' })).toBeVisible()
      await expectNoViolations(page, 'a scenario that is none')
    })

    test('behind intermediaries', async ({ app: { page } }) => {
      await command(page, 'survive --dialects hixie-76,hybi-03,hello-00 --via reverse-proxy,transparent-proxy,cache')
      await page.getByRole('tab', { name: 'Compare' }).click()
      await page.getByRole('radio', { name: 'Behind intermediaries' }).click()
      await expect(page.getByRole('status').filter({ hasText: /^9 runs/ })).toBeVisible()
      await expectNoViolations(page, 'survival')
    })

    test('in a socket policy exchange', async ({ app: { page } }) => {
      await command(page, 'policy --listen 0')
      await expect(page.getByTestId('ladder-row').first()).toContainText('policy request')
      await lowerTab(page, 'States').click()
      await expectNoViolations(page, 'policy')
    })

    test('in the samples', async ({ app: { page } }) => {
      await page.getByRole('tab', { name: 'Samples' }).click()
      await expectNoViolations(page, 'cards')
      await page.getByRole('button', { name: 'Start Web chat' }).click()
      await expect(page.frameLocator('[title="The page of Guest 2"]').locator('body')).toContainText('Here: Ann, Bob')
      await expectNoViolations(page, 'chat')
      await page.getByRole('button', { name: 'All samples' }).click()
      await page.getByRole('button', { name: 'Start Stock quotes' }).click()
      const quotes = page.frameLocator('[title="The page of Viewer"]')
      await expect(quotes.getByTestId('quote-ACME')).toContainText(/ACME\d/)
      await expectNoViolations(page, 'quotes')
    })

    test('in the sessions', async ({ app: { page } }) => {
      await page.getByRole('tab', { name: 'Sessions' }).click()
      await expect(page.getByTestId('open-run')).toBeVisible()
      await expectNoViolations(page, 'sessions')
    })

    test('in the palette, the key help, the find bar and the menus', async ({ app: { page } }) => {
      for (const key of ['Control+k', '?']) {
        await page.keyboard.press(key)
        await expect(page.getByRole('dialog')).toBeVisible()
        await expectNoViolations(page, key)
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
      await page.keyboard.press('Control+f')
      await expect(page.getByRole('search')).toBeVisible()
      await expectNoViolations(page, 'find')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Dialect: / }).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await expectNoViolations(page, 'dialects')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('menu')).toHaveCount(0)
      await row(page, 0).click({ button: 'right' })
      await expect(page.getByRole('menu')).toBeVisible()
      await expectNoViolations(page, 'menu of a unit')
    })

    test('when an end refuses to send, and when a rule is broken', async ({ app: { page } }) => {
      const composer = page.getByRole('form', { name: 'Send from an end' })
      await composer.getByLabel('Content').fill('too early')
      await composer.getByRole('button', { name: 'Send' }).click()
      await expect(composer.getByRole('alert')).toBeVisible()
      await expectNoViolations(page, 'refusal')
      await command(page, 'step unit 2')
      await command(page, 'edit server 194 --remove 1 --insert 00')
      await command(page, 'step unit')
      await expectStates(page, 'FAILED', 'AWAITING_CLIENT_HELLO')
      await expect(page.getByTestId('fault-card')).toBeVisible()
      await expectNoViolations(page, 'fault')
    })
  })
}

test('where less motion is asked for, nothing moves', async ({ app: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await motionsDuring(page, () => openBothEnds(page))).toEqual([])
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  const moving = motionsDuring(page, () =>
    command(page, 'start').then(() => expectStates(page, 'IDLE', 'AWAITING_REQUEST')),
  )
  expect(await moving, 'the window never moves, so this test cannot fail').not.toEqual([])
})

/**
 * What begins to move for longer than a frame while `act` goes on. How long is read from the style that made it move:
 * the animation itself may be over by the time a slow machine tells of it.
 */
async function motionsDuring(page: Page, act: () => Promise<void>): Promise<string[]> {
  await page.evaluate(() => {
    const seen = new Set<string>()
    Object.assign(window, { seen })
    const look = ({ type, target, pseudoElement }: Event & { pseudoElement: string }) => {
      const { animationDuration, transitionDuration } = getComputedStyle(target as Element, pseudoElement || null)
      const durations = type === 'animationstart' ? animationDuration : transitionDuration
      if (durations.split(',').some((seconds) => Number.parseFloat(seconds) > 0.016)) seen.add(type)
    }
    for (const type of ['animationstart', 'transitionrun']) document.addEventListener(type, look as EventListener)
  })
  await act()
  // Events of an animation come with the frame that first draws it.
  return page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
    return [...(window as unknown as { seen: Set<string> }).seen]
  })
}

test('a warning is told from a violation by its sign, in the ladder, the list and its explanation', async ({
  app: { page },
}) => {
  const marks = (severity: string) => page.getByRole('img', { name: severity, exact: true })
  await command(page, 'lab rfc6455 --seed 7 --flaw same-mask')
  for (const text of ['hello', 'again']) {
    await command(page, 'run')
    await command(page, `send client text ${text}`)
  }
  await command(page, 'run')
  await expect(row(page, 3).getByRole('img', { name: 'warning' })).toBeVisible()
  await lowerTab(page, 'Faults').click()
  await row(page, 3).click()
  // In the ladder, the list, and twice in the explanation: at its title and at its rule.
  await expect(marks('warning')).toHaveCount(4)
  await expect(marks('violation')).toHaveCount(0)
})

test('where less motion is wished for, another theme reaches every letter at once', async ({ app: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' })
  const colours = () =>
    page.evaluate(() =>
      [document.body, ...document.querySelectorAll('.ends span, h3')].map((one) => getComputedStyle(one).color),
    )
  for (const colorScheme of ['light', 'dark', 'light'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    const [ink, ...letters] = await colours()
    expect(letters.length).toBeGreaterThan(2)
    expect(new Set(letters)).toEqual(new Set([ink]))
  }
})
