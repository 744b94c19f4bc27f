// The version, as package.json has it; the build puts it in.
export { version } from '../package.json'
