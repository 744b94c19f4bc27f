// docs/intermediaries.md: every dialect behind every intermediary, from real runs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { surviveEach } from '../main/lab/survive.ts'
import { createWorkspace } from '../main/lab/workspace.ts'
import { dialectIds } from '../shared/dialects/registry.ts'
import { intermediaries, intermediaryKinds } from '../shared/intermediaries/intermediary.ts'
import { breakSentence, outcomeWords, type Survival } from '../shared/intermediaries/survival.ts'

const seed = 7

/** Runs all of them, over real sockets. */
export async function survivalResults(): Promise<readonly Survival[]> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'wirestep-survival-'))
  const onError = (sentence: string): never => {
    throw new Error(sentence)
  }
  const workspace = createWorkspace({ dataFolder, onChange: () => {}, onError })
  const results: Survival[] = []
  try {
    for await (const survival of surviveEach(workspace, { dialects: dialectIds, via: intermediaryKinds, seed })) {
      if (!survival.ok) throw new Error(survival.error)
      results.push(survival.value)
    }
  } finally {
    await workspace.shutdown()
    rmSync(dataFolder, { recursive: true, force: true })
  }
  return results
}

export function survivalPage(results: readonly Survival[]): string {
  const rows = dialectIds.map((dialect) => [
    `\`${dialect}\``,
    ...intermediaryKinds.map((via) => {
      const { outcome } = results.find((one) => one.dialect === dialect && one.via === via)!
      return outcome === 'survives' ? outcomeWords[outcome] : `**${outcomeWords[outcome]}**`
    }),
  ])
  const lines = [
    ['', ...intermediaryKinds.map((kind) => intermediaries[kind].name)],
    rows[0]!.map(() => '---'),
    ...rows,
  ]
  return [
    '<!-- Made from real runs by `npm run survival`. -->',
    '# What stands in between',
    `Every dialect behind every intermediary, run with seed ${seed}: opened, a message each way, the attack on caches (Huang, Chen, Barth, Rescorla and Jackson, *Talking to Yourself for Fun and Profit*, W2SP 2011), closed. \`wirestep survive\` and the window's *Behind intermediaries*, under Compare, run the same, and \`lab DIALECT --via NODE,NODE --seed ${seed}\` steps through it.`,
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    '## What each does',
    Object.values(intermediaries)
      .map(({ name, kind, says }) => `- **${name}** (\`${kind}\`): ${says}`)
      .join('\n'),
    '## Where they break',
    results
      .flatMap((one) => breakSentence(one) ?? [])
      .map((sentence) => `- ${sentence}`)
      .join('\n'),
    '## What this shows',
    [
      '- The eight bytes that hixie-76 and hybi-03 put behind a request without a body are no part of it to HTTP. Upgrade+Hello proves the same with frames, after the 101.',
      '- A proxy that goes on parsing HTTP stops Upgrade+Hello during the handshake, whose frames begin with a byte that no HTTP message begins with: the application learns that there is no way through. The dialects that prove all in the heads open first, and lose their first message.',
      '- Where the client does not mask, a page and its own server can write an answer of another server into a cache. From hybi-04 on clients mask, and the same attempt leaves nothing that looks like a request.',
    ].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
