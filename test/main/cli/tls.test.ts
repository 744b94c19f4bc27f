// wss:// in the terminal: serve, connect and tap with each other, and the authority between them.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { makeLeaf } from '../../../main/net/tls/certificates.ts'
import { temporaryFolder } from '../lab/labs.ts'
import { theirs, tlsServer } from '../net/tls/peers.ts'
import { openTerminal, type Session, wirestep } from './fakeTerminal.ts'

/** The terminals of one person: they share a data folder, and so an authority. */
function person() {
  const WIRESTEP_DATA = temporaryFolder()
  const open = (): Session => {
    const session = openTerminal()
    return { ...session, terminal: { ...session.terminal, env: { WIRESTEP_DATA } } }
  }
  const run = async (...words: readonly string[]) => {
    const session = open()
    const code = await runProgram(words, session.terminal)
    return { code, out: session.out(), err: session.err() }
  }
  const listening = async (...words: readonly string[]) => {
    const session = open()
    const done = runProgram([...words, '--json'], session.terminal)
    const { port, url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
    const stop = async () => {
      session.interrupt()
      await done
      const events = session.out().trim().split('\n')
      return { events: events.map((line) => JSON.parse(line)), err: session.err() }
    }
    onTestFinished(async () => void (await stop()))
    return { port: Number(port), url: String(url), stop }
  }
  /** The file that clients are told to trust. */
  const trusted = async () => {
    const file = join(temporaryFolder(), 'ca.pem')
    expect((await run('ca', 'export', file)).code).toBe(0)
    return file
  }
  return { run, listening, trusted, data: WIRESTEP_DATA }
}

const hello = ['--dialect', 'hello-00', '--send', 'hello', '--expect', '1'] as const
const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('wirestep serve --tls', () => {
  it('takes a client that trusts the authority of its user, in any dialect', async () => {
    const me = person()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    expect(server.url).toBe(`wss://127.0.0.1:${server.port}/`)
    const { code, out } = await me.run('connect', server.url, ...hello, '--ca', await me.trusted(), '--json')
    expect(code).toBe(0)
    expect(jsonLines(out)[0]).toMatchObject({ event: 'tls', side: 'server', version: 'TLSv1.3', unverified: null })
    const { events } = await server.stop()
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'tls', connection: 1, side: 'client', alpn: 'http/1.1' }),
    )
    expect(events).toContainEqual(expect.objectContaining({ event: 'message', connection: 1, data: 'hello' }))
  })

  it('turns a plain client away, and makes no authority for it', async () => {
    const me = person()
    const { port, stop } = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    expect((await me.run('connect', `ws://127.0.0.1:${port}/`, ...hello)).code).toBe(1)
    expect((await stop()).err).toBe('A client spoke no TLS: ask for this port with wss://.\n')
    expect(existsSync(join(me.data, 'authority.pem'))).toBe(false)
  })
})

describe('wirestep serve --tls --cert --key', () => {
  const words = ['serve', '--dialect', 'hello-00', '--port', '0'] as const
  const write = (name: string, text: string) => {
    const file = join(temporaryFolder(), name)
    writeFileSync(file, text)
    return file
  }
  const leaf = makeLeaf(theirs, '127.0.0.1', Date.now())

  it('shows the certificate of the person with its chain, and makes no authority', async () => {
    const { certificate, key } = await leaf
    const files = ['--cert', write('cert.pem', certificate + theirs.certificate), '--key', write('key.pem', key)]
    const me = person()
    const server = await me.listening(...words, '--tls', ...files)
    const ca = write('ca.pem', theirs.certificate)
    const { code, out } = await me.run('connect', server.url, ...hello, '--ca', ca, '--json')
    expect(code).toBe(0)
    expect(jsonLines(out)[0]).toMatchObject({ chain: [{ subject: 'CN=127.0.0.1' }, {}], unverified: null })
    const { events } = await server.stop()
    expect(events.find(({ event }) => event === 'tls').chain).toHaveLength(2)
    expect(existsSync(join(me.data, 'authority.pem'))).toBe(false)
  })

  it('refuses files that do not belong together, or hold something else', async () => {
    const { certificate, key } = await leaf
    const cert = write('cert.pem', certificate)
    const refused = async (...more: readonly string[]) => (await person().run(...words, ...more)).err
    const other = write('other.pem', theirs.key)
    const text = write('text.pem', 'trust me')
    expect(await refused('--tls', '--cert', cert, '--key', other)).toBe(
      `The key in ${other} is not the one of the certificate in ${cert}.\n`,
    )
    expect(await refused('--tls', '--cert', text, '--key', other)).toMatch(/holds no certificate as PEM/)
    expect(await refused('--tls', '--cert', cert, '--key', text)).toMatch(/holds no private key as PEM/)
    expect(await refused('--tls', '--cert', cert, '--key', `${cert}.none`)).toMatch(/there is no such file/)
    expect(await refused('--tls', '--cert', cert)).toBe('--cert and --key go together.\n')
    expect(await refused('--cert', cert, '--key', write('key.pem', key))).toBe('--cert and --key are for --tls.\n')
  })
})

describe('wirestep connect to wss://', () => {
  it('is refused by default where nobody known signed the certificate, with what to do', async () => {
    const me = person()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    const { code, err } = await me.run('connect', server.url, ...hello)
    expect(code).toBe(1)
    expect(err).toBe(
      `127.0.0.1:${server.port} is not to be trusted: its certificate comes from an authority that this machine does not know. Give its authority with --ca FILE, or go on with --insecure.\n`,
    )
  })

  it('goes on with --insecure, and says so before, in the events and in the recording', async () => {
    const me = person()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    const file = join(temporaryFolder(), 'seen.pcapng')
    const { code, out, err } = await me.run('connect', server.url, ...hello, '--insecure', '--record', file)
    expect(code).toBe(0)
    expect(err).toMatch(/^--insecure: /)
    expect(out).toContain('NOT VERIFIED: SELF_SIGNED_CERT_IN_CHAIN')
    expect(readFileSync(file).toString('latin1')).toContain('NOT VERIFIED (SELF_SIGNED_CERT_IN_CHAIN)')
    const { out: decoded } = await wirestep(['decode', file])
    expect(decoded).toContain('"kind":"frame"')
  })

  it.each([
    ['--ca', 'is not there', /Could not read .*: there is no such file/],
    ['--keylog', 'no folder/keys', /Could not write .*: there is no such file or folder/],
  ])('%s is checked before anything is dialled', async (option, name, says) => {
    const { code, err } = await person().run(
      'connect',
      'wss://127.0.0.1:1/',
      ...hello,
      option,
      join(temporaryFolder(), name),
    )
    expect(code).toBe(1)
    expect(err).toMatch(says)
  })

  it('--ca refuses a file that holds no certificate', async () => {
    const file = join(temporaryFolder(), 'ca.pem')
    writeFileSync(file, 'trust me')
    const { err } = await person().run('connect', 'wss://127.0.0.1:1/', ...hello, '--ca', file)
    expect(err).toBe(`${file} holds no certificate as PEM: it begins with -----BEGIN CERTIFICATE-----.\n`)
  })

  it('--keylog writes the secrets for the person alone, as the key log format has them', async () => {
    const me = person()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    const file = join(temporaryFolder(), 'keys')
    await me.run('connect', server.url, ...hello, '--insecure', '--keylog', file)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toContain('CLIENT_TRAFFIC_SECRET_0')
    for (const line of lines) expect(line).toMatch(/^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]{64,96}$/)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

describe('wirestep tap', () => {
  it('stands between a client and a server that both speak TLS, and tells what both agreed on', async () => {
    const me = person()
    const trusted = await me.trusted()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    const file = join(temporaryFolder(), 'tapped.pcapng')
    const tap = await me.listening('tap', '--listen', '0', '--upstream', server.url, '--ca', trusted, '--record', file)
    const { code } = await me.run('connect', `wss://127.0.0.1:${tap.port}/`, ...hello, '--ca', trusted)
    expect(code).toBe(0)
    const { events } = await tap.stop()
    expect(events.filter(({ event }) => event === 'tls')).toMatchObject([
      { connection: 1, side: 'client', version: 'TLSv1.3' },
      { connection: 1, side: 'server', chain: [{ subject: 'CN=127.0.0.1' }, expect.anything()] },
    ])
    expect(events).toContainEqual(expect.objectContaining({ event: 'message', lane: 'serverToClient', data: 'hello' }))
    const { out } = await wirestep(['decode', file])
    expect(out).toContain('"kind":"frame"')
  })

  it('as a proxy speaks TLS to whom its client speaks TLS to, by the name the client means', async () => {
    const me = person()
    const trusted = await me.trusted()
    const server = await me.listening('serve', '--dialect', 'hello-00', '--port', '0', '--tls')
    const tap = await me.listening('tap', '--listen', '0', '--ca', trusted)
    const proxy = ['--proxy', `http://127.0.0.1:${tap.port}`] as const
    expect((await me.run('connect', server.url, ...hello, '--ca', trusted, ...proxy)).code).toBe(0)
    const { events } = await tap.stop()
    expect(events.filter(({ event }) => event === 'tls').map(({ side }) => side)).toEqual(['client', 'server'])
  })

  it('tells of a server that is not to be trusted, and ends its connection', async () => {
    const { address } = await tlsServer('other.example', () => {})
    const me = person()
    const ca = join(temporaryFolder(), 'theirs.pem')
    writeFileSync(ca, theirs.certificate)
    const file = join(temporaryFolder(), 'tapped.pcapng')
    const url = `wss://127.0.0.1:${address.port}/`
    const tap = await me.listening('tap', '--listen', '0', '--upstream', url, '--ca', ca, '--record', file)
    const { code } = await me.run('connect', `ws://127.0.0.1:${tap.port}/`, ...hello)
    expect(code).toBe(1)
    const { events } = await tap.stop()
    const says = `127.0.0.1:${address.port} is not to be trusted: its certificate is not for 127.0.0.1. Ask for it by a name it has, or go on with --insecure.`
    expect(events).toContainEqual({ event: 'refused', connection: 1, says })
    expect(events.at(-1)).toMatchObject({ event: 'close', connection: 1 })
    expect(readFileSync(file).toString('latin1')).toContain(says)
  })
})

describe('wirestep ca', () => {
  it('shows the authority, made when there was none, and the same from then on', async () => {
    const me = person()
    const { code, out } = await me.run('ca', 'show')
    expect(code).toBe(0)
    expect(out).toMatch(
      /^CN=Wirestep authority of this user [0-9a-f]{6}, O=Wirestep\nvalid .*\nSHA-256 [0-9a-f]{64}\nkept in /,
    )
    expect((await me.run('ca', 'show')).out).toBe(out)
  })

  it('exports the certificate without its key, and writes over nothing', async () => {
    const me = person()
    const file = await me.trusted()
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect(readFileSync(file, 'utf8')).not.toContain('PRIVATE KEY')
    const { code, err } = await me.run('ca', 'export', file)
    expect([code, err]).toEqual([1, `Could not write ${file}: it exists already; choose another name.\n`])
  })

  it('removes it, and says what is left to do', async () => {
    const me = person()
    const { out: first } = await me.run('ca', 'show')
    const { out } = await me.run('ca', 'remove')
    expect(out).toContain('docs/tls.md')
    expect((await me.run('ca', 'show')).out).not.toBe(first)
  })

  it.each([
    [['remove'], /there is no such file/],
    [['export'], /Write where to/],
    [['show', 'file'], /takes no file/],
    [['forget'], /show, export, remove/],
  ])('%s says what is wrong', async (words, says) => {
    const { code, err } = await person().run('ca', ...words)
    expect(code).toBe(1)
    expect(err).toMatch(says)
  })
})

describe('wirestep decode --keylog', () => {
  const captures = resolve(import.meta.dirname, '../../fixtures/captures')
  const capture = join(captures, 'tls.pcapng.gz')

  it('reads what a capture of others says over TLS', async () => {
    const { out, err } = await wirestep(['decode', capture, '--keylog', join(captures, 'tls.keys'), '--summary'])
    expect(jsonLines(out)).toHaveLength(14)
    expect(err).toContain('7 TLS connections were read with the secrets of a key log.')
  })

  it('says what it takes when it is left out', async () => {
    const { code, err } = await wirestep(['decode', capture])
    expect(code).toBe(1)
    expect(err).toContain('give that file with --keylog FILE')
  })

  it.each([
    [['decode', capture, '--keylog', join(captures, 'none.keys')], /Could not read .*: there is no such file/],
    [['decode', '--hex', '81 00', '--keylog', capture], /--keylog is for a FILE of packets/],
  ])('%s says what is wrong', async (words, says) => {
    const { code, err } = await wirestep(words)
    expect(code).toBe(1)
    expect(err).toMatch(says)
  })
})
