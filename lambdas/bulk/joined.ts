interface Document {
  tags: readonly { name: string }[]
  paths: object
  components: { schemas: object; securitySchemes: object }
}

/** One OpenAPI document of two: of what the function `api` serves, and of what this one does. */
export function joined(own: string, more: string): string {
  const [a, b] = [JSON.parse(own) as Document, JSON.parse(more) as Document]
  const names = new Set([...a.tags, ...b.tags].map(({ name }) => name))
  return JSON.stringify({
    ...a,
    tags: [...names].map((name) => ({ name })),
    paths: { ...a.paths, ...b.paths },
    components: { ...a.components, schemas: { ...a.components.schemas, ...b.components.schemas } },
  })
}
