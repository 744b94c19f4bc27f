import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseHost } from '../../../main/cli/window.ts'
import { findElectron } from '../../../scripts/electron.mjs'
import { checkNode, dependenciesAreCurrent } from '../../../scripts/setup.mjs'

afterEach(() => vi.unstubAllEnvs())

function runtime(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-electron-'))
  writeFileSync(join(folder, 'electron'), '#!/bin/sh\n')
  chmodSync(join(folder, 'electron'), 0o755)
  writeFileSync(join(folder, 'version'), 'v33.2.1\n')
  return folder
}

describe.runIf(process.platform === 'linux')('where the window opens', () => {
  it('is the desktop, when there is a display and a runtime', () => {
    const folder = runtime()
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
    expect(chooseHost({ DISPLAY: ':0' }, 'linux', 1000)).toEqual({
      host: 'desktop',
      path: join(folder, 'electron'),
      why: 'Electron 33.2.1 from ELECTRON_OVERRIDE_DIST_PATH',
    })
  })
  it.each([
    [{}, 1000, 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)'],
    [{ DISPLAY: ':0' }, 0, 'this is root, and Electron does not start as root with its sandbox on'],
    [{ WAYLAND_DISPLAY: 'wayland-0', WIRESTEP_HOST: 'browser' }, 1000, 'WIRESTEP_HOST asks for it'],
  ])('is a browser with %j as user %i, because %s', (env, user, why) => {
    expect(chooseHost(env, 'linux', user)).toEqual({ host: 'browser', why })
  })
  it('is a browser when the folder named holds no runtime', () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/nowhere')
    const why = 'there is no Electron runtime: ELECTRON_OVERRIDE_DIST_PATH is /nowhere, which holds no Electron'
    expect(chooseHost({ DISPLAY: ':0' }, 'linux', 1000)).toEqual({ host: 'browser', why })
  })
  it('is nowhere when the desktop is asked for and cannot be had', () => {
    expect(() => chooseHost({ WIRESTEP_HOST: 'desktop' }, 'linux', 1000)).toThrow(
      /^The desktop window cannot open: .*\.$/,
    )
  })
})

describe('the set-up', () => {
  it('says which Node it needs', () => {
    expect(() => checkNode('20.19.0')).not.toThrow()
    expect(() => checkNode('26.0.0')).not.toThrow()
    expect(() => checkNode('20.18.3')).toThrow(/^Wirestep needs Node 20\.19 or newer, and this is 20\.18\.3: /)
  })
  it.each([
    ['nothing is installed', null, false],
    ['what is installed is what is wanted', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['a version differs', { 'node_modules/a': { version: '1.0.1' } }, false],
    ['a package is missing', {}, false],
  ])('takes dependencies as current or not when %s', (_case, installed, current) => {
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-setup-'))
    const wanted = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', optional: true },
    }
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }))
    if (installed) {
      mkdirSync(join(folder, 'node_modules'))
      writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }))
    }
    expect(dependenciesAreCurrent(folder)).toBe(current)
  })
  it('says that there is no Electron package where there is none', () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
    expect(findElectron({ from: join(tmpdir(), 'nowhere/package.json') })).toEqual({
      ok: false,
      reason: 'the npm package electron is not installed',
    })
  })
})
