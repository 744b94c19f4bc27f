// What the commands that make an end do something ask of it.
import { parseHex } from '../../shared/bytes/hex.ts'
import type { Role } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { encodeUtf8 } from '../../shared/bytes/utf8.ts'
import type { Call } from '../../shared/commands/registry.ts'
import type { ScenarioCall } from '../../shared/commands/scenario.ts'
import type { Action } from '../../shared/endpoint/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'

export interface Wish {
  readonly role: Role
  readonly action: Action
}

/** Which end is to do what; a failure when what was given contradicts itself. */
export function wishOf(call: ScenarioCall): Result<Wish> {
  switch (call.name) {
    case 'send':
      return wish(call.args.end, messageAction(call.args))
    case 'ping':
    case 'pong':
      return wish(call.args.end, controlAction(call.name, call.args))
    case 'close':
      return wish(call.args.end, closeAction(call.args))
    case 'end client':
      return success({ role: 'client', action: { kind: 'end' } })
    case 'end server':
      return success({ role: 'server', action: { kind: 'end' } })
    default:
      return unreachable(call)
  }
}

function wish(role: Role, action: Result<Action>): Result<Wish> {
  return action.ok ? success({ role, action: action.value }) : action
}

function messageAction({ type, data, fragments }: Call<'send'>['args']): Result<Action> {
  const cut = fragments === undefined ? {} : { fragments }
  if (type === 'text') return success({ kind: 'sendText', text: data, ...cut })
  const bytes = parseHex(data)
  return bytes.ok
    ? success({ kind: 'sendBinary', bytes: bytes.value, ...cut })
    : failure(`That is not hex: ${bytes.error}`)
}

function controlAction(kind: 'ping' | 'pong', { text, hex }: Call<'ping'>['args']): Result<Action> {
  if (hex && text !== '') return failure('A frame carries one thing: give a text or --hex, not both.')
  return success({ kind, bytes: hex ?? encodeUtf8(text) })
}

function closeAction({ code, reason, hex }: Call<'close'>['args']): Result<Action> {
  if (hex && code !== undefined) return failure('A close frame has one body: give a code or --hex, not both.')
  if (hex) return success({ kind: 'close', body: hex })
  return success({ kind: 'close', ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) })
}
