// Which connections of a file can be read as a dialect that a person names: those that do not tell theirs.
import type { ConnectionCapture } from '../../shared/capture/types.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { detectionSentence } from '../../shared/endpoint/detect.ts'
import { objectionToUnseen } from '../../shared/endpoint/unseen.ts'
import type { Recording } from './recording.ts'

type Source = Pick<Recording, 'isForeign'>

/** In a recording of ours what opens a connection may state what it is; of what others captured nobody stated it. */
export function canBeNamed({ opened, detection }: ConnectionCapture, { isForeign }: Source): boolean {
  if (opened.unseen) return isForeign || opened.dialect === undefined
  return detection !== null && detection.refusal !== null && !detection.policy
}

/** Why a connection cannot be read as the dialect, as a sentence; null when it can. */
export function objectionToNaming(connection: ConnectionCapture, source: Source, named: DialectId): string | null {
  const { opened, detection, dialect } = connection
  if (canBeNamed(connection, source)) {
    const wrong = opened.unseen ? objectionToUnseen(dialectById(named), 'clientToServer', {}) : null
    return wrong && `${wrong} Paste its bytes with both of them instead.`
  }
  const told = detection ? detectionSentence(detection) : `It was recorded as ${dialect.id}.`
  return `Connection ${opened.connection} tells what it is. ${told}`
}
