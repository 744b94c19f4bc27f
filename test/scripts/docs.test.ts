import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pages } from '../../scripts/docs.ts'

describe('the generated pages in docs/', () => {
  it.each(Object.entries(pages()))('%s is what npm run docs makes now', (name, text) => {
    expect(readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8')).toBe(text)
  })
})
