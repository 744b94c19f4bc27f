// The import rules of the architecture, read off the source: who may lean on whom.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

function importsUnder(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => /\.tsx?$/.test(file)).flatMap((file) => importsOf(join(folder, file)))
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8')
  const statements = text.matchAll(/^(?:import|export)(?<type> type)?\b[^'"]*?from '(?<path>\.[^']+)'/gms)
  return [...statements].map(({ groups }) => ({
    from,
    to: relative(root, resolve(root, dirname(from), groups!['path']!)),
    typeOnly: groups!['type'] !== undefined,
  }))
}

function breaches(folder: string, allowed: (found: Import) => boolean): string[] {
  return importsUnder(folder)
    .filter((found) => !allowed(found))
    .map(({ from, to }) => `${from} imports ${to}`)
}

/**
 * What each folder of shared/ may lean on, besides itself. Types may be named from anywhere, since nothing runs because
 * of them; what is in `anyones` leans on no folder and anyone may use it.
 */
const below: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  faults: ['bytes'],
  dialects: ['bytes', 'faults'],
  framing: ['bytes', 'faults', 'dialects'],
  handshake: ['bytes', 'faults', 'dialects'],
  extensions: ['bytes', 'faults', 'dialects'],
  profile: ['bytes', 'handshake'],
  intermediaries: ['bytes', 'handshake'],
  endpoint: ['bytes', 'faults', 'dialects', 'framing', 'handshake', 'extensions', 'profile'],
  draft: ['bytes', 'faults', 'dialects', 'handshake'],
  compare: ['bytes', 'faults', 'dialects', 'framing', 'handshake', 'extensions', 'endpoint', 'capture'],
  replay: ['bytes', 'faults', 'dialects', 'framing', 'handshake', 'extensions', 'endpoint', 'capture'],
  conform: ['bytes', 'faults', 'dialects', 'framing', 'handshake', 'endpoint'],
  export: ['bytes', 'faults', 'dialects', 'framing', 'handshake', 'extensions', 'endpoint', 'capture'],
  capture: [
    'bytes',
    'faults',
    'dialects',
    'framing',
    'handshake',
    'extensions',
    'profile',
    'intermediaries',
    'endpoint',
  ],
}

const anyones = ['shared/ipc/result.ts', 'shared/version.ts']

describe('layers', () => {
  it.each(Object.entries(below))('shared/%s leans only on what is below it', (folder, allowed) => {
    const mayUse = (to: string) =>
      anyones.includes(to) || [folder, ...allowed].some((name) => to.startsWith(`shared/${name}/`))
    expect(breaches(`shared/${folder}`, ({ to, typeOnly }) => typeOnly || mayUse(to))).toEqual([])
  })

  it('shared/ imports neither main/ nor renderer/', () => {
    expect(breaches('shared', ({ to }) => !/^(main|renderer)\//.test(to))).toEqual([])
  })

  it('main/ and renderer/ meet only in shared/', () => {
    expect(breaches('main', ({ to }) => !to.startsWith('renderer/'))).toEqual([])
    expect(breaches('renderer', ({ to }) => !to.startsWith('main/'))).toEqual([])
  })

  it('a feature of the window imports no other feature', () => {
    const featureOf = (path: string) => /^renderer\/features\/([^/]+)\//.exec(path)?.[1]
    const own = ({ from, to }: Import) => featureOf(to) === undefined || featureOf(to) === featureOf(from)
    expect(breaches('renderer/features', own)).toEqual([])
  })
})
