// The samples that have a server of their own.
export const servedSamples = ['chat', 'quotes'] as const

export type ServedSample = (typeof servedSamples)[number]
