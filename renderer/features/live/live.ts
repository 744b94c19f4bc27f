// What the Live tab says and sends, as values.
import { type Lane, senderOf } from '../../../shared/bytes/lanes.ts'
import { formatAddress, tapUrl } from '../../../shared/capture/addresses.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { ConnectionRow, GateView, LaneMode, Segmentation, TapView } from '../../../shared/ipc/live.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

/** A tap as it was filled in. */
export interface TapDraft {
  readonly port: string
  readonly behind: 'server' | 'proxy'
  readonly upstream: string
  /** Takes whatever certificate a server shows. */
  readonly insecure: boolean
  readonly dialect: string
  readonly mode: LaneMode
}

export const firstDraft: TapDraft = {
  port: '9001',
  behind: 'server',
  upstream: '',
  insecure: false,
  dialect: 'auto',
  mode: 'running',
}

/** Whether servers may have certificates to judge. */
export function mayBeSecure({ behind, upstream }: TapDraft): boolean {
  return behind === 'proxy' || /^\s*(wss|https):/i.test(upstream)
}

/** The line that starts it, or what is missing. */
export function tapLine(draft: TapDraft): Result<string> {
  const { port, behind, upstream, insecure, dialect, mode } = draft
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return failure('The port is a number from 0 to 65535.')
  if (behind === 'server' && upstream.trim() === '') {
    return failure('Say which server is behind it, such as ws://127.0.0.1:9000/.')
  }
  return success(
    [
      `tap --listen ${Number(port)}`,
      behind === 'server' && `--upstream ${quoteWord(upstream.trim())}`,
      dialect !== 'auto' && `--dialect ${dialect}`,
      mode === 'held' && '--hold',
      insecure && mayBeSecure(draft) && '--insecure',
    ]
      .filter(Boolean)
      .join(' '),
  )
}

/** What a client is pointed at: a URL, or the address of a proxy or of a server that has no URL. */
export function placeOf({ listening, upstream }: TapView): string | null {
  if (listening === null) return null
  return upstream === null ? `http://${formatAddress(listening)}` : tapUrl(listening, upstream)
}

export function laneTitle(lane: Lane): string {
  return senderOf(lane) === 'client' ? 'Client' : 'Server'
}

/** The line that holds a lane or lets it run. */
export function modeLine(lane: Lane | null, mode: LaneMode, all: boolean): string {
  return [mode === 'held' ? 'hold' : 'pass', lane && senderOf(lane), all && '--all'].filter(Boolean).join(' ')
}

export const segmentNames: readonly { readonly value: Segmentation; readonly word: string; readonly label: string }[] =
  [
    { value: 'asArrived', word: 'off', label: 'as they come' },
    { value: 'byte', word: 'byte', label: 'one byte a segment' },
    { value: 'merge', word: 'merge', label: 'merged' },
    { value: 'random', word: 'random', label: 'random pieces' },
  ]

/** `200 ms, 1,000 B/s, one byte a segment`; empty for a lane that is not shaped. */
export function shapingText({ delay, rate, segments }: GateView): string {
  const named = segmentNames.find(({ value }) => value === segments)
  return [
    delay > 0 && `${delay} ms later`,
    rate !== null && `${rate.toLocaleString('en')} B/s`,
    segments !== 'asArrived' && named?.label,
  ]
    .filter(Boolean)
    .join(', ')
}

export interface RowState {
  readonly word: string
  readonly says: string
  readonly look: 'plain' | 'warning' | 'fault' | 'ok'
}

/** What became of a connection, in a word and in a sentence. */
export function stateOf({ state, gates, says, held }: ConnectionRow): RowState {
  switch (state) {
    case 'dialling':
      return { word: 'dialling', says: 'Accepted; its server is being dialled.', look: 'plain' }
    case 'refused':
      return { word: 'refused', says: says ?? 'The server was not reached.', look: 'fault' }
    case 'over':
      return { word: 'over', says: 'Both sides are closed.', look: 'plain' }
    case 'open':
      if (gates && Object.values(gates).some(({ stopped }) => stopped)) {
        return { word: 'stopped', says: 'A breakpoint holds one of its lanes.', look: 'warning' }
      }
      return held.clientToServer + held.serverToClient > 0
        ? { word: 'holding', says: 'Bytes of it wait at the gate.', look: 'warning' }
        : { word: 'open', says: 'Both sides are connected.', look: 'ok' }
  }
}
