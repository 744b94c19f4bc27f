/** Makes the compiler prove that a union is handled whole. Reaching it is our own bug. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
