// `wirestep open`, and a window that opens on a file.
import { join } from 'node:path'
import { expect, test } from './app.ts'

const captures = join(import.meta.dirname, '../fixtures/captures')

test.use({ opens: { path: join(captures, 'tls.pcapng.gz'), keylog: join(captures, 'tls.keys') } })

test('the window opens on the file that the command line names, read with its key log', async ({ app: { page } }) => {
  await expect(page.getByText('hello over TLS_AES_128_GCM_SHA256').first()).toBeVisible()
  await expect(page).toHaveTitle('tls.pcapng.gz – Wirestep')
})
