/* oxlint-disable typescript/no-unsafe-call */
// The validator badge is off: it would send the document to a server on the internet.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
})
