/** What others read in the authority's directory: the server's key and certificate, and the roots that hold. */
export const authorityFiles = { server: 'server.pem', trust: 'trust.pem' }
