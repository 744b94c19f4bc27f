// The version, as package.json has it; the build puts it in.
import about from '../package.json' with { type: 'json' }

export const { version } = about
