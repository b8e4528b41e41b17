/** What is wrong with data or with a model file that somebody gave; the message tells them, with what to do. */
export class DataFault extends Error {}
