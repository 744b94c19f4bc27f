// Opcodes and their names, both ways. Which number means what is in the dialect's row.
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'

/** Undefined for a number the dialect reserves. */
export function opcodeName(dialect: Dialect, opcode: number): OpcodeName | undefined {
  return dialect.opcodes[opcode]
}

/** Undefined for a name the dialect has no number for. */
export function opcodeNumber(dialect: Dialect, name: OpcodeName): number | undefined {
  for (let number = 0; number <= 0xff; number++) {
    if (dialect.opcodes[number] === name) return number
  }
  return undefined
}

/** Control frames are short, whole, and may come between the fragments of a message. */
export function isControl(name: OpcodeName): boolean {
  switch (name) {
    case 'close':
    case 'ping':
    case 'pong':
    case 'hello': // hello-00 §10
      return true
    case 'continuation':
    case 'text':
    case 'binary':
      return false
  }
}
