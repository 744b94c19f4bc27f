// What opens a connection where its session is written down anew: saved, or a part of it exported.
import { newestDialect } from '../dialects/registry.ts'
import type { RecordOf } from './record.ts'
import type { ConnectionCapture } from './types.ts'

/**
 * The record that opened it, stating what a person said it speaks: no byte of a request that no dialect explains could
 * tell that again.
 */
export function openingOfCopy({ opened, dialect, detection }: ConnectionCapture): RecordOf<'open'> {
  const isUnexplained = detection !== null && detection.refusal !== null && !detection.policy
  return isUnexplained && dialect !== newestDialect ? { ...opened, dialect: dialect.id } : opened
}
