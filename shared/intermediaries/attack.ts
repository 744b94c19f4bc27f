// The attack on caches: a page and its own server, who speak WebSocket, say to each other what a proxy between them takes
// for the request and the answer of somebody else's script. Huang, Chen, Barth, Rescorla and Jackson, Talking to Yourself
// for Fun and Profit, W2SP 2011.

/** What the attacked page asks for, and what the attacker's server answers. The line breaks end what stands before them. */
export const attack = {
  url: 'http://victim.example/script.js',
  request: '\r\nGET /script.js HTTP/1.1\r\nHost: victim.example\r\n\r\n',
  response: '\r\nHTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 8\r\n\r\nalert(1)',
} as const
