import { join } from 'node:path'
import { expect, root, test } from './app.ts'
import { command, leaveInput, row, sendText } from './window.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const
const themes = ['dark', 'light'] as const

for (const size of sizes) {
  for (const theme of themes) {
    test.describe(`${size.width}x${size.height}, ${theme}`, () => {
      test.use({ size, theme })

      test('every panel is drawn whole', async ({ app }) => {
        const { page, host } = app
        const shoot = (name: string) =>
          page.screenshot({ path: join(root, 'test-results/screens', `${host}-${theme}-${size.width}-${name}.png`) })
        await shoot('1-first-launch')
        await page.keyboard.press('F10')
        await page.keyboard.press('F10')
        for (let i = 0; i < 13; i += 1) await page.keyboard.press('Shift+F11')
        await expect(row(page, 2)).toContainText('13 of 26 B')
        await shoot('2-hello-in-flight')
        await page.keyboard.press('F10')
        await page.keyboard.press('F10')
        await expect(row(page, 3)).toHaveAttribute('data-phase', 'done')
        await sendText(page, 'Client', 'hello')
        await command(page, 'send server text "a longer message, in three fragments" --fragments 3')
        await command(page, 'ping client are you there')
        await leaveInput(page)
        await page.keyboard.press('F5')
        await expect(row(page, 8)).toBeVisible()
        for (const tab of ['Messages', 'States', 'Faults', 'Segments', 'Console']) {
          await page.getByRole('tab', { name: tab }).click()
          await shoot(`3-${tab.toLowerCase()}`)
        }
        await page.keyboard.press('Control+k')
        await expect(page.getByRole('dialog')).toBeVisible()
        await shoot('4-palette')
        await page.keyboard.press('Escape')
        await command(page, 'lab rfc6455 --seed 7')
        await command(page, 'step unit 2')
        await command(page, 'send client text "Hello"')
        await command(page, 'edit client 260 --remove 1 --insert 00')
        await page.getByRole('tab', { name: 'Sessions' }).click()
        await shoot('5-sessions')
        await page.getByRole('tab', { name: 'Lab', exact: true }).click()
        await shoot('6-rfc6455')
        await page.getByRole('tab', { name: 'Compare' }).click()
        await expect(page.getByRole('region', { name: 'What differs' })).toBeVisible()
        await shoot('7-compare')
        for (const box of await page.getByRole('checkbox').all()) await box.check()
        await page.getByRole('button', { name: 'Compare', exact: true }).click()
        await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeEnabled()
        await shoot('8-compare-all')
        await page.getByRole('region', { name: 'Counted' }).scrollIntoViewIfNeeded()
        await shoot('9-compare-counted')
        await page.getByRole('tab', { name: 'Samples' }).click()
        await page.getByRole('button', { name: 'Start Web chat' }).click()
        const bob = page.frameLocator('[title="The page of Guest 2"]')
        await expect(bob.locator('body')).toContainText('Here: Ann, Bob')
        await shoot('10-chat')
        await page.getByRole('button', { name: 'All samples' }).click()
        await page.getByRole('button', { name: 'Start Stock quotes' }).click()
        const viewer = page.frameLocator('[title="The page of Viewer"]')
        await expect(viewer.getByTestId('quote-ACME')).toContainText(/ACME\d/)
        await shoot('11-quotes')
        const clipped = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        expect(clipped, 'the page scrolls sideways').toBe(false)
        expect(app.problems).toEqual([])
      })
    })
  }
}
