export { dialectById } from '../../shared/dialects/registry.ts'
export { laneScannerAfter } from '../../shared/endpoint/laneScanner.ts'
export { createReceiver, feed } from '../../shared/endpoint/receiver.ts'
export { encodeFrame } from '../../shared/framing/encode.ts'
