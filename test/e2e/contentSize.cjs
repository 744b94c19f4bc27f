// Read by Electron before Wirestep: its window gets the size a test is about. Told from outside, by a call into the
// process, it now and then was not: V8 loses promises that nobody else holds.
const { app } = require('electron')

const [width, height] = process.env.CONTENT_SIZE.split('x').map(Number)
app.on('browser-window-created', (_event, window) => window.setContentSize(width, height))
