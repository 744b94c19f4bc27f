import { describe, expect, it } from 'vitest'
import { type ExportDraft, exportLine, withEnding } from '../../../../renderer/features/export/export.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'

const draft: ExportDraft = {
  format: 'har',
  scope: 'session',
  filter: '',
  headers: '',
  pattern: '',
  path: 'my file.har',
}

/** What the console makes of the draft. */
function read(part: Partial<ExportDraft>) {
  const call = parseLine(exportLine({ ...draft, ...part }, 3))
  return call.ok && call.value.name === 'export' ? call.value.args : call
}

describe('what the export dialog asks for', () => {
  it('is a line of the console, whatever is in the path', () => {
    expect(read({})).toMatchObject({ to: 'my file.har', format: 'har', connection: undefined, redact: [] })
    expect(read({ path: ` it's "here" ` })).toMatchObject({ to: `it's "here"` })
  })
  it('names the connection, the filter and what is to be blanked', () => {
    const filter = `"it's" and opcode text`
    const asked = read({ scope: 'connection', filter, headers: 'cookie, x-token', pattern: 'to ken=\\w+' })
    expect(asked).toMatchObject({
      ...{ connection: 3, filter },
      redact: [{ value: 'header:cookie, x-token' }, { value: '/to ken=\\w+/' }],
    })
    expect(read({ pattern: '/a/i' })).toMatchObject({ redact: [{ value: '/a/i' }] })
  })
  it('has the ending of its format, unless the person gave another', () => {
    expect(withEnding('a.b/session.html', 'har')).toBe('a.b/session.har')
    expect(withEnding('session.txt', 'har')).toBe('session.txt')
  })
})
