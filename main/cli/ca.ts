// `wirestep ca`: the authority that certifies what a tap and a server of ours show to clients that speak TLS.
import { X509Certificate } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import type { Call } from '../../shared/commands/registry.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { authorityFile, openAuthority } from '../net/tls/authority.ts'
import { certificateFacts } from '../net/tls/facts.ts'
import { fileError } from '../store/fileErrors.ts'
import { CliError, type Terminal } from './terminal.ts'

type Args = Call<'ca'>['args']

export async function ca({ what, file }: Args, terminal: Terminal): Promise<number> {
  const say = (...lines: readonly string[]) => terminal.stdout.write(`${lines.join('\n')}\n`)
  if ((what === 'export') !== (file !== undefined))
    throw new CliError(what === 'export' ? 'Write where to: wirestep ca export FILE.' : `ca ${what} takes no file.`)
  if (what === 'remove') return remove(terminal, say)
  const opened = await openAuthority(dataFolder(terminal.env))
  if (!opened.ok) throw new CliError(opened.error)
  const { certificate } = opened.value
  if (file !== undefined) write(file, certificate)
  const { subject, from, to, sha256 } = certificateFacts(new X509Certificate(certificate))
  say(subject, `valid ${from} to ${to}`, `SHA-256 ${sha256}`)
  say(
    file === undefined
      ? `kept in ${authorityFile(dataFolder(terminal.env))} with its key: whoever has that file can stand in for any server you trust it for`
      : `written to ${file}: docs/tls.md says how programs are told to trust it, and how to undo that`,
  )
  return 0
}

function write(path: string, certificate: string): void {
  try {
    writeFileSync(path, certificate, { flag: 'wx' })
  } catch (error) {
    throw new CliError(fileError('write', path, error))
  }
}

function remove({ env }: Terminal, say: (...lines: readonly string[]) => void): number {
  const path = authorityFile(dataFolder(env))
  try {
    rmSync(path)
  } catch (error) {
    throw new CliError(fileError('remove', path, error))
  }
  say(`removed ${path}`, 'programs that were told to trust it still do: docs/tls.md says how to undo that')
  return 0
}
