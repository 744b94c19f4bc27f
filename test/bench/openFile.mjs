// Opens a file as the window does and ends: `node openFile.mjs URL-OF-THE-SUBJECT FILE`.
const [subject, file] = process.argv.slice(2)
const { openRecording } = await import(subject)
const opened = await openRecording(file)
if (!opened.ok) throw new Error(opened.error)
await opened.value.loaded
const { capture } = opened.value
console.log(JSON.stringify({ rows: capture.connections[0].rowCount, problems: capture.problems }))
opened.value.close()
