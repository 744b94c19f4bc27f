// What `inject` and `rewrite` put on a lane, from what was typed.
import { concat } from '../../shared/bytes/concat.ts'
import { parseHex } from '../../shared/bytes/hex.ts'
import type { Role } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { encodeUtf8 } from '../../shared/bytes/utf8.ts'
import type { Call } from '../../shared/commands/registry.ts'
import type { Dialect, OpcodeName } from '../../shared/dialects/dialect.ts'
import { initiatorLetter } from '../../shared/endpoint/closeBodies.ts'
import { codeBytes } from '../../shared/endpoint/endpointState.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { Injection } from '../lab/frameCommands.ts'

/** What is to be put in; a failure when what was given contradicts itself. */
export function injectionOf(args: Call<'inject'>['args'], dialect: Dialect): Result<Injection> {
  const { end, kind, data, raw, unmasked } = args
  if (raw) {
    if (kind !== undefined) return failure('Give a frame, or its bytes with --raw, not both.')
    return success({ kind: 'raw', bytes: raw })
  }
  if (kind === undefined) return failure('Say what to put in: text, hex, ping, pong or close, or bytes with --raw.')
  const payload = kind === 'close' ? closePayload(dialect, end, data) : payloadOf(kind === 'hex' ? 'hex' : 'text', data)
  const opcode: OpcodeName = kind === 'hex' ? 'binary' : kind
  return payload.ok ? success({ kind: 'frame', opcode, payload: payload.value, masked: !unmasked }) : payload
}

export function payloadOf(type: 'text' | 'hex', data: string): Result<Uint8Array> {
  if (type === 'text') return success(encodeUtf8(data))
  const bytes = parseHex(data)
  return bytes.ok ? bytes : failure(`That is not hex: ${bytes.error}`)
}

function closePayload({ closeBody, name }: Dialect, end: Role, data: string): Result<Uint8Array> {
  switch (closeBody) {
    case 'codeAndReason': {
      const [, code, reason = ''] = /^(\d{1,5})(?:\s+(.*))?$/s.exec(data) ?? []
      if (data === '') return success(new Uint8Array(0))
      if (code === undefined || Number(code) > 0xffff) {
        return failure('A close frame carries a code and then a reason, such as 1000 bye.')
      }
      return success(concat(codeBytes(Number(code)), encodeUtf8(reason)))
    }
    case 'none':
    case 'emptyFrame':
      return data === '' ? success(new Uint8Array(0)) : failure(`A close frame of ${name} is empty: give nothing.`)
    case 'opaqueEchoed':
      return success(encodeUtf8(data))
    case 'initiatorLetter':
      return success(concat(Uint8Array.of(initiatorLetter(end)), encodeUtf8(data)))
    default:
      return unreachable(closeBody)
  }
}
