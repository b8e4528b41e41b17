/** Of the API, as its document and its health say. */
export const VERSION = '0.1.0'
